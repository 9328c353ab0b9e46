"""A disk that takes no more: counted and told, and the live questions are still answered."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import grpc.aio
import pytest

from engine.clock import FakeClock
from engine.telemetry.memory.edges import EdgeNames
from engine.telemetry.records import LogFilter, TraceFilter
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.telemetry import Telemetry, open_recorded
from engine.telemetry.wire.signatures import Signatures

FOREVER = (0, 1 << 62)
TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


def test_that_a_full_disk_is_counted_and_the_drill_goes_on(
    tmp_path: Path, otlp: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        settings = TelemetrySettings(seal_every_s=60)
        async with Telemetry(tmp_path, FakeClock(), settings) as telemetry:
            async with grpc.aio.insecure_channel(telemetry.endpoint) as channel:

                async def send(number: int) -> None:
                    noise = random.Random(number).randbytes(200_000).hex()
                    trace = (number + 1).to_bytes(16, "big")
                    span = otlp.Span(trace, b"s" * 8, name=f"GET /{number}", attributes={"noise": noise})
                    await channel.unary_unary(TRACES)(otlp.spans([span]), timeout=10)

                limit = "PRAGMA max_page_count = 60"
                await asyncio.wrap_future(telemetry._writer.put(lambda c: c.execute(limit).close()))
                for number in range(5):
                    await send(number)
                    await telemetry.settle()
                assert telemetry.counters().not_written_batches >= 5
                assert (await telemetry.queries.list_traces(TraceFilter(), *FOREVER)).total == 5
                limit = "PRAGMA max_page_count = 1000000"
                await asyncio.wrap_future(telemetry._writer.put(lambda c: c.execute(limit).close()))
                await send(5)
                await telemetry.settle()

    asyncio.run(run())
    assert "not written to disk" in caplog.text
    with open_recorded(tmp_path) as recorded:
        page = asyncio.run(recorded.queries.list_traces(TraceFilter(), *FOREVER))
        assert [trace.entry for trace in page.traces] == ["GET /5"]
        assert not asyncio.run(recorded.queries.logs(LogFilter(), *FOREVER)).lines


def test_that_names_the_disk_never_took_keep_their_numbers() -> None:
    signatures, edges = Signatures(), EdgeNames()
    signatures.load([(2, "billing", "POST /price", 2, "")])
    edges.load([(1, "gateway", "billing")])
    assert signatures[2].service == "billing"
    assert signatures.intern("billing", "POST /price", 2) == 2
    assert edges[1] == ("gateway", "billing")
    assert edges.intern("gateway", "billing") == 1
    edges.save_again()
    assert (1, "gateway", "billing") in edges.take_unsaved()
