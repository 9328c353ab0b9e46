"""What a histogram of OTLP says of one interval: how many, the mean, percentiles. Pure.

Percentiles are interpolated within their bucket, as Prometheus' `histogram_quantile` does. Explicit and exponential
buckets are brought to one form: counts between bounds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.telemetry.records import Float64, Int64

MOST_BUCKETS = 4_096


@dataclass(frozen=True, slots=True)
class Distribution:
    """`counts[i]` values lie above `bounds[i]` and up to `bounds[i + 1]`; `total` is the sum of all values."""

    bounds: Float64
    counts: Int64
    total: float

    @property
    def count(self) -> int:
        """How many values."""
        return int(self.counts.sum())

    def since(self, before: Distribution | None) -> Distribution:
        """What came after `before`; all of it where the buckets differ or the exporter began anew."""
        if before is None or len(before.counts) != len(self.counts):
            return self
        grown = self.counts - before.counts
        if (grown < 0).any() or not np.array_equal(before.bounds, self.bounds):
            return self
        return Distribution(self.bounds, grown, self.total - before.total)

    def mean(self) -> float:
        """The mean; NaN of nothing."""
        return self.total / self.count if self.count else math.nan

    def quantiles(self, wanted: Sequence[float]) -> tuple[float, ...]:
        """The quantiles (0 to 1); NaN of nothing."""
        cumulative = np.cumsum(self.counts)
        count = int(cumulative[-1]) if len(cumulative) else 0
        if count == 0:
            return tuple(math.nan for _ in wanted)
        return tuple(self._quantile(q * count, cumulative) for q in wanted)

    def _quantile(self, rank: float, cumulative: Int64) -> float:
        place = int(np.searchsorted(cumulative, max(rank, 1e-9)))
        low, high = float(self.bounds[place]), float(self.bounds[place + 1])
        if not math.isfinite(high):
            return low
        if not math.isfinite(low):
            return high
        below = float(cumulative[place - 1]) if place else 0.0
        return low + (high - low) * (rank - below) / float(self.counts[place])


def explicit(bounds: Sequence[float], counts: Sequence[int], total: float) -> Distribution | None:
    """Explicit buckets; None where counts and bounds do not fit. Without buckets there is one for all values."""
    if len(counts) > MOST_BUCKETS or (len(counts) != len(bounds) + 1 and counts):
        return None
    lowest = 0.0 if not bounds or bounds[0] > 0 else -math.inf
    edges = np.array([lowest, *bounds, math.inf])
    if not (np.diff(edges) > 0).all():
        return None
    return Distribution(edges, np.array(counts or [0], np.int64), total)


def exponential(
    scale: int,
    zeros: int,
    negative: tuple[int, Sequence[int]],
    positive: tuple[int, Sequence[int]],
    total: float,
) -> Distribution | None:
    """Exponential buckets, each side as (offset, counts): bucket i is base^i to base^(i + 1), base 2^(2^-scale)."""
    if not -10 <= scale <= 20 or len(negative[1]) + len(positive[1]) > MOST_BUCKETS:
        return None
    with np.errstate(over="ignore"):
        above = _edges(scale, *positive)
        below = -_edges(scale, *negative)[::-1]
    edges = np.concatenate((below if len(negative[1]) else [0.0], above if len(positive[1]) else [0.0]))
    counts = np.array([*reversed(negative[1]), zeros, *positive[1]], np.int64)
    if len(edges) != len(counts) + 1:
        return None
    return Distribution(edges, counts, total)


def _edges(scale: int, offset: int, counts: Sequence[int]) -> Float64:
    exponents = (np.arange(len(counts) + 1) + offset) * 2.0**-scale
    return np.asarray(np.exp2(np.clip(exponents, -1074.0, 1024.0)))
