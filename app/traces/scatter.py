"""Duration over time, one point a trace: ok as dots, errors as diamonds; dragging chooses a stretch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.selection import Selection
from app.theme import SEMIBOLD, Token, colour, font, px
from app.time_axis import (
    Scale,
    Span,
    format_clock_seconds,
    format_duration,
    format_tick,
    span_between,
    tick_step_s,
    ticks,
)
from app.traces.history import NS, Band
from app.traces.log_scale import LogScale, duration_ticks, scale_for
from app.widgets.paint import CENTRE, RIGHT, draw_box, draw_text, faded, smooth, text_width
from protos.drill.v1.records import TraceSummary

GUTTER, BOTTOM, TOP, SIDE = 62, 26, 8, 16
REACH_PX = 9
DRAG_FROM_PX = 4


class Scatter(QWidget):
    """The points are drawn once a refresh and kept; brush, crosshair and hover are painted above.

    `brushed` carries a `Span` and a `Band`, or None twice when the brush was taken away; `chosen` a trace id.
    """

    brushed = Signal(object, object)
    chosen = Signal(str)

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._traces: tuple[TraceSummary, ...] = ()
        self._window = Span(0.0, 300.0)
        self._offset_s = 0.0
        self._band: Band | None = None
        self._picture: QPixmap | None = None
        self._x = self._y = np.zeros(0)
        self._hover = -1
        self._press: QPointF | None = None
        self._drag: QPointF | None = None
        self._dimmed = False
        self._has_window = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Duration of traces over time")
        selection.crosshairChanged.connect(lambda _: self.update())
        selection.traceChanged.connect(lambda _: self.update())
        selection.timeRangeChanged.connect(self._follow_range)

    def show_traces(self, traces: Sequence[TraceSummary], window: Span, offset_s: float) -> None:
        """Show these traces, newest first."""
        self._traces, self._window, self._offset_s = tuple(traces), window, offset_s
        self._has_window = True
        slowest = max((trace.duration_ns for trace in traces), default=0)
        errors = sum(trace.errors > 0 for trace in traces)
        self.setAccessibleDescription(
            f"{len(traces)} traces, {errors} with errors, slowest {format_duration(slowest / 1e6)}"
        )
        self._forget_picture()

    def set_dimmed(self, dimmed: bool) -> None:
        """Old data while new is on its way, or the engine is lost."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    def clear_brush(self) -> None:
        """Take the brush away."""
        if self._band is not None or self._selection.time_range is not None:
            self._band = None
            self.brushed.emit(None, None)
            self.update()

    def restyle(self) -> None:
        """Draw the points in other colours."""
        self._forget_picture()

    def sizeHint(self) -> QSize:
        """A chart."""
        return QSize(px(400), px(230))

    def minimumSizeHint(self) -> QSize:
        """Small, but readable."""
        return QSize(px(240), px(120))

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the points anew."""
        super().resizeEvent(event)
        self._forget_picture()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the points, then paint what moves; nothing before the first answer."""
        if not self._has_window:
            return
        if self._picture is None:
            self._picture = self._draw()
        painter = QPainter(self)
        if self._dimmed:
            painter.setOpacity(0.45)
        painter.drawPixmap(0, 0, self._picture)
        painter.setOpacity(1.0)
        self._paint_brush(painter)
        self._paint_crosshair(painter)
        self._paint_chosen(painter)
        self._paint_hover(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag, or take the point."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._press, self._drag = event.position(), None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move crosshair, hover or brush."""
        at = event.position()
        if self._press is not None:
            if (at - self._press).manhattanLength() >= DRAG_FROM_PX:
                self._drag = at
            self.update()
            return
        area = self._area()
        self._selection.point_at(self._time_scale().time_of(at.x()) if area.contains(at) else None)
        hover = self._nearest(at)
        if hover != self._hover:
            self._hover = hover
            shape = Qt.CursorShape.PointingHandCursor if hover >= 0 else Qt.CursorShape.CrossCursor
            self.setCursor(shape)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the stretch, or the point."""
        press, drag, self._press, self._drag = self._press, self._drag, None, None
        if press is None:
            return
        if drag is None:
            found = self._nearest(event.position())
            if found >= 0:
                self.chosen.emit(self._traces[found].trace_id)
            else:
                self.clear_brush()
            self.update()
            return
        time_scale, scale = self._time_scale(), self._value_scale()
        span = span_between(time_scale.clamped_time_of(press.x()), time_scale.clamped_time_of(drag.x()))
        durations = sorted(scale.duration_of(point.y()) for point in (press, drag))
        area = self._area()
        whole = abs(press.y() - drag.y()) > area.height() * 0.9
        self._band = None if whole else Band(*durations)
        self.brushed.emit(span, self._band)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._hover = -1
        self._selection.point_at(None)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape takes the brush away."""
        if event.key() == Qt.Key.Key_Escape and (self._band or self._selection.time_range):
            self.clear_brush()
        else:
            super().keyPressEvent(event)

    # geometry

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(px(GUTTER), px(TOP), -px(SIDE), -px(BOTTOM))

    def _time_scale(self) -> Scale:
        area = self._area()
        return Scale(self._window, area.left(), area.width())

    def _value_scale(self) -> LogScale:
        area = self._area()
        durations = [trace.duration_ns for trace in self._traces] or [10_000_000, 1_000_000_000]
        return scale_for(min(durations) / 1e6, max(durations) / 1e6, area.top(), area.bottom())

    def _nearest(self, at: QPointF) -> int:
        if not len(self._x):
            return -1
        away = (self._x - at.x()) ** 2 + (self._y - at.y()) ** 2
        found = int(np.argmin(away))
        return found if float(away[found]) <= px(REACH_PX) ** 2 else -1

    def _follow_range(self, time_range: Span | None) -> None:
        if time_range is None:
            self._band = None
        self.update()

    # painting

    def _forget_picture(self) -> None:
        self._picture = None
        self._hover = -1
        self.update()

    def _draw(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        area, scale = self._area(), self._value_scale()
        for value in duration_ticks(scale):
            y = round(scale.y_of(value))
            painter.fillRect(QRectF(area.left(), y, area.width(), 1), colour(Token.LINE1))
            label = QRectF(0, y - px(8), area.left() - px(8), px(16))
            draw_text(painter, label, _tick(value), font(11), Token.TEXT3, RIGHT)
        self._draw_times(painter, area)
        self._place_points(scale)
        painter.setClipRect(area.adjusted(-px(4), -px(4), px(4), px(4)))
        self._draw_points(painter)
        painter.end()
        return picture

    def _draw_times(self, painter: QPainter, area: QRectF) -> None:
        scale, face = self._time_scale(), font(11)
        gap = text_width("00:00:00", face) + px(36)
        step = tick_step_s(scale.span.length_s, scale.width, gap)
        for at_s in ticks(scale, gap, self._offset_s):
            x = scale.x_of(at_s)
            text = format_tick(at_s, step, self._offset_s)
            half = text_width(text, face) / 2 + 2
            if x - half < area.left() - px(20) or x + half > self.width():
                continue
            painter.fillRect(QRectF(round(x), area.bottom() + px(4), 1, px(4)), colour(Token.LINE2))
            place = QRectF(x - half, area.bottom() + px(8), 2 * half, px(BOTTOM) - px(8))
            draw_text(painter, place, text, face, Token.TEXT3, CENTRE)

    def _place_points(self, scale: LogScale) -> None:
        times = np.array([trace.start_ns for trace in self._traces], np.float64) / NS
        durations = np.array([trace.duration_ns for trace in self._traces], np.float64) / 1e6
        time_scale = self._time_scale()
        length = max(time_scale.span.length_s, 1e-9)
        self._x = time_scale.left + (times - time_scale.span.start_s) / length * time_scale.width
        share = (np.log10(np.maximum(durations, 0.01)) - scale.low) / (scale.high - scale.low)
        self._y = scale.bottom - share * (scale.bottom - scale.top)

    def _draw_points(self, painter: QPainter) -> None:
        smooth(painter)
        places = list(zip(self._x.tolist(), self._y.tolist(), self._traces, strict=True))
        dots = QPolygonF([QPointF(x, y) for x, y, trace in places if not trace.errors])
        cap = Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(faded(colour(Token.INFO), 0.6), px(4), c=cap))
        painter.drawPoints(dots)
        painter.setPen(QPen(colour(Token.BG1), 0.8))
        painter.setBrush(colour(Token.CRIT))
        for x, y, trace in places:
            if trace.errors:
                painter.drawPolygon(_diamond(x, y, px(5)))

    def _paint_brush(self, painter: QPainter) -> None:
        area = self._area()
        if self._press is not None and self._drag is not None:
            rect = QRectF(self._press, self._drag).normalized().intersected(area)
        elif self._selection.time_range is not None:
            chosen, scale, values = self._selection.time_range, self._time_scale(), self._value_scale()
            left, right = scale.x_of(chosen.start_s), scale.x_of(chosen.end_s)
            top = values.y_of(self._band.high_ms) if self._band else area.top()
            bottom = values.y_of(self._band.low_ms) if self._band else area.bottom()
            rect = QRectF(QPointF(left, top), QPointF(right, bottom)).intersected(area)
        else:
            return
        if rect.isEmpty():
            return
        painter.fillRect(rect, faded(colour(Token.TEXT1), 0.07))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(colour(Token.TEXT2), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(0, 0, -1, -1).toRect())

    def _paint_crosshair(self, painter: QPainter) -> None:
        at_s, area = self._selection.crosshair_s, self._area()
        if at_s is None or not self._window.contains(at_s) or self._press is not None:
            return
        x = self._time_scale().x_of(at_s)
        painter.fillRect(QRectF(round(x), area.top(), 1, area.height()), faded(colour(Token.TEXT2), 0.5))
        text, face = format_clock_seconds(at_s, self._offset_s), font(11)
        width = text_width(text, face) + px(10)
        left = min(max(x - width / 2, 0.0), self.width() - width)
        plate = QRectF(left, area.bottom() + px(5), width, px(18))
        draw_box(painter, plate, Token.BG3, Token.LINE2, 4)
        draw_text(painter, plate, text, face, Token.TEXT1, CENTRE)

    def _paint_chosen(self, painter: QPainter) -> None:
        wanted = self._selection.trace_id
        place = (
            next((n for n, trace in enumerate(self._traces) if trace.trace_id == wanted), -1)
            if wanted
            else -1
        )
        if not 0 <= place < len(self._x):
            return
        at = QPointF(float(self._x[place]), float(self._y[place]))
        smooth(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour(Token.BG1), 4))
        painter.drawEllipse(at, px(8), px(8))
        painter.setPen(QPen(colour(Token.TEXT1), 1.8))
        painter.drawEllipse(at, px(8), px(8))

    def _paint_hover(self, painter: QPainter) -> None:
        if not 0 <= self._hover < len(self._x) or self._press is not None:
            return
        trace = self._traces[self._hover]
        x, y = float(self._x[self._hover]), float(self._y[self._hover])
        words = f"{trace.entry}   {format_duration(trace.duration_ns / 1e6)}"
        if trace.errors:
            words += f"   {trace.errors} error{'s' if trace.errors > 1 else ''}"
        face = font(11, SEMIBOLD)
        width, height = text_width(words, face) + px(16), px(22)
        left = x + px(12) if x + px(12) + width < self.width() else x - px(12) - width
        plate = QRectF(left, max(y - height / 2, 0), width, height)
        draw_box(painter, plate, Token.BG3, Token.LINE2, 5)
        draw_text(painter, plate, words, face, Token.TEXT1, CENTRE)


def _diamond(x: float, y: float, reach: float) -> QPolygonF:
    corners = ((0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0))
    return QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners])


def _tick(value_ms: float) -> str:
    if value_ms >= 1000:
        return f"{value_ms / 1000:g}\u2009s"
    return f"{value_ms:g}\u2009ms"
