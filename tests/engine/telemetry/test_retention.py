"""Retention: what is old is thinned to whole traces worth keeping; the rest is counted; rollups stay."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc.aio

from engine.telemetry.records import LogFilter, TraceFilter
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.telemetry import Telemetry, open_recorded

FOREVER = (0, 1 << 62)
TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
SETTINGS = TelemetrySettings(raw_s=600, retention_every_s=0.02, keep_one_in=1 << 62, seal_every_s=60)
COUNT = 100
SLOW, FAILED, PINNED, ORDINARY = 7, 20, 30, 40


class ShiftedClock:
    """The system's clock, moved on by hand."""

    def __init__(self) -> None:
        self.ahead_ns = 0

    def wall_ns(self) -> int:
        return time.time_ns() + self.ahead_ns

    def monotonic_ns(self) -> int:
        return time.monotonic_ns() + self.ahead_ns


def _id(number: int) -> bytes:
    return (number + 1).to_bytes(16, "big")


def _halves(otlp: Any) -> list[tuple[list[Any], list[Any]]]:
    """Spans and lines of a hundred traces in two halves: the children come before their roots, in other batches."""
    now_ns = time.time_ns()
    children, roots, lines = [], [], []
    for number in range(COUNT):
        trace, end_ns = _id(number), now_ns + (5_000_000 if number == SLOW else 1_000_000)
        error = number == FAILED
        children.append(
            otlp.Span(trace, b"c" * 8, b"r" * 8, "POST /price", 2, now_ns, now_ns + 1000, error, "billing")
        )
        roots.append(
            otlp.Span(trace, b"r" * 8, b"", "POST /charges", 2, now_ns, end_ns, attributes={"n": number})
        )
        lines.append(otlp.Line(f"charged {number}", now_ns, trace=trace, span=b"r" * 8))
    lines.append(otlp.Line("nobody's error", now_ns, 17))
    lines.append(otlp.Line("nobody's news", now_ns, 9))
    return [(children, lines[:50]), (roots, lines[50:])]


async def _fill(telemetry: Telemetry, otlp: Any) -> None:
    async with grpc.aio.insecure_channel(telemetry.endpoint) as channel:
        for spans, lines in _halves(otlp):
            await channel.unary_unary(TRACES)(otlp.spans(spans), timeout=10)
            await channel.unary_unary(LOGS)(otlp.logs(lines), timeout=10)
            await telemetry.settle()


async def _thinned(telemetry: Telemetry) -> None:
    await _until(
        lambda: telemetry.counters().retired_spans > 0 and telemetry.counters().retired_log_lines > 0
    )


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def test_that_old_telemetry_keeps_whole_the_traces_worth_keeping_and_counts_the_rest(
    tmp_path: Path, otlp: Any
) -> None:
    kept = {_id(number).hex() for number in (SLOW, FAILED, PINNED)}

    async def run() -> None:
        clock = ShiftedClock()
        async with Telemetry(tmp_path, clock, SETTINGS) as telemetry:
            await _fill(telemetry, otlp)
            telemetry.pin(_id(PINNED).hex())
            await telemetry.settle()
            assert (await telemetry.queries.list_traces(TraceFilter(), *FOREVER)).total == COUNT
            clock.ahead_ns = 700 * 10**9
            await _thinned(telemetry)
            await _check(telemetry)
            counters = telemetry.counters()
            assert counters.retired_spans == 2 * (COUNT - 3)
            assert counters.retired_log_lines == COUNT - 3 + 1
        with open_recorded(tmp_path) as recorded:
            await _check(recorded)

    async def _check(telemetry: Any) -> None:
        queries = telemetry.queries
        page = await queries.list_traces(TraceFilter(), *FOREVER)
        assert {trace.trace_id for trace in page.traces} == kept
        assert page.sampled
        for number in (SLOW, FAILED, PINNED):
            trace = await queries.trace(_id(number).hex())
            assert trace.spans.names == ("POST /charges", "POST /price")
            (first, *_) = await queries.spans(_id(number).hex(), trace.spans.span_ids)
            assert first.attributes == {"n": number}
            assert [line.body for line in trace.logs] == [f"charged {number}"]
        assert await queries.trace(_id(ORDINARY).hex()) is None
        bodies = {line.body for line in (await queries.logs(LogFilter("error"), *FOREVER)).lines}
        assert bodies == {"nobody's error"}
        routes = await queries.routes(0, 1 << 40)
        assert sum(route.requests for route in routes) == 2 * COUNT

    asyncio.run(run())


def test_that_a_share_of_ordinary_traces_is_kept(tmp_path: Path, otlp: Any) -> None:
    async def run() -> int:
        clock = ShiftedClock()
        settings = TelemetrySettings(raw_s=600, retention_every_s=0.02, keep_one_in=10, seal_every_s=60)
        async with Telemetry(tmp_path, clock, settings) as telemetry:
            await _fill(telemetry, otlp)
            clock.ahead_ns = 700 * 10**9
            await _thinned(telemetry)
            return (await telemetry.queries.list_traces(TraceFilter(), *FOREVER)).total

    # Ten of the hundred by their ids, the failed and the slowest one.
    assert asyncio.run(run()) == 12


def test_that_space_on_disk_is_given_back(tmp_path: Path, otlp: Any) -> None:
    async def run() -> tuple[int, int]:
        clock = ShiftedClock()
        async with Telemetry(tmp_path, clock, SETTINGS) as telemetry:
            noise = "".join(f"{number:x}" for number in range(200_000))
            async with grpc.aio.insecure_channel(telemetry.endpoint) as channel:
                spans = [otlp.Span(_id(n), b"r" * 8, attributes={"noise": noise[n:]}) for n in range(1, 10)]
                for span in spans:
                    await channel.unary_unary(TRACES)(otlp.spans([span]), timeout=10)
                    await telemetry.settle()
            before = _pages(tmp_path)
            clock.ahead_ns = 700 * 10**9
            await _until(lambda: telemetry.counters().retired_spans == len(spans))
            await telemetry.settle()
            return before, _pages(tmp_path)

    before, after = asyncio.run(run())
    assert after < before / 2


def _pages(folder: Path) -> int:
    connection = sqlite3.connect(folder / "telemetry.sqlite")
    try:
        return int(connection.execute("PRAGMA page_count").fetchone()[0])
    finally:
        connection.close()
