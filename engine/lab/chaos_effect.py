"""Whether an action was really felt: by the series that it should move, before and after. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.packs.chaos import Direction, SeenIn

_SPREADS = 4.0
_TO_SD = 1.4826
"""median absolute deviation to standard deviation, of a normal distribution"""
_LEAST_SHARE = 0.2
_POINTS_IN_A_ROW = 2
_LEAST_BY_ENDING: tuple[tuple[str, float], ...] = (
    ("_ms", 5.0), ("_percent", 5.0), ("usage", 5.0), ("_per_s", 0.4), ("in_flight", 1.0), ("failures", 1.0),
)  # fmt: skip
"""changes below that are nothing to look at"""

Points = tuple[Sequence[float], Sequence[float]]
"""times in seconds, ascending, and values"""


@dataclass(frozen=True, slots=True)
class Visible:
    """The effect was measured in a series, so long after the action began."""

    series: str
    after_s: float
    before: float
    value: float

    def __str__(self) -> str:
        return f"visible after {self.after_s:.0f} s: {self.series} from {self.before:.4g} to {self.value:.4g}"


@dataclass(frozen=True, slots=True)
class NotSeen:
    """No effect so far; `measured` are the series that had values to look at."""

    measured: tuple[str, ...]

    def __str__(self) -> str:
        return f"no effect seen in {', '.join(self.measured)}" if self.measured else "not measured"


def effect(watched: Iterable[SeenIn], points: Mapping[str, Points], began_s: float) -> Visible | NotSeen:
    """The earliest effect in any of the watched series.

    `points` holds what each of them was, from some 30 s before the action on; `engine.packs.chaos.seen_in` says which
    series to watch.
    """
    found: list[Visible] = []
    measured: list[str] = []
    for seen in watched:
        times, values = points.get(seen.series, ((), ()))
        before = [v for t, v in zip(times, values, strict=True) if t < began_s and not math.isnan(v)]
        after = [(t, v) for t, v in zip(times, values, strict=True) if t >= began_s and not math.isnan(v)]
        if after:
            measured.append(seen.series)
            found.extend(_first(seen, before, after, began_s))
    return min(found, key=lambda visible: visible.after_s) if found else NotSeen(tuple(measured))


def _first(
    seen: SeenIn, before: Sequence[float], after: Sequence[tuple[float, float]], began_s: float
) -> Iterable[Visible]:
    """The first time that enough points in a row are beyond what was usual before."""
    usual, margin = _usual(seen.series, before)
    sign = 1.0 if seen.direction is Direction.UP else -1.0
    in_a_row = 0
    for time_s, value in after:
        in_a_row = in_a_row + 1 if sign * (value - usual) > margin else 0
        if in_a_row == _POINTS_IN_A_ROW:
            yield Visible(seen.series, time_s - began_s, usual, value)
            return


def _usual(series: str, before: Sequence[float]) -> tuple[float, float]:
    """The median before, and how far a value must be from it. What had no values before was nothing."""
    usual = statistics.median(before) if before else 0.0
    spread = _TO_SD * statistics.median(abs(value - usual) for value in before) if before else 0.0
    least = next((value for ending, value in _LEAST_BY_ENDING if series.endswith(ending)), 0.0)
    return usual, max(_SPREADS * spread, _LEAST_SHARE * abs(usual), least)
