"""From parsed exports to what can be asked: batches of half a second go to the rings, the tables and the disk."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from engine.clock import Clock
from engine.telemetry.disk.store import Batch, Signal, Writer
from engine.telemetry.memory.edges import seconds_of
from engine.telemetry.memory.log_ring import LogRing
from engine.telemetry.memory.ring import SpanRing
from engine.telemetry.memory.rollups import Rollups
from engine.telemetry.memory.traces import TraceTable, summarize
from engine.telemetry.metrics.points import Metrics
from engine.telemetry.records import SpanStatus
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.wire.columns import SpanColumns, classify_new, decode_spans, trace_bytes
from engine.telemetry.wire.lean_pb2 import Logs, Spans
from engine.telemetry.wire.log_columns import ServiceNumbers, decode_logs
from engine.telemetry.wire.signatures import Signatures

Parsed = Spans | Logs | ExportMetricsServiceRequest


@dataclass(slots=True)
class Tally:
    """What came in, and what of it could not be used."""

    exports: int = 0
    spans: int = 0
    log_lines: int = 0
    metric_points: int = 0
    dropped_spans: int = 0
    dropped_log_lines: int = 0
    dropped_metric_points: int = 0
    unread_metric_points: int = 0
    mended_spans: int = 0


@dataclass(slots=True)
class _Open:
    """The exports of one signal since the last seal."""

    payloads: list[bytes] = field(default_factory=list)
    size: int = 0
    rows: int = 0
    columns: list[SpanColumns] = field(default_factory=list)
    messages: list[Logs] = field(default_factory=list)

    def add(self, payload: bytes, rows: int) -> None:
        self.payloads.append(payload)
        self.size += len(payload)
        self.rows += rows


@dataclass(frozen=True, slots=True)
class Memory:
    """What is held in memory for questions; filled by the intake, read by the queries."""

    signatures: Signatures
    ring: SpanRing
    traces: TraceTable
    rollups: Rollups
    log_ring: LogRing
    log_services: ServiceNumbers


class Intake:
    """Used on the event loop only: `take` an export, `seal` what was taken."""

    def __init__(
        self, memory: Memory, metrics: Metrics, writer: Writer, clock: Clock, settings: TelemetrySettings
    ) -> None:
        self.tally = Tally()
        self.touched_seconds: set[int] = set()
        self._memory = memory
        self._metrics = metrics
        self._writer = writer
        self._clock = clock
        self._settings = settings
        self._spans = _Open()
        self._logs = _Open()
        self._next_batch = 1

    def start_after(self, batch_id: int) -> None:
        """Go on numbering after a recorded batch."""
        self._next_batch = batch_id + 1

    def take(self, message: Parsed, payload: bytes) -> None:
        """One export, parsed and as it came."""
        self.tally.exports += 1
        if isinstance(message, Spans):
            self._take_spans(message, payload)
        elif isinstance(message, Logs):
            rows = sum(len(s.log_records) for r in message.resource_logs for s in r.scope_logs)
            self._logs.add(payload, rows)
            self._logs.messages.append(message)
            self.tally.log_lines += rows
        else:
            taken = self._metrics.take(message, self._clock.wall_ns())
            self.tally.metric_points += taken.kept
            self.tally.unread_metric_points += taken.unread
            self.tally.dropped_metric_points += taken.dropped
        if self._is_full(self._spans):
            self._seal_spans()
        if self._is_full(self._logs):
            self._seal_logs()

    def seal(self) -> None:
        """Make what was taken answerable, and hand it to the disk."""
        self._seal_spans()
        self._seal_logs()

    def _is_full(self, open_batch: _Open) -> bool:
        return open_batch.rows >= self._settings.seal_spans or open_batch.size >= self._settings.seal_bytes

    def _take_spans(self, message: Spans, payload: bytes) -> None:
        decoded = decode_spans(message, self._memory.signatures)
        if self._memory.signatures.unclassified():
            classify_new(payload, self._memory.signatures)
        self._spans.add(payload, len(decoded.columns))
        self._spans.columns.append(decoded.columns)
        self.tally.spans += len(decoded.columns)
        self.tally.dropped_spans += decoded.dropped
        self.tally.mended_spans += decoded.mended

    def _seal_spans(self) -> None:
        taken, self._spans = self._spans, _Open()
        if not taken.rows:
            return
        received_ns = self._clock.wall_ns()
        spans = SpanColumns.joined(taken.columns)
        self._memory.ring.append(spans, received_ns)
        parts = summarize(spans, self._memory.signatures)
        self._memory.traces.merge(parts)
        self._roll_up(spans, received_ns // 1_000_000_000)
        self._writer.put_batch(
            Batch(
                id=self._number(),
                signal=Signal.SPANS,
                received_ns=received_ns,
                first_ns=int(spans.start_ns.min()),
                last_ns=int(spans.end_ns.max()),
                rows=len(spans),
                payload=b"".join(taken.payloads),
                parts=parts,
            )
        )

    def _roll_up(self, spans: SpanColumns, now_s: int) -> None:
        signatures = self._memory.signatures
        spans = spans.taken(signatures.is_server(spans.signature) | signatures.has_peer(spans.signature))
        if not len(spans):
            return
        seconds = seconds_of(spans, now_s)
        self.tally.mended_spans += int(np.count_nonzero(seconds != spans.end_ns // 1_000_000_000))
        self.touched_seconds.update(np.unique(seconds).tolist())
        errors = spans.status == SpanStatus.ERROR
        self._memory.rollups.add(seconds, spans.signature.astype(np.int64), spans.duration_us, errors)

    def _seal_logs(self) -> None:
        taken, self._logs = self._logs, _Open()
        if not taken.rows:
            return
        received_ns = self._clock.wall_ns()
        number = self._number()
        lines = decode_logs(taken.messages, self._memory.log_services, number, received_ns).columns
        self._memory.log_ring.append(lines)
        with_trace = (lines.trace_high != 0) | (lines.trace_low != 0)
        self._writer.put_batch(
            Batch(
                id=number,
                signal=Signal.LOGS,
                received_ns=received_ns,
                first_ns=int(lines.at_ns.min()),
                last_ns=int(lines.at_ns.max()),
                rows=len(lines),
                payload=b"".join(taken.payloads),
                traces=sorted(set(trace_bytes(lines.trace_high[with_trace], lines.trace_low[with_trace]))),
            )
        )

    def _number(self) -> int:
        number = self._next_batch
        self._next_batch += 1
        return number
