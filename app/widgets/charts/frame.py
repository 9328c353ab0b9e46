"""What surrounds the charts of a stack: the event lane above, the time axis below, and the marks over all of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.time_axis import Scale, Span, format_clock_seconds
from app.widgets.charts.lane import EventLane
from app.widgets.charts.overlay import Hairline, Marks, Overlay
from app.widgets.charts.row import Dot
from app.widgets.charts.specs import ChartEvent
from app.widgets.charts.time_bar import TimeBar


class Frame:
    """Lane and axis stay in view while the charts scroll between them."""

    def __init__(self, stack: QWidget, column: QVBoxLayout) -> None:
        self._stack = stack
        self._lane, self._bar, self._overlay = EventLane(stack), TimeBar(stack), Overlay(stack)
        self._events: tuple[ChartEvent, ...] = ()
        self._clock_offset_s = 0.0
        column.addWidget(self._lane)
        column.addWidget(self._bar)

    def pin(self, seen: tuple[int, int] | None) -> None:
        """Put the events at the top of what is seen of the stack (None: all of it), the time axis at its bottom."""
        height = self._stack.height()
        top, bottom = seen or (0, height)
        lane_y, bar_y = max(top, 0), min(bottom, height) - self._bar.height()
        self._lane.set_floating(lane_y > 0)
        self._bar.set_floating(bar_y < height - self._bar.height())
        self._lane.move(0, lane_y)
        self._bar.move(0, bar_y)
        self._overlay.setGeometry(self._stack.rect())
        for widget in (self._lane, self._bar, self._overlay):
            widget.raise_()

    def show_time(self, events: Sequence[ChartEvent], scale: Scale, clock_offset_s: float) -> None:
        """Place events and times."""
        self._events = tuple(event for event in events if scale.span.contains(event.at_s))
        self._clock_offset_s = clock_offset_s
        self._lane.show_events(self._events, scale)
        self._bar.show_scale(scale, clock_offset_s)

    def mark(
        self,
        scale: Scale,
        crosshair_s: float | None,
        dots: tuple[Dot, ...],
        brush: Span | None,
        stale_text: str,
        has_focus: bool,
    ) -> None:
        """Draw over the charts: the events' hairlines, the crosshair with its dots, the chosen stretch."""
        top = self._lane.geometry().bottom() + 1
        words = "" if crosshair_s is None else format_clock_seconds(crosshair_s, self._clock_offset_s)
        self._overlay.show_marks(
            Marks(
                left=scale.left,
                right=scale.left + scale.width,
                top=top,
                bottom=self._bar.y(),
                hairlines=tuple(Hairline(scale.x_of(event.at_s), top, event.kind) for event in self._events),
                crosshair_x=None if crosshair_s is None else scale.x_of(crosshair_s),
                crosshair_text=words,
                dots=dots,
                brush=(scale.x_of(brush.start_s), scale.x_of(brush.end_s)) if brush is not None else None,
                stale_text=stale_text,
                has_focus=has_focus,
            )
        )

    def event_at(self, point: QPointF) -> ChartEvent | None:
        """The marker under a point of the stack."""
        return self._lane.event_at(point.x(), point.y() - self._lane.y())
