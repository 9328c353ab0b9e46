"""Small signs beside words: the status shape, a service's square, a person's initials, the brand."""

from __future__ import annotations

from zlib import crc32

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import REGULAR, SEMIBOLD, TONES, Status, Token, colour, font, px, theme
from app.widgets.paint import (
    CENTRE,
    draw_box,
    draw_square,
    draw_status,
    draw_text,
    mixed,
    smooth,
    text_width,
)


class StatusGlyph(QWidget):
    """The shape of a status. Its word stands beside it, or in the tool tip."""

    def __init__(self, status: Status, size: int = 9, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status, self._size = status, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(tip)
        self.setAccessibleName(tip or status.value)

    @property
    def status(self) -> Status:
        """What it shows."""
        return self._status

    def set_status(self, status: Status, tip: str = "") -> None:
        """Show another status."""
        if status is not self._status or tip != self.toolTip():
            self._status = status
            self.setToolTip(tip)
            self.setAccessibleName(tip or status.value)
            self.update()

    def sizeHint(self) -> QSize:
        """The shape and a little air."""
        return QSize(px(self._size) + 5, px(self._size) + 5)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shape."""
        draw_status(QPainter(self), self._status, self.width() / 2, self.height() / 2, px(self._size))


class ServiceMark(QWidget):
    """A service: an 8 px square in its colour, then its name in the colour of text."""

    def __init__(
        self,
        service: str,
        size: float = 12,
        ink: Token = Token.TEXT2,
        weight: int = REGULAR,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._service, self._size, self._ink, self._weight = service, size, ink, weight
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(service)

    def set_service(self, service: str) -> None:
        """Stand for another service."""
        if service != self._service:
            self._service = service
            self.setAccessibleName(service)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Square and name."""
        width = text_width(self._service, font(self._size, self._weight))
        return QSize(px(14) + round(width) + 2, px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint square and name."""
        painter = QPainter(self)
        draw_square(painter, theme.service_colour(self._service), px(4), self.height() / 2, px(8))
        area = QRectF(px(14), 0, self.width() - px(14), self.height())
        draw_text(painter, area, self._service, font(self._size, self._weight), self._ink)


class Avatar(QWidget):
    """A person's or team's initials in a circle; the tint follows the name."""

    _TINTS = (Status.INFO, Status.OK, Status.HERRING, Status.IDLE)

    def __init__(self, name: str, size: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._size = name, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(name)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        """A circle."""
        return QSize(px(self._size), px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint circle and initials."""
        draw_avatar(QPainter(self), QRectF(self.rect()), self._name)


def initials(name: str) -> str:
    """One letter of a single word, else the first letters of the first two words."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()


def draw_avatar(painter: QPainter, rect: QRectF, name: str) -> None:
    """Draw the initials of a name in a circle."""
    tints = Avatar._TINTS
    tone = TONES[tints[crc32(name.encode()) % len(tints)]]
    edge = mixed(colour(tone.mark), colour(Token.BG1), 0.45)
    draw_box(painter, rect, mixed(colour(tone.mark), colour(Token.BG1), 0.74), edge, rect.width() / 2)
    face = font(rect.height() / px(100) * 38, SEMIBOLD)
    draw_text(painter, rect, initials(name), face, Token.TEXT1, CENTRE, Qt.TextElideMode.ElideNone)


class BrandMark(QWidget):
    """A clock face at three: the hour hand and the lamp are amber."""

    def __init__(self, size: int = 34, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("3 A.M. Drill")

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(px(self._size), px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint face, hands and lamp."""
        painter = QPainter(self)
        smooth(painter)
        middle, radius = QPointF(self.width() / 2, self.height() / 2), self.width() / 2 - px(4)
        painter.setPen(QPen(colour(Token.LINE2), 1.5))
        painter.drawEllipse(middle, radius, radius)
        cap = Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(colour(Token.TEXT1), px(2), c=cap))
        painter.drawLine(middle, middle - QPointF(0, radius * 0.58))
        painter.setPen(QPen(colour(Token.ACCENT), px(2), c=cap))
        painter.drawLine(middle, middle + QPointF(radius * 0.42, 0))
        painter.setPen(QPen(colour(Token.BG1), 2))
        painter.setBrush(colour(Token.ACCENT))
        painter.drawEllipse(middle + QPointF(radius, 0), px(4), px(4))
