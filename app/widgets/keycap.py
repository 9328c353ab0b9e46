"""A keyboard shortcut drawn as a key cap, alone or inside a button or field."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import Token, colour, font, px
from app.widgets.paint import CENTRE, draw_box, draw_text, faded, text_width

_SYMBOLS = {"Return": "↵", "Enter": "↵", "Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}


def key_text(keys: str) -> str:
    """A shortcut as the cap shows it: `Ctrl+Return` becomes `Ctrl ↵`."""
    parts = keys.split("+") if keys != "+" else ["+"]
    return " ".join(_SYMBOLS.get(part, part) for part in parts)


def keycap_width(keys: str) -> int:
    """How wide a cap is, in pixels."""
    return max(px(18), round(text_width(key_text(keys), font(11))) + px(10))


def draw_keycap(painter: QPainter, right: float, middle: float, keys: str, on: Token | None = None) -> float:
    """Draw a cap that ends at `right`, centred on `middle`; the x where it begins. `on` is the accent if on amber."""
    width, height = keycap_width(keys), px(18)
    rect = QRectF(right - width, round(middle - height / 2), width, height)
    if on is Token.ACCENT:
        ink: Token | QColor = Token.ON_ACCENT
        draw_box(painter, rect, faded(colour(Token.ON_ACCENT), 0.16), None, 4)
    else:
        ink = Token.TEXT3 if on is None else on
        edge = colour(Token.LINE2)
        draw_box(painter, rect, faded(edge, 0.28), faded(edge, 0.75), 4)
    draw_text(painter, rect, key_text(keys), font(11), ink, CENTRE)
    return rect.left()


class KeyCap(QWidget):
    """A key cap by itself, for help texts and lists."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(keys)

    def sizeHint(self) -> QSize:
        """Just the cap."""
        return QSize(keycap_width(self._keys), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cap."""
        painter = QPainter(self)
        draw_keycap(painter, self.width(), self.height() / 2, self._keys, Token.TEXT2)
