"""Which part of a trace the waterfall shows, and where in pixels. Pure.

Times are nanoseconds from the trace's start; the pixels lie between `left` and `left + width`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

import numpy as np

from app.time_axis import THIN, format_duration
from protos.drill.v1.records import Int64Array

SHORTEST_NS = 1_000.0


@dataclass(frozen=True, slots=True)
class TimeView:
    """The stretch `low_ns` to `high_ns` of a trace that lasts `length_ns`."""

    length_ns: float
    low_ns: float
    high_ns: float

    @property
    def shown_ns(self) -> float:
        """How much is shown."""
        return self.high_ns - self.low_ns

    @property
    def is_whole(self) -> bool:
        """Whether all of the trace is shown."""
        return self.low_ns <= 0 and self.high_ns >= self.length_ns

    def zoomed(self, factor: float, around_ns: float | None = None) -> TimeView:
        """`factor` times as much; a moment keeps its pixel. Never more than the whole trace."""
        at = (self.low_ns + self.high_ns) / 2 if around_ns is None else around_ns
        shown = min(max(self.shown_ns * factor, SHORTEST_NS), self.length_ns)
        share = (at - self.low_ns) / self.shown_ns if self.shown_ns > 0 else 0.5
        return self._kept(at - share * shown, shown)

    def panned(self, share: float) -> TimeView:
        """Moved by a share of what is shown, inside the trace."""
        return self._kept(self.low_ns + share * self.shown_ns, self.shown_ns)

    def fitted(self) -> TimeView:
        """All of the trace."""
        return whole_view(self.length_ns)

    def between(self, low_ns: float, high_ns: float) -> TimeView:
        """From one moment to another, as far as they lie in the trace."""
        shown = min(max(high_ns - low_ns, SHORTEST_NS), self.length_ns)
        return self._kept((low_ns + high_ns - shown) / 2, shown)

    def showing(self, start_ns: float, end_ns: float) -> TimeView:
        """A stretch with some air around it."""
        shown = min(max((end_ns - start_ns) * 1.25, SHORTEST_NS), self.length_ns)
        return self._kept((start_ns + end_ns) / 2 - shown / 2, shown)

    def x_of(self, at_ns: float, left: float, width: float) -> float:
        """The pixel of a moment."""
        return left + (at_ns - self.low_ns) / self.shown_ns * width if self.shown_ns > 0 else left

    def time_of(self, x: float, left: float, width: float) -> float:
        """The moment at a pixel."""
        return self.low_ns + (x - left) / width * self.shown_ns if width > 0 else self.low_ns

    def bar(
        self, start_ns: float, end_ns: float, left: float, width: float, least: float = 2.0
    ) -> Bar | None:
        """The part of a bar that is shown, at least so many pixels wide; None if it lies outside."""
        if end_ns < self.low_ns or start_ns > self.high_ns:
            return None
        first = min(max(self.x_of(start_ns, left, width), left), left + width - least)
        last = min(max(self.x_of(end_ns, left, width), left), left + width)
        return Bar(first, max(last - first, least))

    def _kept(self, low: float, shown: float) -> TimeView:
        low = min(max(low, 0.0), max(self.length_ns - shown, 0.0))
        return TimeView(self.length_ns, low, low + shown)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in pixels."""

    left: float
    width: float

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + self.width


def whole_view(length_ns: float) -> TimeView:
    """All of a trace; one without length is shown as a microsecond."""
    length = max(float(length_ns), SHORTEST_NS)
    return TimeView(length, 0.0, length)


def pixel_runs(view: TimeView, low_ns: Int64Array, high_ns: Int64Array, width: int) -> list[tuple[int, int]]:
    """The pixels that any of many stretches covers, as (first, count) from the left end; each covers at least one."""
    inside = (high_ns >= view.low_ns) & (low_ns <= view.high_ns)
    if width <= 0 or not inside.any():
        return []
    scale = width / view.shown_ns
    first, last = (
        np.clip((times[inside] - view.low_ns) * scale, 0, width - 1).astype(np.int64)
        for times in (low_ns, high_ns)
    )
    steps = np.bincount(first, minlength=width + 1) - np.bincount(last + 1, minlength=width + 1)
    covered = (np.cumsum(steps[:width]) > 0).astype(np.int8)
    edges = np.flatnonzero(np.diff(covered, prepend=0, append=0)).tolist()
    return [(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def ticks_ns(view: TimeView, width: float, least_gap: float) -> tuple[float, ...]:
    """Round moments at least so many pixels apart."""
    if width <= 0 or view.shown_ns <= 0:
        return ()
    wanted = view.shown_ns * least_gap / width
    power = 10.0 ** floor(log10(wanted))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= wanted * (1 - 1e-9))
    first = floor(view.low_ns / step - 1e-9) + 1 if view.low_ns > 0 else 0
    last = floor(view.high_ns / step + 1e-9)
    return tuple(number * step for number in range(first, last + 1))


def tick_text(at_ns: float, step_ns: float) -> str:
    """A tick's label in one unit for all ticks of an axis."""
    if at_ns == 0:
        return "0"
    for unit_ns, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if step_ns >= unit_ns * 0.099 or unit == "µs":
            value = at_ns / unit_ns
            places = next(
                (p for p in (0, 1, 2, 3) if abs(step_ns / unit_ns - round(step_ns / unit_ns, p)) < 1e-9), 3
            )
            return f"{value:.{places}f}{THIN}{unit}"
    return ""


def duration_text(ns: float) -> str:
    """A duration as text; microseconds below a tenth of a millisecond."""
    if 0 < ns < 95_000:
        return f"{ns / 1e3:.0f}{THIN}µs"
    return format_duration(ns / 1e6)
