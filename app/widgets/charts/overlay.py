"""What lies over all charts of a stack: event hairlines, the crosshair with its dots and time flag, the brush."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.theme import SEMIBOLD, Token, colour, font, px
from app.widgets.charts.lane import hairline_pen
from app.widgets.charts.row import Dot
from app.widgets.charts.specs import EventKind
from app.widgets.paint import CENTRE, draw_box, draw_focus_ring, draw_text, faded, smooth, text_width


@dataclass(frozen=True, slots=True)
class Hairline:
    """An event's line: its x, and the y where it begins."""

    x: float
    top: float
    kind: EventKind


@dataclass(frozen=True, slots=True)
class Marks:
    """All that the overlay shows, in the stack's pixels. `brush` is left and right."""

    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    hairlines: tuple[Hairline, ...] = ()
    crosshair_x: float | None = None
    crosshair_text: str = ""
    dots: tuple[Dot, ...] = field(default=())
    brush: tuple[float, float] | None = None
    stale_text: str = ""
    has_focus: bool = False


class Overlay(QWidget):
    """A transparent child over the stack; it takes no mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._marks = Marks()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def show_marks(self, marks: Marks) -> None:
        """Show other marks; repaints narrow strips if only the crosshair moved."""
        old, self._marks = self._marks, marks
        if _without_crosshair(old) != _without_crosshair(marks):
            self.update()
        elif old != marks:
            for x in (old.crosshair_x, marks.crosshair_x):
                if x is not None:
                    self.update(self._strip(x))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all marks."""
        painter = QPainter(self)
        marks = self._marks
        exposed = event.rect()
        for line in marks.hairlines:
            if not exposed.left() - 2 <= line.x <= exposed.right() + 2:
                continue
            painter.setPen(hairline_pen(line.kind))
            x = round(line.x) + 0.5
            painter.drawLine(QPointF(x, line.top), QPointF(x, marks.bottom))
        if marks.brush is not None:
            self._paint_brush(painter, *marks.brush)
        if marks.stale_text:
            self._paint_stale(painter)
        if marks.crosshair_x is not None and marks.left - 1 <= marks.crosshair_x <= marks.right + 1:
            self._paint_crosshair(painter, marks.crosshair_x)
        if marks.has_focus:
            draw_focus_ring(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), 7)

    def _strip(self, x: float) -> QRect:
        half = round(text_width("00:00:00", font(12, SEMIBOLD)) / 2) + px(12)
        return QRect(round(x) - half, 0, 2 * half, self.height())

    def _paint_brush(self, painter: QPainter, one: float, other: float) -> None:
        left, right = sorted((one, other))
        area = QRectF(left, self._marks.top, right - left, self._marks.bottom - self._marks.top)
        painter.fillRect(area, faded(colour(Token.ACCENT), 0.1))
        for x in (left, right):
            painter.fillRect(QRectF(round(x), area.top(), 1, area.height()), colour(Token.ACCENT))

    def _paint_stale(self, painter: QPainter) -> None:
        marks = self._marks
        area = QRectF(marks.left, marks.top, marks.right - marks.left, marks.bottom - marks.top)
        painter.fillRect(area, faded(colour(Token.BG1), 0.6))
        face = font(12)
        width = text_width(marks.stale_text, face) + px(24)
        plate = QRectF(area.center().x() - width / 2, area.top() + px(12), width, px(26))
        draw_box(painter, plate, Token.BG2, Token.LINE2, 6)
        draw_text(painter, plate, marks.stale_text, face, Token.TEXT2, CENTRE)

    def _paint_crosshair(self, painter: QPainter, at: float) -> None:
        marks = self._marks
        x = round(at) + 0.5
        painter.setPen(QPen(faded(colour(Token.TEXT1), 0.7), 1))
        painter.drawLine(QPointF(x, marks.top), QPointF(x, marks.bottom))
        smooth(painter)
        for dot in marks.dots:
            painter.setPen(QPen(colour(Token.BG1), 1.5))
            painter.setBrush(dot.shade)
            painter.drawEllipse(QPointF(x, dot.y), 3.8, 3.8)
        face = font(12, SEMIBOLD)
        width = text_width(marks.crosshair_text, face) + px(12)
        left = min(max(x - width / 2, 2.0), self.width() - width - 2)
        flag = QRectF(left, marks.bottom + px(3), width, px(20))
        draw_box(painter, flag, Token.TEXT1, None, 4)
        draw_text(painter, flag, marks.crosshair_text, face, Token.BG1, CENTRE)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _without_crosshair(marks: Marks) -> tuple[object, ...]:
    edges = (marks.left, marks.right, marks.top, marks.bottom)
    return (edges, marks.hairlines, marks.brush, marks.stale_text, marks.has_focus)
