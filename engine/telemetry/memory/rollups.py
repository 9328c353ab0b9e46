"""Counts and latency histograms a second and key; a range of time is their sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.telemetry.memory.histogram import SPARSE, Sparse, buckets_of, merged
from engine.telemetry.records import Bool, Int64

_CLOSED_S = 900
_KEY_BITS = 28
_BUCKET_BITS = 12


@dataclass(frozen=True, slots=True)
class RollupRow:
    """One second of one key at rest. Late spans make a further row of the same second and key: rows add up."""

    second: int
    key: int
    requests: int
    errors: int
    histogram: Sparse


@dataclass(slots=True)
class _Cell:
    requests: int = 0
    errors: int = 0
    buckets: dict[int, int] = field(default_factory=dict)

    def row(self, second: int, key: int) -> RollupRow:
        histogram = np.fromiter(self.buckets.items(), SPARSE, len(self.buckets))
        return RollupRow(second, key, self.requests, self.errors, histogram)


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a key over a range; `counts` is a dense histogram."""

    requests: int
    errors: int
    counts: Int64


class Rollups:
    """The last 15 minutes in memory; `close` hands out what goes to disk."""

    def __init__(self, start_s: int) -> None:
        self.covered_from_s = start_s
        """before this second only the disk knows all"""
        self._open: dict[int, dict[int, _Cell]] = {}
        self._closed: dict[int, tuple[RollupRow, ...]] = {}

    def add(self, seconds: Int64, keys: Int64, durations_us: NDArray[np.uint32], errors: Bool) -> None:
        """Count one request an element."""
        if not len(seconds):
            return
        base = int(seconds.min())
        places = (seconds - base) << _KEY_BITS | keys
        codes, counts = np.unique(places << _BUCKET_BITS | buckets_of(durations_us), return_counts=True)
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            cell = self._cell(base, code >> _BUCKET_BITS)
            bucket = code & (1 << _BUCKET_BITS) - 1
            cell.requests += count
            cell.buckets[bucket] = cell.buckets.get(bucket, 0) + count
        if errors.any():
            failed, counts = np.unique(places[errors], return_counts=True)
            for place, count in zip(failed.tolist(), counts.tolist(), strict=True):
                self._cell(base, place).errors += count

    def close(self, before_s: int) -> tuple[RollupRow, ...]:
        """The rows of all seconds below `before_s` that are still open; what comes later makes new rows."""
        seconds = sorted(second for second in self._open if second < before_s)
        rows: list[RollupRow] = []
        for second in seconds:
            closed = tuple(cell.row(second, key) for key, cell in self._open.pop(second).items())
            self._closed[second] = (*self._closed.get(second, ()), *closed)
            rows += closed
        self.covered_from_s = max(self.covered_from_s, before_s - _CLOSED_S)
        for second in [known for known in self._closed if known < self.covered_from_s]:
            del self._closed[second]
        return tuple(rows)

    def rows(self, from_s: int, to_s: int) -> Iterator[RollupRow]:
        """What is in memory of `from_s <= second < to_s`. Other threads may ask: each look takes a copy first."""
        if to_s - from_s <= len(self._closed):
            for second in range(from_s, to_s):
                yield from self._closed.get(second, ())
        else:
            for second, rows in tuple(self._closed.items()):
                if from_s <= second < to_s:
                    yield from rows
        yield from self.open_rows(from_s, to_s)

    def open_rows(self, from_s: int, to_s: int) -> Iterator[RollupRow]:
        """What of it is not on disk."""
        for second, cells in tuple(self._open.items()):
            if from_s <= second < to_s:
                for key, cell in tuple(cells.items()):
                    yield cell.row(second, key)

    def _cell(self, base: int, place: int) -> _Cell:
        cells = self._open.setdefault(base + (place >> _KEY_BITS), {})
        key = place & (1 << _KEY_BITS) - 1
        cell = cells.get(key)
        if cell is None:
            cell = cells[key] = _Cell()
        return cell


def totals(rows: Iterable[RollupRow]) -> dict[int, Total]:
    """The sum of each key."""
    by_key: dict[int, list[RollupRow]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    return {key: total(found) for key, found in by_key.items()}


def total(rows: list[RollupRow]) -> Total:
    """The sum of rows, whatever their seconds and keys."""
    counts = merged([row.histogram for row in rows])
    return Total(requests=int(counts.sum()), errors=sum([row.errors for row in rows]), counts=counts)
