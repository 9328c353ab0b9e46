"""Forwarding to a real collector: as it came, again after it was away, and counted where it does not keep up."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import grpc.aio

from engine.clock import SystemClock
from engine.telemetry.doors.entrance import Entrance, Kind
from engine.telemetry.doors.forwarding import Forwarder
from engine.telemetry.doors.receiver import METHODS, Receiver
from engine.telemetry.intake import Parsed
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.telemetry import Telemetry


class Collector:
    """Another receiver that keeps what it gets."""

    def __init__(self) -> None:
        self.taken: list[tuple[Kind, bytes]] = []
        self.enough = asyncio.Event()
        self.wanted = 1
        self.entrance = Entrance(self._take, TelemetrySettings())

    async def _take(self, kind: Kind, parsed: Parsed, payload: bytes) -> None:
        self.taken.append((kind, payload))
        if len(self.taken) >= self.wanted:
            self.enough.set()


def test_that_a_collector_gets_everything_as_it_came(tmp_path: Path, otlp: Any) -> None:
    spans, logs = otlp.spans([otlp.Span(b"t" * 16, b"s" * 8)]), otlp.logs([otlp.Line("hello")])

    async def run() -> list[tuple[Kind, bytes]]:
        collector = Collector()
        collector.wanted = 2
        receiver = Receiver(collector.entrance, TelemetrySettings())
        await receiver.start()
        async with asyncio.TaskGroup() as group:
            group.create_task(collector.entrance.work())
            settings = TelemetrySettings(forward_to=f"127.0.0.1:{receiver.port}")
            async with (
                Telemetry(tmp_path, SystemClock(), settings) as telemetry,
                grpc.aio.insecure_channel(telemetry.endpoint) as channel,
            ):
                await channel.unary_unary(METHODS[Kind.TRACES])(spans)
                await channel.unary_unary(METHODS[Kind.LOGS])(logs)
                await asyncio.wait_for(collector.enough.wait(), 10)
                assert telemetry.counters().not_forwarded_exports == 0
            await receiver.stop()
            await collector.entrance.close()
        return collector.taken

    assert asyncio.run(run()) == [(Kind.TRACES, spans), (Kind.LOGS, logs)]


def test_that_what_waits_for_a_collector_that_is_away_arrives_and_the_surplus_is_counted(otlp: Any) -> None:
    payloads = [otlp.spans([otlp.Span(bytes([n + 1]) * 16, b"s" * 8)]) for n in range(6)]
    room = len(payloads[0]) * 4

    async def run() -> tuple[int, list[bytes]]:
        collector = Collector()
        receiver = Receiver(collector.entrance, TelemetrySettings())
        await receiver.start()
        address = f"127.0.0.1:{receiver.port}"
        await receiver.stop()
        forwarder = Forwarder(TelemetrySettings(forward_to=address, forward_backlog_bytes=room))
        for payload in payloads:
            forwarder.put(Kind.TRACES, payload)
        collector.wanted = 4
        async with asyncio.TaskGroup() as group:
            group.create_task(forwarder.work())
            again = Receiver(collector.entrance, TelemetrySettings(port=int(address.rpartition(":")[2])))
            await again.start()
            group.create_task(collector.entrance.work())
            await asyncio.wait_for(collector.enough.wait(), 20)
            forwarder.stop()
            await again.stop()
            await collector.entrance.close()
        return forwarder.dropped, [payload for _, payload in collector.taken]

    assert asyncio.run(run()) == (2, payloads[2:])


def test_that_an_end_does_not_wait_for_a_collector_that_never_comes(otlp: Any) -> None:
    async def run() -> int:
        forwarder = Forwarder(TelemetrySettings(forward_to="127.0.0.1:9"))
        forwarder.put(Kind.TRACES, otlp.spans([]))
        async with asyncio.TaskGroup() as group:
            group.create_task(forwarder.work())
            forwarder.stop()
        return forwarder.dropped

    assert asyncio.run(run()) == 1


def test_that_without_a_collector_nothing_is_kept() -> None:
    forwarder = Forwarder(TelemetrySettings())
    forwarder.put(Kind.LOGS, b"x" * 1000)
    asyncio.run(forwarder.work())
    assert forwarder.dropped == 0
    assert not forwarder._waiting
