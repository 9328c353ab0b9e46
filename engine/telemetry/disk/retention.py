"""What happens to raw spans and logs that are older than the raw retention: a sample stays, the rest is counted.

Kept: traces with an error, pinned ones, the slowest, and one whole trace in so many, each with its log lines; and
log lines of level error without a trace. What is kept is rewritten into new, smaller batches.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from google.protobuf.message import DecodeError

from engine.telemetry.disk.store import Batch, Signal, inflated, insert_batch
from engine.telemetry.memory.traces import summarize
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.wire.columns import decode_spans, fixed_id
from engine.telemetry.wire.lean_pb2 import LogRecord, Logs, Spans
from engine.telemetry.wire.signatures import Signatures

_BATCHES_AT_ONCE = 32
_ERROR_SEVERITY = 17
_LOG_MARGIN_NS = 60_000_000_000
_ROOT_RANK = 2
_ENOUGH_TO_COMPARE = 20
_Export = TypeVar("_Export", Spans, Logs)


@dataclass(slots=True)
class Retired:
    """What one round removed."""

    traces: list[bytes] = field(default_factory=list)
    spans: int = 0
    log_lines: int = 0
    batches: int = 0
    last_log_batch: int = 0
    """lines of batches up to this one have other ids now"""
    more: bool = False
    """there is more to do now"""


@dataclass(frozen=True, slots=True)
class _Stored:
    id: int
    received_ns: int
    payload: bytes


class Retention:
    """Runs on the writer's thread, some batches a round."""

    def __init__(self, signatures: Signatures, settings: TelemetrySettings) -> None:
        self._signatures = signatures
        self._settings = settings
        self._condemned: set[bytes] = set()

    def round(self, connection: sqlite3.Connection, now_ns: int) -> Retired:
        """Thin out the oldest raw batches of each signal."""
        retired = Retired()
        before_ns = now_ns - self._settings.raw_s * 1_000_000_000
        spans = _oldest(connection, Signal.SPANS, before_ns)
        if spans:
            self._thin_spans(connection, spans, retired)
        logs = _oldest(connection, Signal.LOGS, before_ns - _LOG_MARGIN_NS)
        if logs:
            self._thin_logs(connection, logs, retired)
            retired.last_log_batch = logs[-1].id
        retired.batches = len(spans) + len(logs)
        retired.more = max(len(spans), len(logs)) == _BATCHES_AT_ONCE
        return retired

    def _thin_spans(
        self, connection: sqlite3.Connection, stored: Sequence[_Stored], retired: Retired
    ) -> None:
        export = _parsed(Spans(), (batch.payload for batch in stored))
        scopes = [scope for resource in export.resource_spans for scope in resource.scope_spans]
        traces = {fixed_id(span.trace_id, 16) for scope in scopes for span in scope.spans}
        last = stored[-1].id
        kept = self._kept_traces(connection, traces, last)
        for scope in scopes:
            # All their fields stay: what the lean message does not name is carried along as it came.
            staying = [span for span in scope.spans if fixed_id(span.trace_id, 16) in kept]
            retired.spans += len(scope.spans) - len(staying)
            del scope.spans[:]
            scope.spans.extend(staying)
        _delete(connection, stored)
        connection.execute(
            "DELETE FROM trace_part WHERE trace_id IN (SELECT trace_id FROM judged) AND batch BETWEEN ? AND ?",
            (stored[0].id, last),
        )
        retired.traces += traces - kept
        self._write_spans(connection, stored[0], export)

    def _write_spans(self, connection: sqlite3.Connection, first: _Stored, export: Spans) -> None:
        columns = decode_spans(export, self._signatures).columns
        if not len(columns):
            return
        batch = Batch(
            id=first.id,
            signal=Signal.SPANS,
            received_ns=first.received_ns,
            first_ns=int(columns.start_ns.min()),
            last_ns=int(columns.end_ns.max()),
            rows=len(columns),
            payload=export.SerializeToString(),
            parts=summarize(columns, self._signatures),
        )
        insert_batch(connection, batch, kept=True)

    def _kept_traces(self, connection: sqlite3.Connection, traces: set[bytes], last_id: int) -> set[bytes]:
        """Which of these traces stay, judged by all their parts."""
        _judge(connection, traces)
        rows = connection.execute(
            "SELECT trace_id, sum(errors), max(CASE WHEN rank = ? THEN entry_us END), "
            "max(end_ns) - min(start_ns), max(batch), "
            "max(batch IN (SELECT id FROM batch WHERE signal = 'spans' AND kept = 1)) "
            "FROM trace_part WHERE trace_id IN (SELECT trace_id FROM judged) GROUP BY trace_id",
            (_ROOT_RANK,),
        ).fetchall()
        pinned = {row[0] for row in connection.execute("SELECT trace_id FROM pinned")}
        durations = np.array([us if us is not None else extent / 1000 for _, _, us, extent, _, _ in rows])
        slow_us = np.percentile(durations, 100 - self._settings.keep_slowest_percent) if len(rows) else 0.0
        kept: set[bytes] = set()
        condemned: set[bytes] = set()
        for (trace, errors, _, _, last, was_kept), duration in zip(rows, durations.tolist(), strict=True):
            stays = errors or was_kept or trace in pinned or self._is_sampled(trace)
            slow = duration >= slow_us and len(rows) >= _ENOUGH_TO_COMPARE and trace not in self._condemned
            if stays or slow:
                kept.add(trace)
            elif last > last_id:
                condemned.add(trace)
        # A trace that was let go stays gone, though its later parts may be among another round's slowest.
        self._condemned = condemned
        return kept

    def _is_sampled(self, trace: bytes) -> bool:
        return int.from_bytes(trace[8:], "big") % self._settings.keep_one_in == 0

    def _thin_logs(self, connection: sqlite3.Connection, stored: Sequence[_Stored], retired: Retired) -> None:
        export = _parsed(Logs(), (batch.payload for batch in stored))
        scopes = [scope for resource in export.resource_logs for scope in resource.scope_logs]
        _judge(connection, {fixed_id(line.trace_id, 16) for scope in scopes for line in scope.log_records})
        kept = {
            row[0]
            for row in connection.execute(
                "SELECT trace_id FROM judged WHERE trace_id IN (SELECT trace_id FROM pinned) "
                "OR EXISTS (SELECT 1 FROM trace_part WHERE trace_part.trace_id = judged.trace_id)"
            )
        }
        times: list[int] = []
        for scope in scopes:
            staying = [line for line in scope.log_records if _line_stays(line, kept)]
            retired.log_lines += len(scope.log_records) - len(staying)
            times += [_time_of(line, stored[0].received_ns) for line in staying]
            del scope.log_records[:]
            scope.log_records.extend(staying)
        _delete(connection, stored)
        connection.execute(
            "DELETE FROM trace_log WHERE trace_id IN (SELECT trace_id FROM judged) AND batch BETWEEN ? AND ?",
            (stored[0].id, stored[-1].id),
        )
        if times:
            thinned = Batch(
                id=stored[0].id,
                signal=Signal.LOGS,
                received_ns=stored[0].received_ns,
                first_ns=min(times),
                last_ns=max(times),
                rows=len(times),
                payload=export.SerializeToString(),
                traces=sorted(kept),
            )
            insert_batch(connection, thinned, kept=True)


