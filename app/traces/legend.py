"""Small painted legends: which colour is whose, and what the waterfall's marks mean."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import Icon, Status, Token, colour, draw_icon, font, px, theme
from app.widgets.paint import draw_square, draw_status, draw_text, smooth, text_width

AGAIN = Icon.ARROW_U_UP_LEFT
"""A service that is entered again on its own path."""


class ServiceLegend(QWidget):
    """Squares and names in one row; what does not fit is left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_services(self, services: tuple[str, ...]) -> None:
        """Show these."""
        if services != self._services:
            self._services = services
            self.setAccessibleName("Services: " + ", ".join(services))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """All of them in a row."""
        return QSize(sum(self._width(name) for name in self._services), px(20))

    def minimumSizeHint(self) -> QSize:
        """It may give way."""
        return QSize(0, px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what fits, from the right end."""
        painter = QPainter(self)
        shown, used = [], 0
        for name in self._services:
            if used + self._width(name) > self.width() + 1:
                break
            shown.append(name)
            used += self._width(name)
        x = float(self.width() - used)
        for name in shown:
            draw_square(painter, theme.service_colour(name), x + px(4), self.height() / 2, px(8))
            area = QRectF(x + px(14), 0, self._width(name), self.height())
            draw_text(painter, area, name, font(11), Token.TEXT2)
            x += self._width(name)

    def _width(self, name: str) -> int:
        return round(text_width(name, font(11))) + px(28)


class PointLegend(QWidget):
    """A dot is ok, a diamond an error."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Dots are ok, diamonds are errors")

    def sizeHint(self) -> QSize:
        """Two pairs."""
        return QSize(round(text_width("okerror", font(11))) + px(56), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both."""
        painter = QPainter(self)
        smooth(painter)
        middle, x = self.height() / 2, 0.0
        painter.setPen(colour(Token.INFO))
        painter.setBrush(colour(Token.INFO))
        painter.drawEllipse(QRectF(x + 1, middle - px(3), px(6), px(6)))
        x += px(13)
        x += draw_text(painter, QRectF(x, 0, px(60), self.height()), "ok", font(11), Token.TEXT2) + px(14)
        draw_status(painter, Status.CRITICAL, x + px(4), middle, px(8))
        draw_text(painter, QRectF(x + px(13), 0, px(90), self.height()), "error", font(11), Token.TEXT2)


class MarkLegend(QWidget):
    """What the underline, the tick, the hatch and the arrow mean."""

    _WORDS = ("critical path", "log line", "repeated", "same service again")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(
            "Underlined spans are on the critical path, ticks are log lines, hatched rows are repeated calls, "
            "arrows mark a service that is entered again"
        )

    def sizeHint(self) -> QSize:
        """Marks and words."""
        words = sum(text_width(word, font(11)) for word in self._WORDS)
        return QSize(round(words) + px(146), px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint marks and words."""
        painter = QPainter(self)
        middle, x = self.height() // 2, 0.0
        painter.fillRect(QRectF(x, middle - 1, px(16), px(2)), colour(Token.TEXT1))
        x = self._word(painter, x + px(22), 0)
        painter.fillRect(QRectF(x, middle - px(4), 2, px(7)), colour(Token.TEXT1))
        x = self._word(painter, x + px(8), 1)
        for stroke in range(4):
            painter.fillRect(QRectF(x + stroke * 4, middle - px(5), 2, px(10)), colour(Token.TEXT3))
        x = self._word(painter, x + px(22), 2)
        draw_icon(painter, AGAIN, x, middle - px(6), 12, Token.TEXT2)
        self._word(painter, x + px(18), 3)

    def _word(self, painter: QPainter, x: float, number: int) -> float:
        area = QRectF(x, 0, self.width() - x, self.height())
        return x + draw_text(painter, area, self._WORDS[number], font(11), Token.TEXT2) + px(18)
