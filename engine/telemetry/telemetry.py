"""The facade: a live receiver with its questions, and the same questions of a recorded run."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.clock import Clock
from engine.telemetry.disk.recorder import Snapshot, load_counters
from engine.telemetry.disk.retention import Retention, Retired
from engine.telemetry.disk.schema import FILE_NAME, damage_told
from engine.telemetry.disk.store import Reader, Writer
from engine.telemetry.doors.entrance import Entrance, Kind
from engine.telemetry.doors.exposition import Exposed, Exposition
from engine.telemetry.doors.forwarding import Forwarder
from engine.telemetry.doors.http_receiver import HttpReceiver
from engine.telemetry.doors.receiver import Receiver
from engine.telemetry.doors.totals import Totals
from engine.telemetry.feed import Feed
from engine.telemetry.intake import Intake, Parsed
from engine.telemetry.metrics.catalogue import Catalogue, MetricEntry
from engine.telemetry.metrics.exemplars import Exemplars
from engine.telemetry.metrics.points import Metrics
from engine.telemetry.metrics.series import SeriesStore
from engine.telemetry.metrics.service_series import ServiceSeries
from engine.telemetry.questions.queries import Queries
from engine.telemetry.records import TelemetryCounters
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.system import System, build_queries, build_system, load
from engine.telemetry.wire.log_columns import ROW_BITS

_CLOSE_S = 10
"""Rollups of a second go to disk so long after it; what comes later makes further rows."""

_log = logging.getLogger(__name__)


class RecordedTelemetry:
    """The telemetry of a finished run, read only."""

    def __init__(self, folder: Path) -> None:
        self._reader = Reader(folder)
        try:
            system = build_system(
                TelemetrySettings(ring_spans=1, ring_log_lines=1, ring_log_bytes=1), 1 << 40
            )
            load(system, self._reader)
            self._counters = load_counters(self._reader)
        except sqlite3.DatabaseError:
            self._reader.close()
            raise
        raw_from_ns = self._counters.pop("raw_from_ns", 0)
        self.series: SeriesStore = system.series
        services = build_queries(system, self._reader)
        self.queries = Queries(*services, lambda: services[2].newest_s() + 1, lambda: raw_from_ns)

    def counters(self) -> TelemetryCounters:
        """What the run received, refused and dropped."""
        return TelemetryCounters(**self._counters)

    def close(self) -> None:
        """Release the file."""
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_recorded(folder: Path) -> RecordedTelemetry:
    """The telemetry of a run folder. Raises `TelemetryUnreadable` where it is missing, damaged or newer."""
    return RecordedTelemetry(folder)


class Telemetry:
    """`async with Telemetry(folder, clock) as telemetry`: receives at `endpoint` until the block ends.

    `folder` is the run's; the file in it is `telemetry.sqlite`, and an existing one is gone on with.
    """

    endpoint: str
    """host:port of OTLP/gRPC, for OTEL_EXPORTER_OTLP_ENDPOINT (with http:// before it)"""
    http_endpoint: str
    """host:port of OTLP/HTTP and of /metrics"""
    queries: Queries
    feed: Feed
    exemplars: Exemplars

    def __init__(self, folder: Path, clock: Clock, settings: TelemetrySettings | None = None) -> None:
        self._folder = folder
        self._clock = clock
        self._settings = settings or TelemetrySettings()
        self._system: System = build_system(self._settings, clock.wall_ns() // 1_000_000_000)
        self.series: SeriesStore = self._system.series
        self._entrance = Entrance(self._take, self._settings)
        self._receiver = Receiver(self._entrance, self._settings)
        self._forwarder = Forwarder(self._settings)
        self._requests, self._calls = Totals(), Totals()
        self._http = HttpReceiver(self._entrance, self._exposition().page, self._settings)
        self._catalogue = Catalogue()
        self._before: dict[str, int] = {}
        self._retired = Retired()
        self._raw_from_ns = 0
        self._written_change = 0
        self._failed_jobs = 0
        self._stopping = asyncio.Event()
        self._group = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._writer = Writer(self._folder)
        self._reader = Reader(self._folder, self._writer)
        try:
            await self._start()
        except BaseException:
            await self._receiver.stop()
            self._reader.close()
            await asyncio.to_thread(self._writer.close)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._http.stop()
            await self._receiver.stop()
            await self._entrance.close()
            self._forwarder.stop()
            self._stopping.set()
            await self._group.__aexit__(None, None, None)
        finally:
            self._intake.seal()
            self._advance(everything=True)
            self._reader.close()
            await asyncio.to_thread(self._writer.close)

    @property
    def queued_exports(self) -> int:
        """Exports that wait to be read; senders wait while there are too many."""
        return self._entrance.queued

    def counters(self) -> TelemetryCounters:
        """Everything received, refused and dropped, earlier sessions of this run included."""
        tally, refusals = asdict(self._intake.tally), self._entrance.refusals
        now = TelemetryCounters(
            **tally,
            refused_malformed=refusals.malformed,
            refused_too_large=refusals.too_large + self._receiver.refused_by_grpc,
            refused_busy=refusals.busy,
            retired_spans=self._retired.spans,
            retired_log_lines=self._retired.log_lines,
            not_written_batches=self._writer.failed_jobs,
            not_forwarded_exports=self._forwarder.dropped,
        )
        added = {name: value + self._before.get(name, 0) for name, value in asdict(now).items()}
        return replace(TelemetryCounters(**added), bytes_on_disk=_size(self._folder))

    def metrics(self) -> tuple[MetricEntry, ...]:
        """Every metric that has values, by name."""
        return self._catalogue.entries(self.series.names())

    async def settle(self) -> None:
        """Return once all that was received before this call can be asked for and is on disk."""
        await self._entrance.drained()
        self._intake.seal()
        self._advance()
        await self._written()

    def pin(self, trace_id: str) -> None:
        """Keep this trace and its logs for ever (pinned evidence). Raises ValueError where it is no trace id."""
        trace = bytes.fromhex(trace_id)
        self._writer.put(lambda c: _execute(c, "INSERT OR IGNORE INTO pinned VALUES (?)", trace))

    async def _written(self) -> None:
        """Return when all that was handed to the disk so far is on it, or was refused by it and counted."""
        with suppress(sqlite3.Error):
            await asyncio.wrap_future(self._writer.put(lambda connection: None))

    async def _start(self) -> None:
        system = self._system
        with damage_told(self._folder):
            await asyncio.to_thread(load, system, self._reader)
            self._before = load_counters(self._reader)
        self._raw_from_ns = self._before.pop("raw_from_ns", 0)
        self._before.pop("bytes_on_disk", None)
        self._written_change = self.series.changes
        metrics = Metrics(system.series, self._catalogue)
        self.exemplars = metrics.exemplars
        self._intake = Intake(system.memory, metrics, self._writer, self._clock, self._settings)
        self._intake.start_after(self._reader.rows("SELECT coalesce(max(id), 0) FROM batch")[0][0])
        self._service_series = ServiceSeries(
            system.memory.rollups, system.memory.signatures, system.series, self._settings
        )
        services = build_queries(system, self._reader)
        self.queries = Queries(*services, self._newest_s, lambda: self._raw_from_ns)
        self.feed = Feed(self.series, self.counters)
        await self._receiver.start()
        await self._http.start()
        self.endpoint = f"{self._settings.host}:{self._receiver.port}"
        self.http_endpoint = f"{self._settings.host}:{self._http.port}"
        await self._group.__aenter__()
        self._group.create_task(self._entrance.work(), name="telemetry worker")
        self._group.create_task(self._http.serve(), name="telemetry over HTTP")
        self._group.create_task(self._forwarder.work(), name="telemetry forwarding")
        self._group.create_task(self._every(self._settings.seal_every_s, self._tick), name="telemetry ticks")
        self._group.create_task(self._retain(), name="telemetry retention")

    def _exposition(self) -> Exposition:
        system = self._system
        return Exposition(
            Exposed(
                signatures=system.memory.signatures,
                edges=system.edges,
                requests=self._requests,
                rollups=system.memory.rollups,
                calls=self._calls,
                edge_rollups=system.edge_rollups,
                series=self.series,
                counters=self.counters,
                now_s=lambda: self._clock.wall_ns() // 1_000_000_000,
            )
        )

    async def _take(self, kind: Kind, message: Parsed, payload: bytes) -> None:
        if self._writer.backlog_bytes > self._settings.write_backlog_bytes:
            await self._written()
        self._intake.take(message, payload)
        self._forwarder.put(kind, payload)

    async def _every(self, seconds: float, act: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)
            act()

    def _tick(self) -> None:
        self._intake.seal()
        self._advance()

    def _advance(self, everything: bool = False) -> None:
        """Bring what is derived up to now, and hand what is new to the disk."""
        system, now_ns = self._system, self._clock.wall_ns()
        now_s = now_ns // 1_000_000_000
        settled_ns = now_ns if everything else now_ns - self._settings.settle_s * 1_000_000_000
        system.edge_join.advance(settled_ns + everything, now_s)
        self._service_series.advance(now_s, self._intake.touched_seconds)
        before_s = 1 << 40 if everything else now_s - _CLOSE_S
        if self._writer.failed_jobs != self._failed_jobs:
            self._failed_jobs = self._writer.failed_jobs
            system.memory.signatures.save_again()
            system.edges.save_again()
        change, points, _ = self.series.changed_since(self._written_change)
        self._written_change = change
        rollups, edge_rollups = system.memory.rollups.close(before_s), system.edge_rollups.close(before_s)
        self._requests.add(rollups)
        self._calls.add(edge_rollups)
        snapshot = Snapshot(
            signatures=system.memory.signatures.take_unsaved(),
            edges=system.edges.take_unsaved(),
            rollups=rollups,
            edge_rollups=edge_rollups,
            points=points,
            counters={**asdict(self.counters()), "raw_from_ns": self._raw_from_ns},
        )
        self._writer.put(snapshot.write)

    async def _retain(self) -> None:
        retention = Retention(self._system.memory.signatures, self._settings)
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._settings.retention_every_s)
                return
            await self._thin_out(retention)

    async def _thin_out(self, retention: Retention) -> None:
        more = True
        while more and not self._stopping.is_set():
            now_ns = self._clock.wall_ns()
            try:
                retired = await self._thin_out_some(retention, now_ns)
            except sqlite3.Error as error:
                _log.warning("old telemetry was not thinned out: %s", error)
                return
            more = retired.more
            self._apply(retired, now_ns)

    async def _thin_out_some(self, retention: Retention, now_ns: int) -> Retired:
        found: list[Retired] = []
        await asyncio.wrap_future(self._writer.put(lambda c: found.append(retention.round(c, now_ns))))
        return found[0]

    def _apply(self, retired: Retired, now_ns: int) -> None:
        self._retired.spans += retired.spans
        self._retired.log_lines += retired.log_lines
        if retired.batches:
            self._raw_from_ns = now_ns - self._settings.raw_s * 1_000_000_000
            self._system.memory.traces.forget(retired.traces)
            self._system.memory.log_ring.drop_below(retired.last_log_batch + 1 << ROW_BITS)
            self._reader.forget_payloads()
            self.queries.forget_opened()

    def _newest_s(self) -> int:
        return self._clock.wall_ns() // 1_000_000_000 - self._settings.settle_s


def _execute(connection: sqlite3.Connection, statement: str, value: bytes) -> None:
    connection.execute(statement, (value,))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob(f"{FILE_NAME}*") if path.is_file())
