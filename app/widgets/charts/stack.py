"""The stack of charts: one time axis, one crosshair, one event lane for all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.selection import Selection
from app.theme import Token, px
from app.time_axis import Scale, Span
from app.widgets.charts.columns import RIGHT_MARGIN, plot_left
from app.widgets.charts.frame import Frame
from app.widgets.charts.gestures import Gestures
from app.widgets.charts.heat import HeatRow
from app.widgets.charts.readout import sentence
from app.widgets.charts.reduction import Floats
from app.widgets.charts.row import ChartRow, Dot
from app.widgets.charts.specs import ChartEvent, ChartPoint, ChartSpec, HeatSpec
from app.widgets.charts.stack_rows import StackRows
from app.widgets.charts.time_window import TimeWindow
from app.widgets.paint import draw_hairline

REFRESH_MS = 100


class ChartStack(QWidget):
    """Charts over one stretch of time. It redraws at most ten times a second, and only while it is visible.

    Give it `set_charts`, then `set_data` and `set_events` as they come, and `follow(now_s)` at each tick: while
    it is live the stretch ends there. A click, a drag, the wheel or the keys stop that (`liveChanged`);
    `set_live(True)` or L returns. Dragging chooses a stretch (`rangeBrushed`), a double click or Return opens
    what is behind the moment under the crosshair: `momentOpened` carries the key of the series that was meant, or
    nothing. `bind` links crosshair and range to a `Selection`.
    """

    crosshairMoved = Signal(object)
    rangeBrushed = Signal(object)
    spanChanged = Signal(object)
    liveChanged = Signal(bool)
    eventChosen = Signal(object)
    momentOpened = Signal(str)
    pointOpened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: dict[str, tuple[Floats, Floats]] = {}
        self._events: tuple[ChartEvent, ...] = ()
        self._points: dict[str, tuple[ChartPoint, ...]] = {}
        self._window = TimeWindow()
        self._clock_offset_s, self._stale_text = 0.0, ""
        self._crosshair_s: float | None = None
        self._is_held = False
        self._brush: Span | None = None
        self._baseline: Span | None = None
        self._selection: Selection | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        self._frame = Frame(self, column)
        self._rows = StackRows(self, column)
        self._seen: tuple[int, int] | None = None
        self._clock = QElapsedTimer()
        self._clock.start()
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self.refresh)
        self._gestures = Gestures(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Charts")

    @property
    def span(self) -> Span:
        """The stretch of time that is shown."""
        return self._window.span

    @property
    def is_live(self) -> bool:
        """Whether it follows the present."""
        return self._window.is_live

    @property
    def crosshair_s(self) -> float | None:
        """The moment under the crosshair."""
        return self._crosshair_s

    @property
    def specs(self) -> tuple[ChartSpec | HeatSpec, ...]:
        """The charts that are not hidden, from top to bottom."""
        return tuple(row.spec for row in self._rows.shown)

    @property
    def series(self) -> Mapping[str, tuple[Floats, Floats]]:
        """All that it has, by key."""
        return self._data

    @property
    def clock_offset_s(self) -> float:
        """What to add to Unix seconds to get the drill's time of day."""
        return self._clock_offset_s

    def bind(self, selection: Selection) -> None:
        """Share crosshair and time range with the other screens."""
        self._selection = selection
        selection.crosshairChanged.connect(self.show_crosshair)
        selection.timeRangeChanged.connect(self._take_range)
        if selection.time_range is not None:
            self._take_range(selection.time_range)

    def set_charts(self, specs: Sequence[ChartSpec | HeatSpec]) -> None:
        """Replace all charts. Where even that would stall, call `add_chart` from slices."""
        self._rows.clear()
        for spec in specs:
            self.add_chart(spec)

    def add_chart(self, spec: ChartSpec | HeatSpec, group: str = "") -> None:
        """Append one chart; charts of one group stand below its name."""
        self._rows.add(spec, group)
        self._frame.pin(self._seen)
        self._schedule()

    def hide_groups(self, hidden: Collection[str]) -> None:
        """Hide the charts of these groups; all others are shown."""
        if self._rows.hide_groups(hidden):
            self._schedule()

    def show_between(self, top: int, bottom: int) -> None:
        """It is seen from `top` to `bottom`: events and time axis stay in view, and only what is seen is drawn."""
        self._seen = (top, bottom)
        self._frame.pin(self._seen)
        self._schedule()

    def set_data(self, series: Mapping[str, tuple[Floats, Floats]]) -> None:
        """Take the arrays (x in Unix seconds, y in the chart's unit) of some keys; the others stay."""
        self._data.update(series)
        self._schedule()

    def data(self, key: str) -> tuple[Floats, Floats]:
        """What it has of one series."""
        return self._data.get(key, (np.empty(0), np.empty(0)))

    def set_events(self, events: Sequence[ChartEvent]) -> None:
        """Show these markers. They come filtered: what a participant must not see never gets here."""
        self._events = tuple(sorted(events, key=lambda event: event.at_s))
        self._schedule()

    def set_points(self, points: Mapping[str, Sequence[ChartPoint]]) -> None:
        """Show these single measurements, by the key of the series that they belong to, and no others.

        A click on one opens it: `pointOpened` carries its key.
        """
        self._points = {key: tuple(some) for key, some in points.items()}
        self._schedule()

    def set_clock_offset(self, seconds: float) -> None:
        """What to add to Unix seconds to get the drill's time of day."""
        if seconds != self._clock_offset_s:
            self._clock_offset_s = seconds
            self._schedule()

    def set_baseline(self, baseline: Span | None) -> None:
        """Draw the lines of another stretch of time behind those of this one, dashed; None takes them away."""
        if baseline != self._baseline:
            self._baseline = baseline
            self._schedule()

    def set_window(self, length_s: float) -> None:
        """Show so many seconds: up to the present if live, else around what is shown."""
        self._change(lambda: self._window.set_length(length_s))

    def follow(self, now_s: float) -> None:
        """The present moved on."""
        self._change(lambda: self._window.follow(now_s))

    def set_live(self, live: bool) -> None:
        """Follow the present, or stop doing so."""
        if live and not self.is_live:
            self._brush = None
            self._change(lambda: self._window.set_live(True))
            if self._selection is not None:
                self._selection.choose_time_range(None)
        elif not live:
            self._change(lambda: self._window.set_live(False))

    def show_span(self, span: Span) -> None:
        """Show a stretch of the past; this stops following."""
        self._change(lambda: self._window.show(span))

    def show_crosshair(self, at_s: float | None) -> None:
        """Move the crosshair from outside; None takes it away."""
        if at_s == self._crosshair_s:
            return
        self._crosshair_s = at_s
        for row in self._seen_rows():
            row.show_values(self._data, at_s)
        self._mark()

    def set_stale(self, text: str) -> None:
        """Dim the charts and say why (“refreshing”, “no data since 03:12:05”); an empty text is normal again."""
        if text != self._stale_text:
            self._stale_text = text
            self._mark()

    def values(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each chart's title with the names and values of its legend: the table for screen readers."""
        for row in self._rows.shown:
            row.show_values(self._data, self._crosshair_s)
        return [(row.spec.title, row.value_texts()) for row in self._rows.shown]

    def refresh(self) -> None:
        """Draw everything now."""
        if not self.isVisible():
            return
        self._due.stop()
        self._clock.restart()
        self._frame.pin(self._seen)
        for row in self._seen_rows():
            if isinstance(row, ChartRow):
                row.refresh(self._data, self.span, self._baseline)
                row.show_points(self._points_of(row))
            else:
                row.refresh(self._data, self.span)
            row.show_values(self._data, self._crosshair_s)
        if QAccessible.isActive():
            self._describe()
        self._frame.show_time(self._events, self.scale, self._clock_offset_s)
        self._mark()

    def step_event(self, direction: int) -> None:
        """Move the crosshair to the next (1) or previous (-1) marker."""
        at = self._crosshair_s if self._crosshair_s is not None else self.span.end_s
        later = [event for event in self._events if event.at_s > at + 1e-3]
        earlier = [event for event in self._events if event.at_s < at - 1e-3]
        found = (later[:1] if direction > 0 else earlier[-1:]) or []
        for event in found:
            self.point_at(event.at_s)
            self.eventChosen.emit(event)

    def point_at(self, at_s: float) -> None:
        """Hold the crosshair at a moment, and move there if it is not in view."""
        self._change(partial(self._window.reveal, at_s))
        self.hold(at_s)

    def restyle(self) -> None:
        """Draw with other colours and sizes."""
        for row in self._rows.shown:
            if isinstance(row, ChartRow):
                row.plot.restyle()
        self._schedule()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while it was hidden."""
        super().showEvent(event)
        self._schedule()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Reduce for the new width."""
        super().resizeEvent(event)
        self._frame.pin(self._seen)
        self._schedule()

    def event(self, event: QEvent) -> bool:
        """A new layout puts events and time axis back to their places."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._frame.pin(self._seen)
        return done

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the hairlines between the charts."""
        painter = QPainter(self)
        for row in self._rows.shown:
            draw_hairline(painter, 0, row.y() - 1, self.width(), Token.LINE1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring."""
        super().focusInEvent(event)
        self._mark()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus ring away."""
        super().focusOutEvent(event)
        self._mark()

    # what gestures do

    @property
    def scale(self) -> Scale:
        """From seconds to pixels."""
        left = plot_left()
        return Scale(self.span, left, self.width() - left - px(RIGHT_MARGIN))

    @property
    def is_held(self) -> bool:
        """Whether the crosshair stays where it is."""
        return self._is_held

    @property
    def is_brushed(self) -> bool:
        """Whether a stretch of time is marked."""
        return self._brush is not None

    def event_at(self, point: QPointF) -> ChartEvent | None:
        """The marker under a point of the stack."""
        return self._frame.event_at(point)

    def chart_point_at(self, point: QPointF) -> ChartPoint | None:
        """The single measurement under a point of the stack."""
        for row in self._seen_rows():
            if isinstance(row, ChartRow) and row.y() <= point.y() < row.y() + row.height():
                return row.point_near(point.x(), point.y() - row.y())
        return None

    def _points_of(self, row: ChartRow) -> dict[str, tuple[ChartPoint, ...]]:
        return {
            key: tuple(point for point in self._points[key] if self.span.contains(point.at_s))
            for key in row.keys
            if key in self._points
        }

    def choose_event(self, event: ChartEvent) -> None:
        """Point at a marker, and tell."""
        self.point(event.at_s)
        self.eventChosen.emit(event)

    def point(self, at_s: float | None) -> None:
        """Move the crosshair, for all screens; None takes it away."""
        if at_s == self._crosshair_s:
            return
        self.show_crosshair(at_s)
        self.crosshairMoved.emit(at_s)
        if self._selection is not None:
            self._selection.point_at(at_s)

    def hold(self, at_s: float) -> None:
        """Keep the crosshair at a moment in view."""
        self._is_held = True
        self.point(at_s)

    def click(self, at_s: float) -> None:
        """Stop following, and hold the crosshair or let it go."""
        self.set_live(False)
        self._is_held = not self._is_held
        self.point(at_s)

    def brush(self, span: Span) -> None:
        """Mark a stretch of time; this stops following."""
        self._brush = span
        self.set_live(False)
        self._mark()

    def choose_brush(self) -> None:
        """The marked stretch is chosen, for all screens."""
        if self._brush is not None:
            self.rangeBrushed.emit(self._brush)
            if self._selection is not None:
                self._selection.choose_time_range(self._brush)

    def open_moment(self, point: QPointF | None = None) -> None:
        """Open what is behind the moment under the crosshair; `point` says which series is meant."""
        if self._crosshair_s is not None:
            self.momentOpened.emit("" if point is None else self._key_at(point, self._crosshair_s))

    def _key_at(self, point: QPointF, at_s: float) -> str:
        for row in self._rows.shown:
            if row.y() <= point.y() < row.y() + row.height():
                return row.key_at(self._data, at_s, point.y() - row.y())
        return ""

    def clear_brush(self) -> None:
        """Let go of the brush and of a held crosshair."""
        self._brush, self._is_held = None, False
        self.point(None)
        self._mark()

    def zoom(self, factor: float, around_s: float | None = None) -> None:
        """Show `factor` times as much time, with a moment staying where it is. Live stays live at the end."""
        self._change(lambda: self._window.zoom(factor, around_s))

    def pan(self, share: float) -> None:
        """Move by a share of what is shown; this stops following."""
        self._change(lambda: self._window.pan(share))

    def _describe(self) -> None:
        """Each chart as a sentence, for whoever does not see it."""
        told = [sentence(spec, self._data, self.span, self._clock_offset_s) for spec in self.specs]
        for row, words in zip(self._rows.shown, told, strict=True):
            row.setAccessibleDescription(words)
        self.setAccessibleDescription(". ".join(told))

    def _seen_rows(self) -> Sequence[ChartRow | HeatRow]:
        return self._rows.shown if self._seen is None else self._rows.within(*self._seen)

    def _change(self, change: Callable[[], None]) -> None:
        """Change what is shown, draw it soon, and tell."""
        before, was_live = self.span, self.is_live
        change()
        if self.span != before:
            self._schedule()
            self.spanChanged.emit(self.span)
        if self.is_live != was_live:
            self.liveChanged.emit(self.is_live)

    def _take_range(self, span: Span | None) -> None:
        self._brush = span
        if span is None:
            self.set_live(True)
        else:
            self.set_live(False)
            self._change(lambda: self._window.reveal(span.start_s))
        self._mark()

    def _schedule(self) -> None:
        if self.isVisible() and not self._due.isActive():
            self._due.start(max(0, REFRESH_MS - self._clock.elapsed()))

    def _mark(self) -> None:
        dots = () if self._crosshair_s is None else self._dots(self._crosshair_s)
        has_focus = self.hasFocus() and self._gestures.by_key
        self._frame.mark(self.scale, self._crosshair_s, dots, self._brush, self._stale_text, has_focus)

    def _dots(self, at_s: float) -> tuple[Dot, ...]:
        return tuple(
            replace(dot, y=dot.y + row.y()) for row in self._seen_rows() for dot in row.dots(self._data, at_s)
        )
