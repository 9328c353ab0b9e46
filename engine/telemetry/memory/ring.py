"""The span ring: the newest spans as columns of a fixed size."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque

import numpy as np

from engine.telemetry.wire.columns import COLUMN_TYPES, SpanColumns


class SpanRing:
    """Holds the last `capacity` spans in order of arrival; positions count all spans that ever came."""

    def __init__(self, capacity: int) -> None:
        self._columns = SpanColumns.empty(capacity)
        self._capacity = capacity
        self._total = 0
        self._marks: deque[tuple[int, int]] = deque()

    @property
    def total(self) -> int:
        """The position after the newest span."""
        return self._total

    @property
    def oldest(self) -> int:
        """The position of the oldest span that is still held."""
        return max(0, self._total - self._capacity)

    def append(self, spans: SpanColumns, received_ns: int) -> None:
        """Take spans in; the oldest ones give way."""
        self._marks.append((received_ns, self._total))
        self._total += len(spans)
        spans = spans.taken(slice(max(0, len(spans) - self._capacity), None))
        start = (self._total - len(spans)) % self._capacity
        before_end = min(len(spans), self._capacity - start)
        for name in COLUMN_TYPES:
            column, new = getattr(self._columns, name), getattr(spans, name)
            column[start : start + before_end] = new[:before_end]
            column[: len(spans) - before_end] = new[before_end:]
        while len(self._marks) > 1 and self._marks[1][1] <= self.oldest:
            self._marks.popleft()

    def between(self, first: int, after: int) -> SpanColumns:
        """The spans at positions `first` up to and without `after`, as far as they are held."""
        first = max(first, self.oldest)
        after = min(after, self._total)
        if first >= after:
            return SpanColumns.empty()
        start, end = first % self._capacity, after % self._capacity
        if start < end:
            return self._columns.taken(slice(start, end))
        parts = [self._columns.taken(slice(start, None)), self._columns.taken(slice(0, end))]
        return SpanColumns.joined(parts)

    def position_at(self, received_ns: int) -> int:
        """The position of the first span that came at `received_ns` or later."""
        index = bisect_left(self._marks, received_ns, key=lambda mark: mark[0])
        return self._marks[index][1] if index < len(self._marks) else self._total

    def of_trace(self, high: int, low: int) -> SpanColumns:
        """The spans of one trace."""
        used = min(self._total, self._capacity)
        rows = np.flatnonzero(self._columns.trace_low[:used] == np.uint64(low))
        rows = rows[self._columns.trace_high[rows] == np.uint64(high)]
        return self._columns.taken(rows)
