"""Log questions: the ring and the disk answer alike, and as looking at each line would."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import grpc.aio
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import FakeClock
from engine.telemetry.records import Level, LogFilter, LogLine
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.telemetry import Telemetry

FOREVER = (0, 1 << 62)
LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
START_NS = 1_700_000_000 * 10**9
WORDS = ("charge", "Refund", "ledger", "timeout", "42")
SEVERITIES = {
    1: Level.TRACE,
    5: Level.DEBUG,
    9: Level.INFO,
    13: Level.WARNING,
    17: Level.ERROR,
    21: Level.CRITICAL,
}

LINES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
        st.sampled_from(list(SEVERITIES)),
        st.sampled_from(["gateway", "billing"]),
        st.sampled_from([b"", b"a" * 16, b"b" * 16]),
    ),
    min_size=1,
    max_size=30,
)
QUERIES: dict[str, Any] = {
    "": lambda line: True,
    "charge": lambda line: "charge" in line.body,
    "refund OR 42": lambda line: "Refund" in line.body or "42" in line.body,
    "-ledger level:>=warning": lambda line: (
        "ledger" not in line.body and line.level in (Level.WARNING, Level.ERROR, Level.CRITICAL)
    ),
    "service:billing trace:6161": lambda line: line.service == "billing" and line.trace_id == "61" * 16,
    "trace:626": lambda line: line.trace_id == "62" * 16,
    '"charge ledger"': lambda line: "charge ledger" in line.body,
    "attr.number:<5": lambda line: line.attributes["number"] < 5,
    "attr.number=3 OR level:error": lambda line: line.attributes["number"] == 3 or line.level is Level.ERROR,
}


@settings(max_examples=12)
@given(LINES, st.integers(1, 12))
def test_that_ring_and_disk_answer_as_looking_at_each_line_would(
    otlp: Any, lines: list[Any], held: int
) -> None:
    async def run(folder: Path) -> None:
        limits = TelemetrySettings(ring_log_lines=held, seal_every_s=60)
        async with Telemetry(folder, FakeClock(), limits) as telemetry:
            async with grpc.aio.insecure_channel(telemetry.endpoint) as channel:
                for first in range(0, len(lines), 4):
                    specs = [
                        otlp.Line(
                            body, START_NS + number, severity, service, trace, attributes={"number": number}
                        )
                        for number, (body, severity, service, trace) in enumerate(lines)
                    ][first : first + 4]
                    await channel.unary_unary(LOGS)(otlp.logs(specs), timeout=10)
                    await telemetry.settle()
            everything = (await telemetry.queries.logs(LogFilter(), *FOREVER)).lines
            assert [line.body for line in reversed(everything)] == [line[0] for line in lines]
            for query, holds in QUERIES.items():
                await _compare(telemetry, query, [line for line in everything if holds(line)])

    with TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))


async def _compare(telemetry: Telemetry, query: str, expected: list[LogLine]) -> None:
    wanted = LogFilter(query)
    assert list((await telemetry.queries.logs(wanted, *FOREVER)).lines) == expected
    counts = await telemetry.queries.log_counts(wanted, START_NS, START_NS + 100, bins=7)
    assert counts.matched == counts.counts.sum() == len(expected)
    paged: list[LogLine] = []
    before: int | None = None
    more = True
    while more:
        page = await telemetry.queries.logs(wanted, *FOREVER, limit=3, before=before)
        paged += page.lines
        more, before = page.more, page.lines[-1].id if page.lines else None
    assert paged == expected
    within = await telemetry.queries.logs(wanted, START_NS + 2, START_NS + 9)
    assert list(within.lines) == [line for line in expected if 2 <= line.at_ns - START_NS < 9]


def test_that_levels_come_from_severities_and_structured_bodies_become_json(
    tmp_path: Path, otlp: Any
) -> None:
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

    request = ExportLogsServiceRequest.FromString(otlp.logs([otlp.Line("", severity=s) for s in SEVERITIES]))
    record = request.resource_logs[0].scope_logs[0].log_records.add(severity_text="WARN")
    record.body.kvlist_value.values.add(key="cents").value.int_value = 5

    async def run() -> list[LogLine]:
        async with Telemetry(tmp_path, FakeClock()) as telemetry:
            async with grpc.aio.insecure_channel(telemetry.endpoint) as channel:
                await channel.unary_unary(LOGS)(request.SerializeToString(), timeout=10)
            await telemetry.settle()
            return list((await telemetry.queries.logs(LogFilter(), *FOREVER)).lines)

    lines = asyncio.run(run())
    structured = next(line for line in lines if line.body)
    assert (structured.body, structured.level) == ('{"cents": 5}', Level.WARNING)
    assert structured.at_ns == FakeClock().wall_ns()
    assert sorted(line.level for line in lines if not line.body) == sorted(SEVERITIES.values())
