"""Which bins the histogram asks for: round steps that begin at round times, so that bars do not shimmer. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.time_axis import Span

STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
MOST_BINS = 120
NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Bins:
    """`count` bins of `step_s` seconds from `start_s` on."""

    start_s: int
    step_s: int
    count: int

    @property
    def span(self) -> Span:
        """What they cover."""
        return Span(float(self.start_s), float(self.start_s + self.step_s * self.count))

    @property
    def from_ns(self) -> int:
        """Where they begin."""
        return self.start_s * NS

    @property
    def to_ns(self) -> int:
        """Where they end."""
        return (self.start_s + self.step_s * self.count) * NS


def bins_for(start_s: float, end_s: float, most: int = MOST_BINS) -> Bins:
    """At most so many bins that cover the stretch, the last one begun."""
    length = max(end_s - start_s, 1.0)
    step = next((step for step in STEPS_S if length / step <= most - 1), STEPS_S[-1])
    first = int(start_s // step) * step
    count = int((end_s - first) // step) + 1
    return Bins(first, step, min(max(count, 1), most))


def step_text(step_s: int) -> str:
    """The bins' width in words."""
    if step_s < 60:
        return f"{step_s}\u2009s" if step_s > 1 else "second"
    if step_s < 3600:
        return f"{step_s // 60}\u2009min" if step_s > 60 else "minute"
    return "hour"
