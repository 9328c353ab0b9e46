"""A service that is twice on a path is seen from trace contexts alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

import pytest

from engine.packs.api import HopSeen

LOOP = ("orders->inventory", "inventory->pricing", "pricing->orders")


class Proxy:
    """Hops that somebody saw."""

    def __init__(self) -> None:
        self._hops: dict[str, list[HopSeen]] = {}

    def saw(self, trace: str, *edges: str) -> None:
        """One request's way."""
        for edge in edges:
            hops = self._hops.setdefault(edge, [])
            parent = f"00-{trace}-{len(hops):016x}-01"
            hops.append(HopSeen(len(hops) + 1, 0, "GET", "/", parent))

    async def hops(self, edge: str, after: int = 0) -> Sequence[HopSeen]:
        """As the bench gives them."""
        return [hop for hop in self._hops.get(edge, ()) if hop.number > after]


@pytest.fixture(scope="module")
def paths(module: Callable[[str], ModuleType]) -> Any:
    return module("paths")


@pytest.mark.parametrize(
    ("edges", "is_circle"),
    [
        ((), False),
        (LOOP[:2], False),
        (LOOP, True),
        ((*LOOP[:2], "orders->catalog"), False),
        (("inventory->pricing", "pricing->inventory"), True),
    ],
)
def test_that_a_way_back_to_a_service_is_a_circle(paths: Any, edges: Sequence[str], is_circle: bool) -> None:
    assert paths.has_circle(set(edges)) is is_circle


def test_that_ways_are_told_by_trace_and_from_the_moment_on_that_is_watched(paths: Any) -> None:
    async def watched() -> Any:
        proxy = Proxy()
        proxy.saw("before", *LOOP)
        watch = paths.Watch(proxy)
        await watch.begin()
        proxy.saw("a" * 32, *LOOP)
        proxy.saw("b" * 32, "orders->inventory", "inventory->pricing")
        proxy.saw("c" * 32, "pricing->orders")
        return await watch.paths()

    found = asyncio.run(watched())
    assert sorted(map(len, found.traces)) == [2, 3]
    assert found.reentering == 1
    assert found.calls_a_trace == 2.5


def test_that_the_edges_are_those_of_the_scenario(paths: Any) -> None:
    known: Mapping[str, None] = dict.fromkeys(paths.INNER_EDGES)
    assert set(known) == {*LOOP, "orders->catalog"}
    assert paths.HTTP_EDGES[0] == "clients->orders"
