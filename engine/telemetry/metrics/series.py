"""The 1 s series store: any named number over time, in memory as arrays, on disk as rows."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import numpy as np

from engine.telemetry.records import Float64, Int64, Series

_CHUNK_S = 3600
_MAX_CHUNKS = 24 * 14
_JOURNAL = 65_536

Point = tuple[str, int, float]
"""name, second, value"""


class SeriesStore:
    """Values by name and second; a later value of the same second replaces the earlier one.

    Every change is numbered, so that feeds and the writer each ask for what is new since their own number.
    """

    def __init__(self, max_series: int = 2_000) -> None:
        self._chunks: dict[str, dict[int, Float64]] = {}
        self._newest: dict[str, int] = {}
        self._journal: deque[Point] = deque(maxlen=_JOURNAL)
        self._changes = 0
        self._max_series = max_series
        self.dropped_points = 0

    @property
    def changes(self) -> int:
        """The number of the newest change."""
        return self._changes

    def add(self, name: str, at_s: float, value: float) -> bool:
        """Set the value of `name` in the second that holds `at_s` (wall clock); NaN makes a gap.

        False, and counted, where the series or the second is one too many.
        """
        second = math.floor(at_s)
        if not self._put(name, second, value):
            self.dropped_points += 1
            return False
        self._changes += 1
        self._journal.append((name, second, value))
        return True

    def load(self, points: Iterable[Point]) -> None:
        """Fill in recorded points; they do not count as changes."""
        for name, second, value in points:
            self._put(name, second, value)

    def names(self) -> tuple[str, ...]:
        """All series, in alphabetical order."""
        return tuple(sorted(self._chunks))

    def latest(self, name: str) -> tuple[int, float] | None:
        """The newest second of a series and its value there (which may be NaN)."""
        second = self._newest.get(name)
        if second is None:
            return None
        return second, float(self._chunks[name][second // _CHUNK_S][second % _CHUNK_S])

    def values(self, name: str, from_s: int, to_s: int) -> Float64:
        """One value a second, from `from_s` up to and without `to_s`; NaN where there is none."""
        length = max(0, to_s - from_s)
        out = np.full(length, np.nan)
        for key, chunk in self._chunks.get(name, {}).items():
            start = max(from_s, key * _CHUNK_S)
            end = min(to_s, (key + 1) * _CHUNK_S)
            if start < end:
                offset = key * _CHUNK_S
                out[start - from_s : end - from_s] = chunk[start - offset : end - offset]
        return out

    def read(
        self, names: Sequence[str], from_s: int, to_s: int, max_points: int = 2_000
    ) -> dict[str, Series]:
        """The series over `from_s <= second < to_s`, each reduced to at most `max_points` points.

        Unknown names give empty series. The range is cut to where the series has values.
        """
        return {name: self._read(name, from_s, to_s, max_points) for name in names}

    def changed_since(self, change: int) -> tuple[int, Mapping[str, Mapping[int, float]], bool]:
        """The newest change number, the changed points by series and second, and whether that is all of them.

        Not all: the journal is bounded, and who fell behind reads the series anew.
        """
        missed = self._changes - change
        complete = missed <= len(self._journal)
        changed: dict[str, dict[int, float]] = {}
        for name, second, value in islice(reversed(self._journal), missed):
            changed.setdefault(name, {}).setdefault(second, value)
        return self._changes, changed, complete

    def _put(self, name: str, second: int, value: float) -> bool:
        chunks = self._chunks.get(name)
        if chunks is None:
            if len(self._chunks) >= self._max_series:
                return False
            chunks = self._chunks[name] = {}
        key = second // _CHUNK_S
        chunk = chunks.get(key)
        if chunk is None:
            if len(chunks) >= _MAX_CHUNKS:
                return False
            chunk = chunks[key] = np.full(_CHUNK_S, np.nan)
        chunk[second % _CHUNK_S] = value
        self._newest[name] = max(second, self._newest.get(name, second))
        return True

    def _read(self, name: str, from_s: int, to_s: int, max_points: int) -> Series:
        chunks = self._chunks.get(name)
        if not chunks:
            return Series(name, np.empty(0, np.int64), np.empty(0))
        start = max(from_s, min(chunks) * _CHUNK_S)
        end = min(to_s, self._newest[name] + 1)
        values = self.values(name, start, end)
        known = np.flatnonzero(~np.isnan(values))
        if not len(known):
            return Series(name, np.empty(0, np.int64), np.empty(0))
        first, last = int(known[0]), int(known[-1]) + 1
        at_s = np.arange(start + first, start + last, dtype=np.int64)
        return Series(name, *reduce_points(at_s, values[first:last], max_points))


def reduce_points(at_s: Int64, values: Float64, max_points: int) -> tuple[Int64, Float64]:
    """At most `max_points` points that keep each stretch's lowest and highest value, and gaps (NaN).

    Stretches are of equal length; of one that is all gap a single NaN stays.
    """
    count = len(values)
    if count <= max_points:
        return at_s, values
    stretches = max(1, max_points // 2)
    size = -(-count // stretches)
    padded = np.full(-(-count // size) * size, np.nan)
    padded[:count] = values
    table = padded.reshape(-1, size)
    empty = np.isnan(table).all(axis=1)
    low = np.where(np.isnan(table), np.inf, table).argmin(axis=1)
    high = np.where(np.isnan(table), -np.inf, table).argmax(axis=1)
    base = np.arange(len(table)) * size
    picked = np.unique(np.concatenate([base[empty], (base + low)[~empty], (base + high)[~empty]]))
    return at_s[picked], values[picked]
