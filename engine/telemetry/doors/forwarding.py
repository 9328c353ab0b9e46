"""Everything that is taken in, sent on to a collector as it came."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress

import grpc
import grpc.aio

from engine.telemetry.doors.entrance import Kind
from engine.telemetry.doors.receiver import METHODS
from engine.telemetry.settings import TelemetrySettings

CALL_S = 5.0
AGAIN_S = (0.2, 1.0, 5.0)
"""Waits between attempts while the collector does not answer; the last one stays."""
_PASSING = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
)

_log = logging.getLogger(__name__)


class Forwarder:
    """`put` never waits: where the collector does not keep up, the oldest exports are dropped and counted.

    Without an address nothing is kept or sent.
    """

    def __init__(self, settings: TelemetrySettings) -> None:
        self.dropped = 0
        self._address = settings.forward_to
        self._limit = settings.forward_backlog_bytes
        self._waiting: deque[tuple[Kind, bytes]] = deque()
        self._size = 0
        self._came = asyncio.Event()
        self._stopping = asyncio.Event()

    def put(self, kind: Kind, payload: bytes) -> None:
        """Send one export on, soon."""
        if not self._address:
            return
        self._waiting.append((kind, payload))
        self._size += len(payload)
        while self._size > self._limit:
            self._size -= len(self._waiting.popleft()[1])
            self.dropped += 1
        self._came.set()

    async def work(self) -> None:
        """Send until `stop`."""
        if not self._address:
            return
        async with grpc.aio.insecure_channel(self._address) as channel:
            while not self._stopping.is_set() or self._waiting:
                if not self._waiting:
                    self._came.clear()
                    await self._came.wait()
                    continue
                kind, payload = self._waiting.popleft()
                self._size -= len(payload)
                if not await self._send(channel, kind, payload):
                    self.dropped += 1

    def stop(self) -> None:
        """Let `work` try what waits once more and return."""
        self._stopping.set()
        self._came.set()

    async def _send(self, channel: grpc.aio.Channel, kind: Kind, payload: bytes) -> bool:
        """Whether the collector took it, at last."""
        attempt = 0
        while True:
            try:
                await channel.unary_unary(METHODS[kind], bytes, bytes)(payload, timeout=CALL_S)
            except grpc.aio.AioRpcError as error:
                if attempt == 0:
                    _log.warning(
                        "the collector at %s does not take telemetry: %s", self._address, error.details()
                    )
                if error.code() not in _PASSING or self._stopping.is_set():
                    return False
            else:
                return True
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), AGAIN_S[min(attempt, len(AGAIN_S) - 1)])
            attempt += 1
