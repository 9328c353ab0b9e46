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
    probes = {probe.name: probe for probe in load_probes(pack.folder)}
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
            return await ask(
                pack,
                bench,
                "everyday-traffic",
                "sub-cent-prices",
                "incident-traffic",
                "same-key",
                "large-with-small",
            )

    readings = asyncio.run(judge())
    assert [name for name, reading in readings.items() if reading.held] == [
        "everyday-traffic",
        "sub-cent-prices",
    ]
    assert "cents off" in readings["incident-traffic"].measured
    assert len(readings["incident-traffic"].evidence) > 1


def test_that_the_reference_fix_puts_history_right_and_charges_a_key_once(pack: Pack, tmp_path: Path) -> None:
    async def judge() -> dict[str, Reading]:
        async with bench_on(pack, pack.reference_fix, tmp_path) as bench:
            return await ask(pack, bench, "ties-of-both-signs", "same-key", "history")

    readings = asyncio.run(judge())
    assert {name: reading.measured for name, reading in readings.items() if not reading.held} == {}


class _Empty:
    """A bench whose system answers everything with the same words and stores nothing."""

    seed, live_seed = SEED, LIVE_SEED

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    async def send_all(
        self, requests: Sequence[Request], at_once: int, timeout_s: float = 10.0
    ) -> LoadResult:
        """The same answer to all."""
        return LoadResult([self._reply] * len(requests), 1.0)

    async def rows(self, database: str, query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Nothing."""
        return []


def test_that_a_system_whose_tables_are_gone_does_not_hold(pack: Pack) -> None:
    bench: Any = _Empty(Reply(201, b'{"amount": 490.0}', 1.0))
    reading = asyncio.run(ask(pack, bench, "sub-cent-prices"))["sub-cent-prices"]
    assert not reading.held
    assert "the table charges is not there" in " ".join(reading.evidence)
