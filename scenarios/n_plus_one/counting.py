"""Counting what a submission does: statements, questions to the carrier, and waits that follow one another."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from engine.packs.api import Bench, Request

TO_STOREFRONTS = "storefront->postgres"
TO_DATABASES = (TO_STOREFRONTS, "shipping->postgres")
TO_CARRIER = "shipping->carrier"

_T = TypeVar("_T")

_CALLS_QUERY = """
    SELECT coalesce(sum(s.calls), 0)::bigint FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
    WHERE r.rolname IN ('storefront', 'shipping')
"""


@dataclass(frozen=True, slots=True)
class Statements:
    """How many statements something took, counted at the proxy and at the server."""

    passed: int
    served: int

    @property
    def most(self) -> int:
        """The higher count: neither several in one message nor several on one connection are overlooked."""
        return max(self.passed, self.served)


async def counted(bench: Bench, work: Awaitable[_T]) -> tuple[Statements, _T]:
    """The statements of both services while `work` is awaited, and what it gives."""
    before = await _now(bench)
    given = await work
    after = await _now(bench)
    return Statements(after.passed - before.passed, after.served - before.served), given


async def _now(bench: Bench) -> Statements:
    counts = await bench.counts()
    ((served,),) = await bench.rows("storefront", _CALLS_QUERY)
    return Statements(sum(counts[edge].statements for edge in TO_DATABASES), int(served))


async def asked_since(bench: Bench, number: int) -> list[str]:
    """The tracking numbers that the carrier was asked for after the hop `number`."""
    return [hop.path.rpartition("/")[2] for hop in await bench.hops(TO_CARRIER, number)]


async def last_hop(bench: Bench) -> int:
    """The number of the latest question to the carrier; 0 before the first."""
    hops = await bench.hops(TO_CARRIER)
    return hops[-1].number if hops else 0


async def waits(bench: Bench, edge: str, requests: Sequence[Request], added_ms: float) -> float:
    """How often a request waits for `edge`, one time after the other.

    From the time that the same request takes longer when each passage takes `added_ms` longer: a count of passages,
    however fast the machine is. The least of several requests on each side, so that a hiccup adds none.
    """
    usual_ms = await _least_ms(bench, requests)
    await bench.impair(edge, latency_ms=added_ms)
    try:
        slowed_ms = await _least_ms(bench, requests)
    finally:
        await bench.impair(edge)
    return max(0.0, (slowed_ms - usual_ms) / added_ms)


async def _least_ms(bench: Bench, requests: Sequence[Request]) -> float:
    return min([(await bench.send(request, timeout_s=30.0)).latency_ms for request in requests])
