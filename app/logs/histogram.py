"""Lines by time and level as stacked bars; dragging chooses the shared range."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.logs.bins import Bins
from app.selection import Selection
from app.theme import SEMIBOLD, Token, colour, font, px
from app.time_axis import (
    Scale,
    Span,
    format_clock_seconds,
    format_number,
    format_short,
    format_tick,
    span_between,
    tick_step_s,
    ticks,
    value_ticks,
)
from app.widgets.paint import CENTRE, RIGHT, draw_box, draw_square, draw_text, faded, text_width
from protos.drill.v1.records import HistogramBin

GUTTER, BOTTOM, TOP, SIDE = 46, 24, 6, 16
DRAG_FROM_PX = 4
LEVELS = (("error", Token.CRIT), ("warn", Token.WARN), ("info", Token.BASELINE))
"""From the base up: what matters most stands on the axis, where heights can be compared."""


class Histogram(QWidget):
    """Painted bars; `brushed` carries a `Span`, or None when the brush was taken away."""

    brushed = Signal(object)

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._counts: tuple[HistogramBin, ...] = ()
        self._bins = Bins(0, 1, 60)
        self._offset_s = 0.0
        self._press: float | None = None
        self._drag: float | None = None
        self._dimmed = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Log lines by time and level")
        selection.crosshairChanged.connect(lambda _: self.update())
        selection.timeRangeChanged.connect(lambda _: self.update())

    def show_bins(self, counts: tuple[HistogramBin, ...], bins: Bins, offset_s: float) -> None:
        """Show these counts."""
        self._counts, self._bins, self._offset_s = counts, bins, offset_s
        errors = sum(one.error for one in counts)
        self.setAccessibleDescription(f"{sum(map(_total, counts))} lines, {errors} errors")
        self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Old data while new is on its way, or the engine is lost."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    def sizeHint(self) -> QSize:
        """A low chart."""
        return QSize(px(400), px(132))

    def minimumSizeHint(self) -> QSize:
        """Small, but readable."""
        return QSize(px(240), px(132))

    # Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._press, self._drag = event.position().x(), None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the crosshair, or the brush."""
        x = event.position().x()
        if self._press is not None:
            if abs(x - self._press) >= DRAG_FROM_PX:
                self._drag = x
            self.update()
        elif self._area().contains(event.position()):
            self._selection.point_at(self._scale().time_of(x))
        else:
            self._selection.point_at(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the stretch; a click without one takes the brush away."""
        press, drag, self._press, self._drag = self._press, self._drag, None, None
        if press is None:
            return
        if drag is not None:
            scale = self._scale()
            self.brushed.emit(span_between(scale.clamped_time_of(press), scale.clamped_time_of(drag)))
        elif self._selection.time_range is not None:
            self.brushed.emit(None)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No crosshair any more."""
        self._selection.point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape takes the brush away."""
        if event.key() == Qt.Key.Key_Escape and self._selection.time_range is not None:
            self.brushed.emit(None)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint grid, bars, times, brush and crosshair; nothing before the first counts."""
        if not self._counts:
            return
        painter = QPainter(self)
        area, scale = self._area(), self._scale()
        most = max((_total(one) for one in self._counts), default=0)
        self._paint_grid(painter, area, most)
        painter.setOpacity(0.45 if self._dimmed else 1.0)
        self._paint_bars(painter, area, scale, most)
        painter.setOpacity(1.0)
        self._paint_times(painter, area, scale)
        self._paint_brush(painter, area, scale)
        self._paint_crosshair(painter, area, scale)

    # painting

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(px(GUTTER), px(TOP), -px(SIDE), -px(BOTTOM))

    def _scale(self) -> Scale:
        area = self._area()
        return Scale(self._bins.span, area.left(), area.width())

    def _paint_grid(self, painter: QPainter, area: QRectF, most: int) -> None:
        for value in value_ticks(0, max(most * 1.08, 1), 3):
            y = round(area.bottom() - value / max(most * 1.08, 1) * area.height())
            painter.fillRect(QRectF(area.left(), y, area.width(), 1), colour(Token.LINE1))
            label = QRectF(0, y - px(8), area.left() - px(8), px(16))
            if value == round(value):
                draw_text(painter, label, format_short(value), font(11), Token.TEXT3, RIGHT)

    def _paint_bars(self, painter: QPainter, area: QRectF, scale: Scale, most: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        step = self._bins.step_s
        for one in self._counts:
            start_s = one.start_ns / 1e9
            left, right = round(scale.x_of(start_s)), round(scale.x_of(start_s + step))
            width = max(right - left - (1 if right - left > 3 else 0), 1)
            base = area.bottom()
            for count, (_, ink) in zip((one.error, one.warn, one.info), LEVELS, strict=True):
                if count:
                    height = max(count / (most * 1.08) * area.height(), 1.5)
                    shade = colour(ink) if ink is not Token.BASELINE else faded(colour(ink), 0.85)
                    painter.fillRect(QRectF(left, base - height, width, height), shade)
                    base -= height

    def _paint_times(self, painter: QPainter, area: QRectF, scale: Scale) -> None:
        painter.fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), colour(Token.LINE2))
        face = font(11)
        gap = text_width("00:00:00", face) + px(40)
        step = tick_step_s(scale.span.length_s, scale.width, gap)
        for at_s in ticks(scale, gap, self._offset_s):
            text = format_tick(at_s, step, self._offset_s)
            x, half = scale.x_of(at_s), text_width(text, face) / 2 + 2
            if x + half <= self.width():
                place = QRectF(x - half, area.bottom() + px(4), 2 * half, px(BOTTOM) - px(6))
                draw_text(painter, place, text, face, Token.TEXT3, CENTRE)

    def _paint_brush(self, painter: QPainter, area: QRectF, scale: Scale) -> None:
        chosen = self._selection.time_range
        if self._press is not None and self._drag is not None:
            left, right = sorted((self._press, self._drag))
        elif chosen is not None:
            left, right = scale.x_of(chosen.start_s), scale.x_of(chosen.end_s)
        else:
            return
        rect = QRectF(left, area.top(), right - left, area.height()).intersected(area)
        if rect.isEmpty():
            return
        painter.fillRect(rect, faded(colour(Token.TEXT1), 0.08))
        for x in (rect.left(), rect.right()):
            painter.fillRect(QRectF(round(x), area.top(), 1, area.height()), colour(Token.TEXT2))

    def _paint_crosshair(self, painter: QPainter, area: QRectF, scale: Scale) -> None:
        at_s = self._selection.crosshair_s
        if at_s is None or not scale.span.contains(at_s) or self._press is not None:
            return
        x, face = scale.x_of(at_s), font(11)
        painter.setPen(QPen(faded(colour(Token.TEXT2), 0.5), 1))
        painter.fillRect(QRectF(round(x), area.top(), 1, area.height()), faded(colour(Token.TEXT2), 0.5))
        text = format_clock_seconds(at_s, self._offset_s)
        place = int((at_s - self._bins.start_s) // self._bins.step_s)
        if 0 <= place < len(self._counts):
            text += f"   {format_number(_total(self._counts[place]))}"
        width = text_width(text, face) + px(12)
        plate = QRectF(
            min(max(x - width / 2, 0.0), self.width() - width), area.bottom() + px(2), width, px(18)
        )
        draw_box(painter, plate, Token.BG3, Token.LINE2, 4)
        draw_text(painter, plate, text, face, Token.TEXT1, CENTRE)


class LevelLegend(QWidget):
    """How many lines of each level are in the chart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = (0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_counts(self, error: int, warn: int, info: int) -> None:
        """Show these."""
        if (error, warn, info) != self._counts:
            self._counts = (error, warn, info)
            self.setAccessibleName(f"{error} errors, {warn} warnings, {info} info")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Three pairs in a row."""
        return QSize(round(sum(self._width(n) for n in range(3))), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint squares, words and counts."""
        painter, x = QPainter(self), 0.0
        for number, (word, ink) in enumerate(LEVELS):
            shade = colour(ink) if ink is not Token.BASELINE else faded(colour(ink), 0.85)
            draw_square(painter, shade, x + px(4), self.height() / 2, px(8))
            area = QRectF(x + px(14), 0, self._width(number), self.height())
            taken = draw_text(painter, area, word, font(12), Token.TEXT2)
            count = area.adjusted(taken + px(6), 0, 0, 0)
            draw_text(painter, count, format_number(self._counts[number]), font(12, SEMIBOLD), Token.TEXT1)
            x += self._width(number)

    def _width(self, number: int) -> float:
        words = text_width(LEVELS[number][0], font(12)) + text_width(
            format_number(self._counts[number]), font(12, SEMIBOLD)
        )
        return words + px(36)


def range_counts(counts: tuple[HistogramBin, ...], within: Span | None, step_s: int) -> tuple[int, int, int]:
    """Errors, warnings and info of the bins that begin in a range."""
    shown = [
        one
        for one in counts
        if within is None or within.start_s - step_s < one.start_ns / 1e9 <= within.end_s
    ]
    return sum(one.error for one in shown), sum(one.warn for one in shown), sum(one.info for one in shown)


def _total(one: HistogramBin) -> int:
    return one.error + one.warn + one.info
