"""What every receiver does with an export: parsed once, then through a bounded queue to one worker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from engine.telemetry.intake import Parsed
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.wire.lean_pb2 import Logs, Spans

Take = Callable[["Kind", Parsed, bytes], Awaitable[None]]
ACCEPTED = b""
"""An empty Export*ServiceResponse: all of it was taken."""

_log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What an export holds; the words are those of OTLP/HTTP's paths."""

    TRACES = "traces"
    LOGS = "logs"
    METRICS = "metrics"


_PARSERS: Mapping[Kind, Callable[[bytes], Parsed]] = {
    Kind.TRACES: Spans.FromString,
    Kind.LOGS: Logs.FromString,
    Kind.METRICS: ExportMetricsServiceRequest.FromString,
}


class Reason(StrEnum):
    """Why an export was not taken."""

    TOO_LARGE = "too large"
    MALFORMED = "malformed"
    BUSY = "busy"


class ExportRefused(Exception):
    """An export was not taken; `str()` tells the exporter's log what was wrong."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(slots=True)
class Refusals:
    """Exports that were not taken."""

    malformed: int = 0
    too_large: int = 0
    busy: int = 0


class Entrance:
    """`take` gets each export, in order of arrival, one at a time, from whatever receiver it came."""

    def __init__(self, take: Take, settings: TelemetrySettings) -> None:
        self.refusals = Refusals()
        self._take = take
        self._settings = settings
        self._queue: asyncio.Queue[tuple[Kind, Parsed, bytes] | None] = asyncio.Queue(settings.queue_exports)
        self._working = False

    async def offer(self, kind: Kind, payload: bytes) -> None:
        """Take one export; wait where the queue is full. Raises ExportRefused."""
        self.check_size(len(payload))
        try:
            message = _PARSERS[kind](payload)
        except DecodeError:
            self.refuse_malformed(f"this is not an OTLP export request of {kind}")
        try:
            await asyncio.wait_for(self._queue.put((kind, message, payload)), self._settings.queue_wait_s)
        except TimeoutError:
            self.refusals.busy += 1
            raise ExportRefused(Reason.BUSY, "too much telemetry at once, send it again") from None

    def check_size(self, size: int) -> None:
        """Raises ExportRefused for a payload of more bytes than the limit."""
        if size > self._settings.max_message_bytes:
            self.refusals.too_large += 1
            raise ExportRefused(
                Reason.TOO_LARGE,
                f"an export has at most {self._settings.max_message_bytes} bytes, this one {size} or more",
            )

    def refuse_malformed(self, text: str) -> None:
        """Raises ExportRefused: nobody can read it."""
        self.refusals.malformed += 1
        _log.warning("refused an export: %s", text)
        raise ExportRefused(Reason.MALFORMED, text) from None

    @property
    def queued(self) -> int:
        """Exports that wait for the worker."""
        return self._queue.qsize()

    async def work(self) -> None:
        """Hand the exports on until `close`."""
        self._working = True
        try:
            while (item := await self._queue.get()) is not None:
                await self._take(*item)
                self._queue.task_done()
            self._queue.task_done()
        finally:
            self._working = False

    async def drained(self) -> None:
        """Return when all that was accepted has been handed on."""
        await self._queue.join()

    async def close(self) -> None:
        """Let `work` finish what was accepted; the receivers are closed already."""
        if self._working:
            await self._queue.put(None)
