"""The receiver on a real port: what it takes, what it refuses, and that it goes on after either."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest

from engine.clock import SystemClock
from engine.telemetry.doors.addresses import AddressTaken
from engine.telemetry.doors.entrance import Entrance, Kind
from engine.telemetry.doors.receiver import Receiver
from engine.telemetry.intake import Parsed
from engine.telemetry.records import TelemetryCounters, TraceFilter
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.telemetry import Telemetry

TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
Answer = tuple[list[grpc.StatusCode], TelemetryCounters]
SMALL = TelemetrySettings(max_message_bytes=100_000)


async def _send(endpoint: str, method: str, payload: bytes, **more: Any) -> grpc.StatusCode:
    """The status of one export."""
    async with grpc.aio.insecure_channel(endpoint) as channel:
        try:
            await channel.unary_unary(method)(payload, timeout=10, **more)
        except grpc.aio.AioRpcError as error:
            return error.code()
    return grpc.StatusCode.OK


def _after(
    folder: Path, sent: list[tuple[str, bytes]], **more: Any
) -> tuple[list[grpc.StatusCode], TelemetryCounters]:
    async def run() -> tuple[list[grpc.StatusCode], TelemetryCounters]:
        async with Telemetry(folder, SystemClock(), SMALL) as telemetry:
            codes = [await _send(telemetry.endpoint, method, payload, **more) for method, payload in sent]
            await telemetry.settle()
            return codes, telemetry.counters()

    return asyncio.run(run())


def test_that_malformed_payloads_are_refused_counted_and_survived(tmp_path: Path, otlp: Any) -> None:
    good = otlp.spans([otlp.Span(b"t" * 16, b"s" * 8)])
    codes, counters = _after(tmp_path, [(TRACES, b"\xff\xff\xff"), (LOGS, b"\x0a\x05abc"), (TRACES, good)])
    assert codes == [grpc.StatusCode.INVALID_ARGUMENT] * 2 + [grpc.StatusCode.OK]
    assert (counters.refused_malformed, counters.exports, counters.spans) == (2, 1, 1)


def test_that_too_large_payloads_are_refused_and_counted_whoever_refuses_them(tmp_path: Path) -> None:
    codes, counters = _after(tmp_path, [(TRACES, bytes(150_000)), (TRACES, bytes(1_000_000))])
    assert codes == [grpc.StatusCode.RESOURCE_EXHAUSTED] * 2
    assert counters.refused_too_large == 2


def test_that_a_payload_that_grows_when_unpacked_is_refused(tmp_path: Path) -> None:
    codes, counters = _after(tmp_path, [(TRACES, bytes(1_000_000))], compression=grpc.Compression.Gzip)
    assert codes == [grpc.StatusCode.RESOURCE_EXHAUSTED]
    assert counters.refused_too_large == 1


def test_that_a_compressed_export_is_taken(tmp_path: Path, otlp: Any) -> None:
    payload = otlp.spans([otlp.Span(b"t" * 16, b"s" * 8)])
    codes, counters = _after(tmp_path, [(TRACES, payload)], compression=grpc.Compression.Gzip)
    assert (codes, counters.spans) == ([grpc.StatusCode.OK], 1)


def test_that_an_empty_export_is_taken(tmp_path: Path) -> None:
    codes, counters = _after(tmp_path, [(TRACES, b""), (LOGS, b"")])
    assert codes == [grpc.StatusCode.OK] * 2
    assert counters.exports == 2


def test_that_other_methods_are_not_there(tmp_path: Path) -> None:
    codes, _ = _after(tmp_path, [("/opentelemetry.proto.collector.profiles.v1.ProfilesService/Export", b"")])
    assert codes == [grpc.StatusCode.UNIMPLEMENTED]


def test_that_a_full_queue_makes_exporters_wait_then_come_again(otlp: Any) -> None:
    payload = otlp.spans([otlp.Span(b"t" * 16, b"s" * 8)])

    async def run() -> tuple[list[grpc.StatusCode], Entrance, int]:
        gate, taken = asyncio.Event(), []

        async def take(kind: Kind, message: Parsed, raw: bytes) -> None:
            await gate.wait()
            taken.append(raw)

        settings = TelemetrySettings(queue_exports=2, queue_wait_s=0.3)
        entrance = Entrance(take, settings)
        receiver = Receiver(entrance, settings)
        await receiver.start()
        async with asyncio.TaskGroup() as group:
            group.create_task(entrance.work())
            endpoint = f"127.0.0.1:{receiver.port}"
            # One is with the worker, two wait in the queue: the rest is refused after its wait.
            codes = await asyncio.gather(*(_send(endpoint, TRACES, payload) for _ in range(5)))
            gate.set()
            codes.append(await _send(endpoint, TRACES, payload))
            await receiver.stop()
            await entrance.close()
        return codes, entrance, len(taken)

    codes, entrance, taken = asyncio.run(run())
    assert sorted(code.name for code in codes) == ["OK"] * 4 + ["UNAVAILABLE"] * 2
    assert entrance.refusals.busy == 2
    assert taken == 4


def test_that_a_port_in_use_is_an_error_at_once(tmp_path: Path) -> None:
    async def run() -> None:
        async with Telemetry(tmp_path / "a", SystemClock()) as first:
            port = int(first.endpoint.rpartition(":")[2])
            with pytest.raises(AddressTaken, match="another program listens there"):
                await Telemetry(tmp_path / "b", SystemClock(), TelemetrySettings(port=port)).__aenter__()

    asyncio.run(run())


def test_that_what_was_accepted_before_the_end_is_kept(tmp_path: Path, otlp: Any) -> None:
    async def run() -> int:
        async with Telemetry(tmp_path, SystemClock()) as telemetry:
            for number in range(20):
                span = otlp.Span(bytes([number + 1]) * 16, b"s" * 8)
                assert await _send(telemetry.endpoint, TRACES, otlp.spans([span])) is grpc.StatusCode.OK
        async with Telemetry(tmp_path, SystemClock()) as telemetry:
            return (await telemetry.queries.list_traces(TraceFilter(), 0, 1 << 62)).total

    assert asyncio.run(run()) == 20
