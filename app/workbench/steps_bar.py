"""The way of a fix as four steps in a row, each with its state as shape, colour and words."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import REGULAR, SEMIBOLD, Icon, Token, colour, draw_icon, font, px
from app.widgets.paint import CENTRE, draw_text, smooth, text_width
from app.workbench.model import Step, StepState

_INKS = {
    StepState.TO_DO: (Token.LINE2, Token.TEXT3),
    StepState.NOW: (Token.ACCENT, Token.TEXT1),
    StepState.DONE: (Token.OK, Token.TEXT1),
    StepState.FAILED: (Token.CRIT, Token.CRIT_TEXT),
}
_ICONS = {StepState.DONE: Icon.CHECK, StepState.FAILED: Icon.X}


class StepsBar(QWidget):
    """Shows steps from left to right, joined by lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Steps of the fix")

    def show_steps(self, steps: tuple[Step, ...]) -> None:
        """Show other states."""
        if steps != self._steps:
            self._steps = steps
            words = "; ".join(f"{step.name}: {step.state}, {step.line}" for step in steps)
            self.setAccessibleDescription(words)
            self.update()

    def sizeHint(self) -> QSize:
        """A circle, a title and two lines."""
        return QSize(px(640), px(58))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint circles, words and the lines between them."""
        painter = QPainter(self)
        smooth(painter)
        width = self.width() / max(1, len(self._steps))
        for number, step in enumerate(self._steps):
            self._paint_step(painter, number, step, width)

    def _paint_step(self, painter: QPainter, number: int, step: Step, width: float) -> None:
        left, radius = number * width, px(11)
        mark, ink = _INKS[step.state]
        centre = QPointF(left + radius + 1, px(13))
        painter.setPen(QPen(colour(mark), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, radius, radius)
        icon = _ICONS.get(step.state)
        if icon is not None:
            draw_icon(painter, icon, centre.x() - px(6), centre.y() - px(6), 12, mark)
        else:
            circle = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
            draw_text(painter, circle, str(number + 1), font(11, SEMIBOLD), ink, CENTRE)
        x, room = left + 2 * radius + px(10), width - 2 * radius - px(22)
        face = font(13, SEMIBOLD)
        draw_text(painter, QRectF(x, px(4), room, px(18)), step.name, face, ink)
        draw_text(painter, QRectF(x, px(23), room, px(16)), step.line, font(12, REGULAR), Token.TEXT2)
        draw_text(painter, QRectF(x, px(40), room, px(16)), step.detail, font(12, REGULAR), Token.TEXT3)
        if number + 1 < len(self._steps):
            start = x + text_width(step.name, face) + px(12)
            end = (number + 1) * width - px(12)
            line = Token.OK if step.state is StepState.DONE else Token.LINE2
            painter.setPen(QPen(colour(line), 1.5))
            painter.drawLine(QPointF(start, px(13)), QPointF(max(start, end), px(13)))
