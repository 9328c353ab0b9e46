"""The facade: a live receiver with its questions, and the same questions of a recorded run."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.clock import Clock
from engine.telemetry.queries import Queries
from engine.telemetry.records import TelemetryCounters
from engine.telemetry.series import SeriesStore
from engine.telemetry.settings import TelemetrySettings


class RecordedTelemetry:
    """The telemetry of a finished run, read only."""

    series: SeriesStore
    queries: Queries

    def counters(self) -> TelemetryCounters:
        """What the run received, refused and dropped."""
        raise NotImplementedError

    def close(self) -> None:
        """Release the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Telemetry:
    """`async with Telemetry(folder, clock) as telemetry`: receives at `endpoint` until the block ends.

    `folder` is the run's; the file in it is `telemetry.sqlite`, and an existing one is gone on with.
    """

    endpoint: str
    """host:port for OTEL_EXPORTER_OTLP_ENDPOINT (with http:// before it)"""
    series: SeriesStore
    queries: Queries

    def __init__(self, folder: Path, clock: Clock, settings: TelemetrySettings | None = None) -> None:
        self._folder = folder
        self._clock = clock
        self._settings = settings or TelemetrySettings()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return await self._stack.__aexit__(kind, error, trace)

    def counters(self) -> TelemetryCounters:
        """Everything received, refused and dropped so far."""
        raise NotImplementedError

    async def settle(self) -> None:
        """Return once all that was received before this call can be asked for and is on disk."""

    def pin(self, trace_id: str) -> None:
        """Keep this trace and its logs for ever (pinned evidence)."""


def open_recorded(folder: Path) -> RecordedTelemetry:
    """The telemetry of a run folder. Raises `TelemetryUnreadable` where it is missing, damaged or newer."""
    raise NotImplementedError(folder)