def _oldest(connection: sqlite3.Connection, signal: Signal, before_ns: int) -> list[_Stored]:
    rows = connection.execute(
        "SELECT id, received_ns, payload FROM batch WHERE signal = ? AND kept = 0 AND received_ns < ? "
        "ORDER BY id LIMIT ?",
        (signal, before_ns, _BATCHES_AT_ONCE),
    )
    return [_Stored(number, received_ns, inflated(payload)) for number, received_ns, payload in rows]


def _parsed(export: _Export, payloads: Iterable[bytes]) -> _Export:
    """All payloads as one export; a damaged one is left out."""
    for payload in payloads:
        with suppress(DecodeError):
            export.MergeFrom(type(export).FromString(payload))
    return export


def _judge(connection: sqlite3.Connection, traces: Iterable[bytes]) -> None:
    """Fill the temporary table `judged`."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS judged (trace_id BLOB PRIMARY KEY) WITHOUT ROWID")
    connection.execute("DELETE FROM judged")
    connection.executemany("INSERT INTO judged VALUES (?)", ((trace,) for trace in traces))


def _delete(connection: sqlite3.Connection, stored: Sequence[_Stored]) -> None:
    connection.executemany("DELETE FROM batch WHERE id = ?", [(batch.id,) for batch in stored])


def _line_stays(line: LogRecord, kept: set[bytes]) -> bool:
    if any(line.trace_id):
        return fixed_id(line.trace_id, 16) in kept
    return line.severity_number >= _ERROR_SEVERITY


def _time_of(line: LogRecord, received_ns: int) -> int:
    return min(line.time_unix_nano or line.observed_time_unix_nano or received_ns, 1 << 62)
