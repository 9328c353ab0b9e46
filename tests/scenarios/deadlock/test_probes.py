"""The judge's questions, put to the real services as they are and with the reference fix, and to made-up answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import time
from types import ModuleType
from typing import Any

import pytest

from engine.lab.records import EnvironmentSettings
from engine.packs.api import Bench, Duty, LoadResult, Pool, Reading, Reply, Request
from engine.packs.loading import load_probes
from engine.packs.records import Pack
from engine.verification.room import LabRoom
from engine.verification.sources import with_fix

SEED, LIVE_SEED = 5150, 88
PROMISES = ("everyday-orders", "prices-follow-demand", "stock-never-oversold")


@asynccontextmanager
async def bench_on(pack: Pack, fix: str, folder: Path) -> AsyncIterator[Bench]:
    """The isolated system with a reference fix in it."""
    sources = with_fix(pack, pack.fix(fix), folder / "sources")
    settings = EnvironmentSettings(f"test-{folder.name}", folder / "judge")
    async with LabRoom(settings, pack, sources, lambda: sources, (SEED, LIVE_SEED)) as room:
        await room.open()
        yield room.bench


async def ask(pack: Pack, bench: Bench, *names: str) -> dict[str, Reading]:
    """The answers of these probes, by name."""
    probes = {probe.name: probe for probe in load_probes(pack.folder)}
    return {name: await probes[name].run(bench) for name in names}


def test_that_every_question_is_asked_in_the_order_of_what_its_answer_means(pack: Pack) -> None:
    duties = [probe.duty for probe in load_probes(pack.folder)]
    assert duties == sorted(duties, key=list(Duty).index)
    assert set(duties) == set(Duty)


def test_that_each_fix_is_decided_by_a_probe_that_exists(pack: Pack) -> None:
    meaning = {Duty.PROMISE: "wrong", Duty.SYMPTOM: "wrong", Duty.MECHANISM: "masked", Duty.OPEN: "partial"}
    duties = {probe.name: probe.duty for probe in load_probes(pack.folder)} | {"observed": Duty.PROMISE}
    for fix in pack.fixes:
        if fix.decided_by:
            assert meaning[duties[fix.decided_by]] == fix.verdict.value, fix.name
        else:
            assert fix.verdict.value == "right"


def test_that_the_unfixed_services_keep_their_promises_and_fail_in_the_sale(
    pack: Pack, tmp_path: Path
) -> None:
    async def judge() -> dict[str, Reading]:
        async with bench_on(pack, "no_fix", tmp_path) as bench:
            return await ask(pack, bench, *PROMISES, "incident-traffic")

    readings = asyncio.run(judge())
    assert [name for name, reading in readings.items() if reading.held] == list(PROMISES)
    assert "customers got a good answer in time" in readings["incident-traffic"].measured


def test_that_the_reference_fix_serves_the_sale_and_calls_nobody_back(pack: Pack, tmp_path: Path) -> None:
    async def judge() -> dict[str, Reading]:
        async with bench_on(pack, pack.reference_fix, tmp_path) as bench:
            return await ask(pack, bench, *PROMISES, "incident-traffic", "burst-and-recovery", "way-back")

    readings = asyncio.run(judge())
    assert {name: reading.measured for name, reading in readings.items() if not reading.held} == {}
    assert "no service twice" in readings["way-back"].measured


class Scripted:
    """A bench whose system answers as told and stores what it is told."""

    seed, live_seed = SEED, LIVE_SEED
    first: Sequence[Reply] = (Reply(0, b"", 5000.0),) * 30
    come_back: Sequence[Reply] = ()

    def __init__(self, answer: Callable[[Request], Reply], rows: Sequence[tuple[Any, ...]] = ()) -> None:
        self._answer = answer
        self._rows = list(rows)

    def pool(self, service: str) -> Pool:
        """The scenario's own size."""
        return Pool(5, 6)

    async def send(self, request: Request, timeout_s: float = 10.0) -> Reply:
        """One answer."""
        return self._answer(request)

    async def send_all(
        self, requests: Sequence[Request], at_once: int, timeout_s: float = 10.0
    ) -> LoadResult:
        """All answers."""
        return LoadResult([self._answer(request) for request in requests], 1.0)

    async def open_profile(self, profile: str, seed: int) -> None:
        """Taken over."""

    async def play(self, profile: str, seed: int, seconds: float, first: int = 0) -> LoadResult:
        """The sale as it was written."""
        return LoadResult(self.first, seconds, self.come_back)

    async def rows(self, database: str, query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What it stores."""
        return self._rows


def accepts(price_cents: int, **more: Any) -> Callable[[Request], Reply]:
    """A shop that takes every order, at the list price that it was told last or else at this one."""
    known: dict[str, int] = {}

    def answer(request: Request) -> Reply:
        if request.method != "POST":
            products = json.loads(request.body or b"{}").get("products", ())
            known.update({product["sku"]: product["list_price_cents"] for product in products})
            return Reply(200, b"{}", 1.0)
        lines = [
            {**line, "unit_price_cents": known.get(line["sku"], price_cents), **more}
            for line in json.loads(request.body)["lines"]
        ]
        total = sum(line["quantity"] * line["unit_price_cents"] for line in lines)
        body = {"id": 1, "lines": lines, "total_cents": total, "degraded": bool(more)}
        return Reply(201, json.dumps(body).encode(), 1.0)

    return answer


def test_that_a_shop_which_accepts_everything_and_reserves_nothing_does_not_hold(pack: Pack) -> None:
    bench: Any = Scripted(accepts(1000))
    reading = asyncio.run(ask(pack, bench, "stock-never-oversold"))["stock-never-oversold"]
    assert not reading.held
    assert "12 orders accepted for 7 units" in reading.measured
    assert "accepted and not stored" in " ".join(reading.evidence)


def test_that_a_sale_which_gets_no_answer_is_counted_as_such(pack: Pack) -> None:
    bench: Any = Scripted(accepts(1000))
    reading = asyncio.run(ask(pack, bench, "incident-traffic"))["incident-traffic"]
    assert not reading.held
    assert "0 of 30 customers got a good answer in time" in reading.measured


def test_that_the_crowd_of_a_sale_counts_and_not_only_their_first_carts(pack: Pack) -> None:
    order = Request("POST", "/orders", body=b'{"lines": [{"sku": "mug-1", "quantity": 2}]}')
    bench: Any = Scripted(accepts(1000))
    bench.first, bench.come_back = (accepts(1000)(order),) * 32, (Reply(503, b"", 300.0),) * 24
    reading = asyncio.run(ask(pack, bench, "incident-traffic"))["incident-traffic"]
    assert not reading.held
    assert "32 of 56 customers got a good answer in time" in reading.measured


def test_that_a_sweep_ends_where_nothing_is_answered_any_more(pack: Pack) -> None:
    asked = []

    def answer(request: Request) -> Reply:
        asked.append(request)
        return Reply(200, b"{}", 1.0) if request.method == "PUT" else Reply(0, b"", 6000.0)

    class Silent(Scripted):
        async def hops(self, edge: str, after: int = 0) -> Sequence[Any]:
            """Nothing passes."""
            return []

    bench: Any = Silent(answer)
    reading = asyncio.run(ask(pack, bench, "concurrency-sweep"))["concurrency-sweep"]
    assert not reading.held
    assert "0 at 2 at once" in reading.measured
    assert len([request for request in asked if request.method == "POST"]) == 48


@pytest.mark.parametrize(
    ("price_cents", "age_s", "is_allowed"),
    [
        (1000, None, False),
        (980, None, True),
        (1000, 20, True),
        (1000, 40, False),
        (980, 20, True),
        (970, 20, False),
    ],
)
def test_that_an_old_price_is_allowed_only_where_it_is_marked_and_young_enough(
    module: Callable[[str], ModuleType], exact: Any, price_cents: int, age_s: int | None, is_allowed: bool
) -> None:
    findings, now_s = module("findings"), time()
    shop = exact.Shop()
    shop.take_over("mug", 1000, 5000)
    shop.accept([("mug", 500)], now_s - 10)
    as_of = {} if age_s is None else {"mug": now_s - age_s}
    answer = findings.Answer(1, (("mug", 2, price_cents),), 2 * price_cents, age_s is not None, as_of)
    found = findings.Findings()
    findings.check_price(shop, answer, now_s - 0.1, now_s, found)
    assert (found.lines == []) is is_allowed


def test_that_a_mark_is_read_from_the_answer(module: Callable[[str], ModuleType]) -> None:
    findings = module("findings")
    request = Request("POST", "/orders", {}, b'{"lines": [{"sku": "mug", "quantity": 2}]}')
    reply = accepts(900, demand_as_of="2026-01-02T03:04:05Z")(request)
    answer = findings.read_answer(reply)
    assert answer.is_marked
    assert answer.demand_as_of["mug"] == 1767323045.0
    assert findings.read_answer(Reply(201, b"accepted", 1.0)) is None
    assert findings.read_answer(Reply(504, reply.body, 1.0)) is None
