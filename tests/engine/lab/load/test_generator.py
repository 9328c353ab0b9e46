"""The load generator as a real process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

from engine.lab.errors import HelperFailed, LabError
from engine.lab.load import Completion, LoadGenerator, LoadReport, StreamReport
from engine.packs.levels import LoadProfile

T = TypeVar("T")
RunningTarget = Callable[[], AbstractAsyncContextManager[Any]]
BASE = LoadProfile("base", rate_per_s=100, max_in_flight=50, timeout_s=5)


class Reports:
    """Collects reports and wakes whoever waits for one."""

    def __init__(self) -> None:
        self.rows: list[StreamReport] = []
        self._news = asyncio.Event()

    def take(self, report: LoadReport) -> None:
        self.rows += report.streams
        self._news.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def completed(self, stream: str) -> list[Completion]:
        return [item for row in self.rows if row.stream == stream for item in row.completed]

    def has_ended(self, stream: str) -> bool:
        rows = [row for row in self.rows if row.stream == stream]
        return bool(rows) and not rows[-1].is_playing and rows[-1].in_flight == 0


async def limited(scenario: Coroutine[Any, Any, T]) -> T:
    """A test that hangs shall fail."""
    async with asyncio.timeout(60):
        return await scenario


def test_that_two_streams_play_at_once_and_each_says_where_it_stopped(
    running_target: RunningTarget, pack_folder: Path
) -> None:
    async def scenario() -> None:
        reports = Reports()
        async with running_target() as target, LoadGenerator("test", reports.take) as load:
            await load.play("base", pack_folder, BASE, 1, target.url)
            await load.play("trigger", pack_folder, BASE, 2, target.url, first_index=500, seconds=0.2)
            await reports.until(lambda: reports.has_ended("trigger"))
            next_index = await load.halt("base")
            await reports.until(lambda: reports.has_ended("base"))
            assert sorted(item.index for item in reports.completed("base")) == list(range(next_index))
            assert sorted(item.index for item in reports.completed("trigger")) == list(range(500, 520))
            assert {item.status for item in reports.completed("base")} == {200}
            sent = [f"1.{n}".encode() for n in range(next_index)] + [
                f"2.{n}".encode() for n in range(500, 520)
            ]
            assert sorted(target.bodies) == sorted(sent)
            await load.play("base", pack_folder, BASE, 1, target.url, first_index=next_index, seconds=0.02)

    asyncio.run(limited(scenario()))


def test_that_intended_times_are_evenly_spaced_on_the_wall_clock(
    running_target: RunningTarget, pack_folder: Path
) -> None:
    async def scenario() -> None:
        reports = Reports()
        async with running_target() as target, LoadGenerator("test", reports.take) as load:
            await load.play("base", pack_folder, BASE, 1, target.url, seconds=0.2)
            await reports.until(lambda: reports.has_ended("base"))
        times = sorted(item.intended_ns for item in reports.completed("base"))
        assert times[19] - times[0] == pytest.approx(190_000_000, abs=2_000_000)
        assert all(item.latency_us > 0 for item in reports.completed("base"))

    asyncio.run(limited(scenario()))


def test_that_what_hangs_is_seen_in_flight_then_timed_out_and_the_rest_dropped(
    running_target: RunningTarget, pack_folder: Path
) -> None:
    async def scenario() -> None:
        reports = Reports()
        profile = LoadProfile("silent", rate_per_s=50, max_in_flight=3, timeout_s=0.5)
        async with running_target() as target, LoadGenerator("test", reports.take) as load:
            await load.play("s", pack_folder, profile, 1, target.url, seconds=0.4)
            await reports.until(lambda: reports.has_ended("s"))
        assert [item.failure for item in reports.completed("s")] == ["timeout"] * 3
        assert sum(row.dropped for row in reports.rows) == 17
        assert sum(row.sent for row in reports.rows) == 3
        assert max(row.in_flight for row in reports.rows) == 3
        assert max(row.oldest_in_flight_ms for row in reports.rows) > 0

    asyncio.run(limited(scenario()))


def test_that_a_refused_connection_is_reported_with_its_reason(pack_folder: Path) -> None:
    async def scenario() -> None:
        reports = Reports()
        async with LoadGenerator("test", reports.take) as load:
            await load.play("s", pack_folder, BASE, 1, "http://127.0.0.1:1", seconds=0.03)
            await reports.until(lambda: reports.has_ended("s"))
        assert [(item.status, item.failure) for item in reports.completed("s")] == [(0, "refused")] * 3

    asyncio.run(limited(scenario()))


def test_that_a_repeat_is_reported_as_the_second_attempt_of_its_index(
    running_target: RunningTarget, pack_folder: Path
) -> None:
    async def scenario() -> None:
        reports = Reports()
        profile = LoadProfile("repeated", rate_per_s=100, max_in_flight=9, timeout_s=5)
        async with running_target() as target, LoadGenerator("test", reports.take) as load:
            await load.play("s", pack_folder, profile, 1, target.url, seconds=0.02)
            await reports.until(lambda: reports.has_ended("s"))
        assert sorted((i.index, i.attempt) for i in reports.completed("s")) == [
            (0, 0),
            (0, 1),
            (1, 0),
            (1, 1),
        ]

    asyncio.run(limited(scenario()))


def test_that_traffic_that_fails_ends_its_stream_with_its_traceback(
    running_target: RunningTarget, pack_folder: Path
) -> None:
    async def scenario() -> None:
        reports = Reports()
        profile = LoadProfile("broken", rate_per_s=100, max_in_flight=9, timeout_s=5)
        async with running_target() as target, LoadGenerator("test", reports.take) as load:
            await load.play("s", pack_folder, profile, 1, target.url)
            await reports.until(lambda: reports.has_ended("s"))
        assert "ValueError: no such customer" in reports.rows[-1].problem

    asyncio.run(limited(scenario()))


def test_that_what_cannot_be_played_is_refused_in_words(
    running_target: RunningTarget, pack_folder: Path
) -> None:
    async def scenario() -> None:
        async with running_target() as target, LoadGenerator("test", Reports().take) as load:
            await load.play("base", pack_folder, BASE, 1, target.url)
            with pytest.raises(LabError, match="'base' is playing already"):
                await load.play("base", pack_folder, BASE, 1, target.url)
            with pytest.raises(LabError, match="no stream 'x'"):
                await load.halt("x")
            with pytest.raises(LabError, match="is not an http:// address"):
                await load.play("x", pack_folder, BASE, 1, "ftp://127.0.0.1")
            (pack_folder / "traffic.py").write_text("def request(:\n")
            with pytest.raises(LabError, match=r"traffic\.py"):
                await load.play("x", pack_folder, BASE, 1, target.url)

    asyncio.run(limited(scenario()))


def test_that_the_end_of_the_process_is_told_and_fails_calls() -> None:
    async def scenario() -> None:
        ended = asyncio.Event()
        async with LoadGenerator("test", Reports().take, lambda code, lines: ended.set()) as load:
            psutil.Process(load.pid).kill()
            async with asyncio.timeout(10):
                await ended.wait()
            with pytest.raises(HelperFailed):
                await load.halt("x")

    asyncio.run(limited(scenario()))


def test_that_an_opening_is_answered_request_by_request_before_the_load_begins(
    running_target: RunningTarget, pack_folder: Path
) -> None:
    async def scenario() -> None:
        reports = Reports()
        profile = LoadProfile("opened", rate_per_s=100, max_in_flight=9, timeout_s=5)
        async with running_target() as target, LoadGenerator("test", reports.take) as load:
            await load.play("s", pack_folder, profile, 1, target.url, seconds=0.03, opens=True)
            await reports.until(lambda: reports.has_ended("s"))
        assert target.bodies[:3] == [b"import 0", b"import 1", b"import 2"]
        assert len(reports.completed("s")) == 3, "the opening is no load"

    asyncio.run(limited(scenario()))


def test_that_a_refused_opening_is_told_and_the_load_begins_all_the_same(
    running_target: RunningTarget, pack_folder: Path
) -> None:
    async def scenario() -> None:
        reports = Reports()
        profile = LoadProfile("refused", rate_per_s=100, max_in_flight=9, timeout_s=5)
        async with running_target() as target, LoadGenerator("test", reports.take) as load:
            await load.play("s", pack_folder, profile, 1, target.url, seconds=0.03, opens=True)
            await reports.until(lambda: reports.has_ended("s"))
        assert any("opening request 0" in row.problem for row in reports.rows)
        assert len(reports.completed("s")) == 3

    asyncio.run(limited(scenario()))


def test_that_a_halt_during_the_opening_sends_no_load(
    running_target: RunningTarget, pack_folder: Path
) -> None:
    async def scenario() -> None:
        reports = Reports()
        profile = LoadProfile("waiting", rate_per_s=100, max_in_flight=9, timeout_s=5)
        async with running_target() as target, LoadGenerator("test", reports.take) as load:
            await load.play("s", pack_folder, profile, 1, target.url, first_index=7, opens=True)
            await target.holds(1)
            assert await load.halt("s") == 7
            await reports.until(lambda: reports.has_ended("s"))
        assert reports.completed("s") == []

    asyncio.run(limited(scenario()))
