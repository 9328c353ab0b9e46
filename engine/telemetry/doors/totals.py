"""What was counted since the engine began, in the buckets of a Prometheus histogram: it only ever grows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.telemetry.memory.histogram import VALUES_MS
from engine.telemetry.memory.rollups import RollupRow
from engine.telemetry.records import Int64

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""OpenTelemetry's advice for durations of requests."""

_BOUND_OF_BUCKET = np.searchsorted(np.array(BOUNDS_S) * 1000.0, VALUES_MS)
"""The first bound that a latency bucket's value does not exceed; the last place is for all above."""


@dataclass(slots=True)
class Counted:
    """One key's total: `counts[i]` requests up to `BOUNDS_S[i]`, above the bound before; the last above all."""

    counts: Int64 = field(default_factory=lambda: np.zeros(len(BOUNDS_S) + 1, np.int64))
    seconds: float = 0.0
    errors: int = 0

    def add(self, row: RollupRow) -> None:
        """Count one more second."""
        buckets, counts = row.histogram["bucket"], row.histogram["count"].astype(np.int64)
        self.counts += np.bincount(_BOUND_OF_BUCKET[buckets], counts, len(self.counts)).astype(np.int64)
        self.seconds += float(VALUES_MS[buckets] @ counts) / 1000.0
        self.errors += row.errors

    def copy(self) -> Counted:
        """The same, to count on."""
        return Counted(self.counts.copy(), self.seconds, self.errors)


class Totals:
    """By key, from rollups as they are closed."""

    def __init__(self) -> None:
        self._by_key: dict[int, Counted] = {}

    def add(self, rows: Iterable[RollupRow]) -> None:
        """Count closed seconds."""
        _count(self._by_key, rows)

    def with_open(self, rows: Iterable[RollupRow]) -> Mapping[int, Counted]:
        """The totals with the seconds that are still open."""
        found = {key: counted.copy() for key, counted in self._by_key.items()}
        _count(found, rows)
        return found


def _count(totals: dict[int, Counted], rows: Iterable[RollupRow]) -> None:
    for row in rows:
        counted = totals.get(row.key)
        if counted is None:
            counted = totals[row.key] = Counted()
        counted.add(row)
