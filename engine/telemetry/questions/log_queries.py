"""Questions about log lines: newest first from the ring, then batch by batch from the disk, within a budget."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

import numpy as np
from google.protobuf.message import DecodeError

from engine.telemetry.disk.store import Reader, Signal
from engine.telemetry.memory.log_ring import LogRing
from engine.telemetry.questions.language import Node
from engine.telemetry.questions.log_match import asks_attributes, match_lines, node_of
from engine.telemetry.records import LEVELS, Int64, LogCounts, LogFilter, LogLine, LogPage
from engine.telemetry.wire.lean_pb2 import Logs
from engine.telemetry.wire.log_columns import (
    ROW_BITS,
    LogBatch,
    LogColumns,
    ServiceNumbers,
    decode_logs,
    picked_lines,
)

_SLICE = 8_192
_MOST_BATCHES = 600
_BATCHES_AT_ONCE = 8
_CACHED_BATCHES = 16
_MOST_LINES_OF_TRACE = 5_000


@dataclass(frozen=True, slots=True)
class _Matching:
    """The matching lines of one stretch, in order of arrival; `seen` lines of the stretch are in the range."""

    ids: Int64
    at_ns: Int64
    level: Int64
    seen: int


@dataclass(slots=True)
class _Budget:
    batches: int = _MOST_BATCHES
    complete: bool = True


@dataclass(frozen=True, slots=True)
class _Range:
    """Times from `from_ns` to below `to_ns`, ids above `after` and below `before`."""

    from_ns: int
    to_ns: int
    after: int
    before: int


class LogQueries:
    """The ring answers by columns and text; lines as records come from their batches."""

    def __init__(self, ring: LogRing, services: ServiceNumbers, reader: Reader) -> None:
        self._ring = ring
        self._services = services
        self._reader = reader
        self._lock = threading.Lock()
        self._disk_services = ServiceNumbers()
        self._batches: OrderedDict[int, LogBatch] = OrderedDict()

    async def logs(
        self, wanted: LogFilter, from_ns: int, to_ns: int, limit: int, before: int | None, after: int | None
    ) -> LogPage:
        """A page of lines, newest first."""
        within = _Range(from_ns, to_ns, -1 if after is None else after, 1 << 62 if before is None else before)
        budget = _Budget()
        found: list[int] = []
        async for part in self._matching(node_of(wanted), within, budget):
            found += part.ids[::-1].tolist()
            if len(found) > limit:
                break
        lines = await asyncio.to_thread(self._lines, found[:limit])
        newest = sorted(lines, key=lambda line: (line.at_ns, line.id), reverse=True)
        return LogPage(tuple(newest), len(found) > limit, budget.complete)

    async def log_counts(self, wanted: LogFilter, from_ns: int, to_ns: int, bins: int) -> LogCounts:
        """Matching lines by time and level."""
        bin_ns = max(1, -(-(to_ns - from_ns) // bins))
        counts = np.zeros((len(LEVELS), bins), np.int64)
        budget = _Budget()
        matched = total = 0
        async for part in self._matching(node_of(wanted), _Range(from_ns, to_ns, -1, 1 << 62), budget):
            np.add.at(counts, (part.level, (part.at_ns - from_ns) // bin_ns), 1)
            matched += len(part.ids)
            total += part.seen
        starts = from_ns + np.arange(bins, dtype=np.int64) * bin_ns
        return LogCounts(starts, bin_ns, counts, matched, total, budget.complete)

    def of_trace(self, trace: bytes) -> tuple[LogLine, ...]:
        """The lines of a trace in order of time. Reads the disk."""
        high, low = (int(half) for half in np.frombuffer(trace, np.uint64))
        ids: list[int] = []
        for number in self._reader.batches_of_trace(trace, Signal.LOGS):
            columns = self._batch(number).columns
            same = (columns.trace_low == np.uint64(low)) & (columns.trace_high == np.uint64(high))
            ids += columns.ids[same].tolist()
        lines = self._lines(ids[:_MOST_LINES_OF_TRACE])
        return tuple(sorted(lines, key=lambda line: (line.at_ns, line.id)))

    def forget_opened(self) -> None:
        """Open batches anew: retention has rewritten some."""
        with self._lock:
            self._batches.clear()

    async def _matching(self, node: Node, within: _Range, budget: _Budget) -> AsyncIterator[_Matching]:
        """Matching lines, the newest stretch first."""
        before_batch = within.before
        if not asks_attributes(node):
            oldest = self._ring.oldest_id
            for after in range(self._ring.total, self._ring.oldest, -_SLICE):
                lines = self._ring.between(after - _SLICE, after)
                yield _match(node, lines, self._services, within)
                await asyncio.sleep(0)
            before_batch = min(within.before, oldest) if oldest is not None else within.before
        numbers = await asyncio.to_thread(self._batches_in, within, before_batch)
        for first in range(0, len(numbers), _BATCHES_AT_ONCE):
            if budget.batches <= 0:
                budget.complete = False
                return
            chunk = numbers[first : first + _BATCHES_AT_ONCE]
            budget.batches -= len(chunk)
            # A batch that straddles the ring's oldest line: its newer lines were already answered.
            rest = _Range(within.from_ns, within.to_ns, within.after, before_batch)
            for part in await asyncio.to_thread(self._match_batches, node, chunk, rest):
                yield part

    def _batches_in(self, within: _Range, before: int) -> list[int]:
        waiting = [
            b.id
            for b in self._reader.pending(Signal.LOGS)
            if b.first_ns < within.to_ns and b.last_ns >= within.from_ns
        ]
        rows = self._reader.rows(
            "SELECT id FROM batch WHERE signal = 'logs' AND first_ns < ? AND last_ns >= ?",
            (min(within.to_ns, 1 << 62), within.from_ns),
        )
        first, last = within.after >> ROW_BITS, (before - 1) >> ROW_BITS
        found = {*waiting, *(row[0] for row in rows)}
        return sorted((number for number in found if first <= number <= last), reverse=True)

    def _match_batches(self, node: Node, numbers: Iterable[int], within: _Range) -> list[_Matching]:
        found: list[_Matching] = []
        for number in numbers:
            batch = self._batch(number)
            found.append(_match(node, batch.columns, self._disk_services, within, batch))
        return found

    def _lines(self, ids: list[int]) -> list[LogLine]:
        by_batch: dict[int, list[int]] = {}
        for line_id in ids:
            by_batch.setdefault(line_id >> ROW_BITS, []).append(line_id & (1 << ROW_BITS) - 1)
        found: list[LogLine] = []
        for number, rows in by_batch.items():
            with self._lock:
                known = self._batches.get(number)
            if known is None:
                found += self._picked(number, rows)
            else:
                found += [known.line(row) for row in rows if row < len(known.columns)]
        return found

    def _picked(self, number: int, rows: list[int]) -> list[LogLine]:
        """Lines of a batch that is not open: only those are decoded."""
        payload, received_ns = self._reader.payload(number), self._reader.received_ns(number)
        try:
            return picked_lines(Logs.FromString(payload), rows, number, received_ns)
        except DecodeError:
            return []

    def _batch(self, number: int) -> LogBatch:
        with self._lock:
            known = self._batches.get(number)
            if known is None:
                payload, received_ns = self._reader.payload(number), self._reader.received_ns(number)
                known = self._batches[number] = _opened(payload, self._disk_services, number, received_ns)
                if len(self._batches) > _CACHED_BATCHES:
                    self._batches.popitem(last=False)
            return known


def _opened(payload: bytes, services: ServiceNumbers, number: int, received_ns: int) -> LogBatch:
    try:
        return decode_logs([Logs.FromString(payload)], services, number, received_ns)
    except DecodeError:
        return decode_logs([], services, number, received_ns)


def _match(
    node: Node, lines: LogColumns, services: ServiceNumbers, within: _Range, batch: LogBatch | None = None
) -> _Matching:
    inside = (lines.at_ns >= within.from_ns) & (lines.at_ns < within.to_ns)
    inside &= (lines.ids > within.after) & (lines.ids < within.before)
    found = inside
    if inside.any():
        found = inside & match_lines(node, lines, services, batch.attributes if batch else None)
    return _Matching(
        lines.ids[found],
        lines.at_ns[found],
        lines.level[found].astype(np.int64),
        int(np.count_nonzero(inside)),
    )
