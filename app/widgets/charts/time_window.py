"""Which stretch of time is shown, and whether it follows the present. Pure, so that its rules have tests."""

from __future__ import annotations

from app.time_axis import Span

SHORTEST_S, LONGEST_S = 10.0, 6 * 3600.0


class TimeWindow:
    """A stretch of so many seconds. While it is live it ends at the present."""

    def __init__(self, length_s: float = 1200.0) -> None:
        self.length_s = length_s
        self.now_s = length_s
        self.is_live = True
        self.span = Span(0.0, length_s)

    def follow(self, now_s: float) -> None:
        """The present moved on."""
        self.now_s = now_s
        if self.is_live:
            self.span = Span(now_s - self.length_s, now_s)

    def set_live(self, live: bool) -> None:
        """Follow the present again, or stay."""
        self.is_live = live
        self.follow(self.now_s)

    def set_length(self, length_s: float) -> None:
        """Show so many seconds, keeping the end."""
        self.length_s = _allowed(length_s)
        self.span = Span(self.span.end_s - self.length_s, self.span.end_s)
        self.follow(self.now_s)

    def show(self, span: Span) -> None:
        """Show a stretch of the past; this stops following."""
        self.is_live = False
        self.length_s = _allowed(span.length_s)
        self.span = Span(span.end_s - self.length_s, span.end_s)

    def zoom(self, factor: float, around_s: float | None = None) -> None:
        """Show `factor` times as much; a moment stays where it is, or the end if it is live."""
        length_s = _allowed(self.span.length_s * factor)
        if self.is_live:
            self.set_length(length_s)
            return
        at = around_s if around_s is not None else (self.span.start_s + self.span.end_s) / 2
        share = (at - self.span.start_s) / self.span.length_s
        self.length_s = length_s
        self.span = Span(at - share * length_s, at + (1 - share) * length_s)

    def pan(self, share: float) -> None:
        """Move by a share of what is shown; this stops following."""
        by = share * self.span.length_s
        self.show(Span(self.span.start_s + by, self.span.end_s + by))

    def reveal(self, at_s: float) -> None:
        """Bring a moment into the middle if it is not shown; this stops following."""
        if not self.span.contains(at_s):
            half = self.span.length_s / 2
            self.show(Span(at_s - half, at_s + half))


def _allowed(length_s: float) -> float:
    return min(max(length_s, SHORTEST_S), LONGEST_S)
