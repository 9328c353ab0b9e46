"""Durations on a logarithmic axis: from milliseconds to pixels and back, and round ticks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

LEAST_MS = 0.01
LEAST_DECADES = 1.0
AIR = 0.06


@dataclass(frozen=True, slots=True)
class LogScale:
    """Powers of ten of a millisecond `low` (at the pixel `bottom`) to `high` (at the pixel `top`)."""

    low: float
    high: float
    top: float
    bottom: float

    def y_of(self, duration_ms: float) -> float:
        """The pixel of a duration."""
        share = (log10(max(duration_ms, LEAST_MS)) - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)

    def duration_of(self, y: float) -> float:
        """The duration at a pixel, in milliseconds."""
        share = (self.bottom - y) / (self.bottom - self.top) if self.bottom != self.top else 0.0
        return float(10.0 ** (self.low + share * (self.high - self.low)))


def scale_for(least_ms: float, most_ms: float, top: float, bottom: float) -> LogScale:
    """A scale that shows these durations with some air, and at least a decade."""
    low, high = log10(max(least_ms, LEAST_MS)), log10(max(most_ms, least_ms, LEAST_MS))
    missing = max(0.0, LEAST_DECADES - (high - low)) / 2
    low, high = low - missing, high + missing
    air = (high - low) * AIR
    return LogScale(low - air, high + air, top, bottom)


def duration_ticks(scale: LogScale, at_most: int = 4) -> tuple[float, ...]:
    """Round durations (1, 2, 5 or only powers of ten) on the scale, in milliseconds; at most so many."""
    for factors in ((1, 2, 5), (1, 5), (1, 3), (1,)):
        found = _round_values(scale, factors)
        if len(found) <= at_most:
            return found
    powers = _round_values(scale, (1,))
    step = ceil(len(powers) / at_most)
    return powers[::step]


def _round_values(scale: LogScale, factors: Sequence[int]) -> tuple[float, ...]:
    values = (
        factor * 10.0**power for power in range(floor(scale.low), ceil(scale.high) + 1) for factor in factors
    )
    return tuple(value for value in values if scale.low <= log10(value) <= scale.high)
