"""The one time axis of a stack, at its bottom."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import Token, colour, font, px
from app.time_axis import Scale, format_tick, tick_step_s, ticks
from app.widgets.paint import CENTRE, draw_box, draw_hairline, draw_text, text_width


class TimeBar(QWidget):
    """Times at round steps of the drill's clock."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale: Scale | None = None
        self._clock_offset_s = 0.0
        self._is_floating = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_scale(self, scale: Scale, clock_offset_s: float) -> None:
        """Label this stretch of time."""
        self._scale, self._clock_offset_s = scale, clock_offset_s
        self.update()

    def set_floating(self, floating: bool) -> None:
        """Over charts that scroll below it, it has a ground and an edge."""
        if floating != self._is_floating:
            self._is_floating = floating
            self.update()

    def sizeHint(self) -> QSize:
        """One line of captions."""
        return QSize(px(400), px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the labels."""
        painter = QPainter(self)
        if self._is_floating:
            # The lower corners are those of the panel below.
            draw_box(painter, self.rect(), Token.BG1, None, 7)
            painter.fillRect(0, 0, self.width(), self.height() // 2, colour(Token.BG1))
            draw_hairline(painter, 0, 0, self.width(), Token.LINE1)
        if self._scale is None or self._scale.width <= 0:
            return
        scale, face = self._scale, font(11)
        gap = text_width("00:00:00", face) + px(40)
        step = tick_step_s(scale.span.length_s, scale.width, gap)
        for at_s in ticks(scale, gap, self._clock_offset_s):
            x = scale.x_of(at_s)
            text = format_tick(at_s, step, self._clock_offset_s)
            half = text_width(text, face) / 2 + 2
            if x - half < scale.left - px(20) or x + half > self.width():
                continue
            painter.fillRect(QRectF(round(x), 0, 1, px(4)), colour(Token.LINE2))
            draw_text(
                painter,
                QRectF(x - half, px(4), 2 * half, self.height() - px(6)),
                text,
                face,
                Token.TEXT3,
                CENTRE,
            )
