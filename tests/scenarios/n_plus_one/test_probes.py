"""The judge's questions, put to the real services as they are and with the reference fix."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from engine.lab.records import EnvironmentSettings
from engine.packs.api import Bench, Duty, LoadResult, Reading, Reply, Request
from engine.packs.loading import load_probes
from engine.packs.records import Pack
from engine.verification.room import LabRoom
from engine.verification.session import OBSERVED
from engine.verification.sources import with_fix

SEED, LIVE_SEED = 5150, 88


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
    probes = {probe.name: probe for probe in (*load_probes(pack.folder), OBSERVED)}
    for fix in pack.fixes:
        if fix.decided_by:
            assert meaning[probes[fix.decided_by].duty] == fix.verdict.value, fix.name
        else:
            assert fix.verdict.value == "right"


def test_that_the_unfixed_services_keep_their_promises_and_show_the_symptom(
    pack: Pack, tmp_path: Path
) -> None:
    async def judge() -> dict[str, Reading]:
        async with bench_on(pack, "no_fix", tmp_path) as bench:
            promises = ("limits", "pages", "read-after-write", "parcels-asked", "all-or-nothing")
            return await ask(pack, bench, *promises, "incident-traffic", "page-sizes", "slow-carrier")

    readings = asyncio.run(judge())
    assert [name for name, reading in readings.items() if not reading.held] == [
        "incident-traffic",
        "page-sizes",
        "slow-carrier",
    ]
    assert "5.00 an order" in readings["page-sizes"].measured
    assert "1 at once at most" in readings["slow-carrier"].measured


def test_that_the_reference_fix_costs_as_much_with_two_hundred_orders_as_with_ten(
    pack: Pack, tmp_path: Path
) -> None:
    async def judge() -> dict[str, Reading]:
        async with bench_on(pack, pack.reference_fix, tmp_path) as bench:
            costs = ("incident-traffic", "page-sizes", "cold-start", "slow-database", "slow-carrier")
            return await ask(pack, bench, "limits", "all-or-nothing", *costs)

    readings = asyncio.run(judge())
    assert {name: reading.measured for name, reading in readings.items() if not reading.held} == {}


class _Constant:
    """A bench whose system answers everything with the same words."""

    seed, live_seed = SEED, LIVE_SEED

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    async def send(self, request: Request, timeout_s: float = 10.0) -> Reply:
        """The same answer."""
        return self._reply

    async def send_all(
        self, requests: Sequence[Request], at_once: int, timeout_s: float = 10.0
    ) -> LoadResult:
        """The same answer to all."""
        return LoadResult([self._reply] * len(requests), 1.0)


def test_that_a_system_which_answers_every_page_the_same_does_not_hold(pack: Pack) -> None:
    bench: Any = _Constant(Reply(200, b'{"tenant": "quay-30", "total": 0, "orders": []}', 1.0))
    reading = asyncio.run(ask(pack, bench, "pages"))["pages"]
    assert not reading.held
    assert len(reading.evidence) > 3
