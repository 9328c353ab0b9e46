"""What lies over the dimmed window for a moment: keyboard help, the command palette, settings."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.theme import SEMIBOLD, Icon, Token, px
from app.widgets import Button, ButtonKind, Line
from app.widgets.panel import Surface


class Overlay(QWidget):
    """Covers its parent while it is open. Escape or a click beside the card closes it; the keyboard goes back."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._below = parent
        self._before: QWidget | None = None
        self._card: Surface | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(px(24), px(24), px(24), px(24))
        parent.installEventFilter(self)
        self.hide()

    def show_card(self, card: Surface, place: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter) -> None:
        """Open with this card in place of the one before."""
        if not self.isVisible():
            self._before = self.window().focusWidget()
        if self._card is not None and self._card is not card:
            self._outer.removeWidget(self._card)
            self._card.hide()
            self._card.deleteLater()
        self._card = card
        self._outer.addWidget(card, 0, place)
        self.setGeometry(self._below.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def leave(self) -> None:
        """Close it and give the keyboard back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()
            self._before = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it; nothing else gets through."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the card closes it."""
        if self._card is None or not self._card.geometry().contains(event.position().toPoint()):
            self.leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the parent's size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._below.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim what lies below."""
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 140))

    def titled_card(self, title: str) -> tuple[Surface, QVBoxLayout]:
        """A card with a title and a cross, and the column below them."""
        card = Surface(Token.BG2, Token.LINE2, 10, self)
        column = QVBoxLayout(card)
        column.setContentsMargins(px(24), px(20), px(24), px(24))
        column.setSpacing(px(16))
        head = QHBoxLayout()
        head.addWidget(Line(title, 16, SEMIBOLD), 1)
        cross = Button(kind=ButtonKind.GHOST, icon=Icon.X, tip="Close (Esc)", small=True)
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.clicked.connect(self.leave)
        head.addWidget(cross)
        column.addLayout(head)
        return card, column
