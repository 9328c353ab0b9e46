"""Where a value lies on a chart, and which round values are named beside it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_TIME_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400)
_HEAD_ROOM = 0.08
_LIMIT_REACH = 4.0
"""A limit beyond this many times the data is left out: drawing it would press the curve flat."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear map from `low`..`high` to the pixels `start`..`end` (which may fall)."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of a value, not clipped."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def value_range(values: Iterable[float], limit: float | None) -> Point:
    """The lowest and highest value to show: from zero or below, with head room above."""
    finite = [value for value in values if math.isfinite(value)]
    high = max([0.0, *finite])
    low = min([0.0, *finite])
    if limit is not None and is_in_reach(limit, high):
        high = max(high, limit)
    if high <= 0 and low >= 0:
        high = limit if limit is not None and limit > 0 else 1.0
    span = high - low
    return (low - span * _HEAD_ROOM if low < 0 else low, high + span * _HEAD_ROOM)


def is_in_reach(limit: float, highest: float) -> bool:
    """Whether a limit lies near enough to the data to be drawn."""
    return highest <= 0 or limit <= highest * _LIMIT_REACH


def value_ticks(low: float, high: float) -> list[float]:
    """Three or four round values, zero among them where it is in the range."""
    step = _round_step((high - low) / 3.5)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def _round_step(rough: float) -> float:
    """The step of the series 1, 2, 5 that is nearest to `rough` by ratio."""
    power = 10.0 ** math.floor(math.log10(rough))
    steps = [factor * power for factor in (1, 2, 5, 10)]
    return min(steps, key=lambda step: abs(math.log(step / rough)))


def time_ticks(start_s: float, end_s: float, zero_s: float, most: int) -> tuple[list[float], int]:
    """At most about `most` times on round clock readings, and the step in seconds; `zero_s` is the clock at 0."""
    span = max(end_s - start_s, 1e-9)
    step = next((step for step in _TIME_STEPS_S if span / step <= most), math.ceil(span / most / 3600) * 3600)
    first = math.ceil((start_s + zero_s) / step - 1e-9)
    last = math.floor((end_s + zero_s) / step + 1e-9)
    return [index * step - zero_s for index in range(first, last + 1)], step


def runs(x: Sequence[float], y: Sequence[float]) -> list[list[Point]]:
    """The stretches of a curve between its gaps (NaN or infinite values)."""
    found: list[list[Point]] = []
    current: list[Point] = []
    for at, value in zip(x, y, strict=True):
        if math.isfinite(at) and math.isfinite(value):
            current.append((at, value))
        elif current:
            found.append(current)
            current = []
    return [*found, current] if current else found


@dataclass(frozen=True, slots=True)
class Column:
    """What a curve does within a few pixels: its lowest, middle and highest value."""

    x: float
    low: float
    middle: float
    high: float


def columns(points: Sequence[Point], width: float) -> list[Column]:
    """The points, gathered in columns of `width`, so that a dense curve keeps its course and its spikes."""
    groups: dict[int, list[Point]] = {}
    for point in points:
        groups.setdefault(math.floor(point[0] / width), []).append(point)
    return [_column(group) for group in groups.values()]


def _column(group: Sequence[Point]) -> Column:
    values = sorted(y for _, y in group)
    middle = statistics.median(values)
    return Column(sum(x for x, _ in group) / len(group), values[0], middle, values[-1])
