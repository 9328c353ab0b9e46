"""Questions about traces: the list, the scatter, one of them opened."""

from __future__ import annotations

import asyncio
import math
import threading
from collections import OrderedDict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.telemetry.disk.store import Reader, Signal
from engine.telemetry.memory.traces import TraceRows, TraceTable, trace_texts
from engine.telemetry.questions.language import Node
from engine.telemetry.questions.trace_match import match_rows, match_spans, node_of
from engine.telemetry.records import (
    Bool,
    Scatter,
    SpanKind,
    SpanStatus,
    SpanTable,
    TraceFilter,
    TracePage,
    TraceSummary,
)
from engine.telemetry.wire.opened import OneSpan, spans_by_trace, without_duplicates
from engine.telemetry.wire.signatures import Signatures

_MOST_OPENED = 1_000
"""Traces whose spans one question looks at."""

_AT_ONCE = 50
_CACHED_BATCHES = 16
_SLOWEST = 0.01


Places = NDArray[np.intp]


class TraceQueries:
    """Summaries come from memory, spans from the batches on disk (or on their way there)."""

    def __init__(self, table: TraceTable, signatures: Signatures, reader: Reader) -> None:
        self._table = table
        self._signatures = signatures
        self._reader = reader
        self._lock = threading.Lock()
        self._batches: OrderedDict[int, dict[bytes, list[OneSpan]]] = OrderedDict()

    async def list_traces(
        self, wanted: TraceFilter, from_ns: int, to_ns: int, limit: int, before: str, raw_from_ns: int
    ) -> TracePage:
        """A page of summaries, newest first."""
        node = node_of(wanted)
        rows = self._table.rows(from_ns, to_ns)
        start = _after_cursor(rows, before)
        accepted, complete = await self._matching(node, rows, start, limit + 1)
        places = np.flatnonzero(accepted[start:]) + start
        page = rows.taken(places[:limit])
        more = len(places) > limit or not complete
        traces = self._table.summaries(page)
        return TracePage(
            traces=traces,
            next=f"{traces[-1].start_ns}:{traces[-1].trace_id}" if more and traces else "",
            matched=int(np.count_nonzero(accepted)),
            total=len(rows),
            complete=complete,
            sampled=from_ns < raw_from_ns,
        )

    async def scatter(self, wanted: TraceFilter, from_ns: int, to_ns: int, max_points: int) -> Scatter:
        """One point a trace; when there are too many, errors and the slowest stay, then an even sample."""
        rows = self._table.rows(from_ns, to_ns)
        accepted, _ = await self._matching(node_of(wanted), rows, 0, len(rows))
        rows = rows.taken(np.flatnonzero(accepted)[::-1])
        kept = _thinned(rows, max_points)
        shown = rows.taken(kept)
        return Scatter(
            start_ns=shown.start_ns,
            duration_ms=shown.duration_ms,
            error=np.asarray(shown.parts["errors"] > 0),
            trace_ids=tuple(shown.ids()),
            dropped=len(rows) - len(shown),
        )

    def spans(self, trace: bytes) -> list[OneSpan]:
        """The spans of a trace that are kept. Reads the disk."""
        batches = self._reader.batches_of_trace(trace, Signal.SPANS)
        with self._lock:
            return without_duplicates(s for b in batches for s in self._opened(b).get(trace, ()))

    def payloads(self, trace: bytes) -> list[bytes]:
        """The export requests that hold spans of a trace, batch by batch. Reads the disk."""
        return [self._reader.payload(b) for b in self._reader.batches_of_trace(trace, Signal.SPANS)]

    def forget_opened(self) -> None:
        """Open batches anew: retention has rewritten some."""
        with self._lock:
            self._batches.clear()

    async def _matching(self, node: Node, rows: TraceRows, start: int, enough: int) -> tuple[Bool, bool]:
        """Which rows match, looking at spans only from `start` on and until `enough` are found; was that all?"""
        found = match_rows(node, rows, self._signatures)
        accepted = found.surely.copy()
        unsure = np.flatnonzero(found.maybe & ~found.surely)
        unsure = unsure[unsure >= start]
        for chunk in _chunks(unsure[:_MOST_OPENED]):
            if np.count_nonzero(accepted[start : chunk[0]]) >= enough:
                return accepted, True
            accepted[chunk] = await asyncio.to_thread(self._check, node, rows.taken(chunk))
        return accepted, len(unsure) <= _MOST_OPENED

    def _check(self, node: Node, rows: TraceRows) -> list[bool]:
        traces = trace_texts(rows.parts)
        summaries = self._table.summaries(rows)
        return [match_spans(node, s, self.spans(t)) for t, s in zip(traces, summaries, strict=True)]

    def _opened(self, batch_id: int) -> dict[bytes, list[OneSpan]]:
        batches = self._batches
        known = batches.get(batch_id)
        if known is None:
            known = batches[batch_id] = spans_by_trace(self._reader.payload(batch_id))
            while len(batches) > _CACHED_BATCHES:
                batches.popitem(last=False)
        return known


def summary_of(trace_id: str, spans: SpanTable) -> TraceSummary:
    """The summary of an opened trace."""
    entry = min(range(len(spans)), key=lambda row: _entry_rank(spans, row))
    is_root = not spans.parent_ids[entry]
    ends = spans.start_ns + spans.duration_ns
    extent_ns = int(ends.max() - spans.start_ns.min())
    return TraceSummary(
        trace_id=trace_id,
        start_ns=int(spans.start_ns[entry]),
        duration_ms=(int(spans.duration_ns[entry]) if is_root else extent_ns) / 1e6,
        entry=spans.names[entry],
        entry_service=spans.services[entry],
        services=tuple(dict.fromkeys(spans.services)),
        spans=len(spans),
        errors=int(np.count_nonzero(spans.statuses == SpanStatus.ERROR)),
    )


def _entry_rank(spans: SpanTable, row: int) -> tuple[int, int]:
    kind = 0 if not spans.parent_ids[row] else 1 if spans.kinds[row] == SpanKind.SERVER else 2
    return kind, int(spans.start_ns[row])


def _after_cursor(rows: TraceRows, before: str) -> int:
    """The place in `rows` (newest first) that follows the cursor."""
    start, _, trace_id = before.partition(":")
    if not start.isdecimal():
        return 0
    same = np.flatnonzero(rows.start_ns == int(start)).tolist()
    for place in same:
        if rows.parts["trace"][place].tobytes().hex() == trace_id:
            return int(place) + 1
    return int(np.count_nonzero(rows.start_ns >= int(start)))


def _thinned(rows: TraceRows, most: int) -> Places:
    if len(rows) <= most:
        return np.arange(len(rows))
    by_duration = np.argsort(rows.duration_ms, kind="stable")[::-1]
    slowest = by_duration[: math.ceil(len(rows) * _SLOWEST)]
    errors = np.flatnonzero(rows.parts["errors"] > 0)
    first = np.union1d(slowest, errors)
    if len(first) > most:
        first = first[np.argsort(rows.duration_ms[first], kind="stable")[::-1][:most]]
    rest = np.setdiff1d(np.arange(len(rows)), first)
    room = min(most - len(first), len(rest))
    sample = rest[np.linspace(0, len(rest) - 1, room).astype(np.intp)] if room else rest[:0]
    return np.sort(np.concatenate([first, sample]))


def _chunks(
    places: Places,
) -> Iterator[Places]:
    for first in range(0, len(places), _AT_ONCE):
        yield places[first : first + _AT_ONCE]
