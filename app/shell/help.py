"""Keyboard help: the keys that work here and now, over the dimmed window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.theme import SEMIBOLD, Icon, Token, px
from app.widgets import Button, ButtonKind, KeyCap, Line
from app.widgets.panel import Surface

Keys = Sequence[tuple[str, str]]
"""Pairs of keys ("Ctrl +", several joined by " / ") and what they do."""


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys under one heading."""

    title: str
    keys: Keys


class HelpOverlay(QWidget):
    """Covers its parent while it is open. Escape, `?` or a click beside the card closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._below = parent
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Keyboard help")
        self._before: QWidget | None = None
        self._card: Surface | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(24), px(24), px(24), px(24))
        self._outer = outer
        parent.installEventFilter(self)
        self.hide()

    def open(self, groups: Sequence[KeyGroup]) -> None:
        """Show these keys."""
        self._before = self.window().focusWidget()
        if self._card is not None:
            self._outer.removeWidget(self._card)
            self._card.deleteLater()
        self._card = self._build(groups)
        self._outer.addWidget(self._card, 0, Qt.AlignmentFlag.AlignCenter)
        self.setGeometry(self._below.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def close_help(self) -> None:
        """Close it and give the keyboard back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()
            self._before = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape and ? close it; nothing else gets through."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return) or event.text() == "?":
            self.close_help()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the card closes it."""
        if self._card is None or not self._card.geometry().contains(event.position().toPoint()):
            self.close_help()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Keep the keyboard here."""
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the parent's size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._below.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim what lies below."""
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 140))

    def _build(self, groups: Sequence[KeyGroup]) -> Surface:
        card = Surface(Token.BG2, Token.LINE2, 10, self)
        column = QVBoxLayout(card)
        column.setContentsMargins(px(24), px(20), px(24), px(24))
        column.setSpacing(px(16))
        head = QHBoxLayout()
        head.addWidget(Line("Keyboard", 16, SEMIBOLD), 1)
        cross = Button(kind=ButtonKind.GHOST, icon=Icon.X, tip="Close the keyboard help (Esc)", small=True)
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.clicked.connect(self.close_help)
        head.addWidget(cross)
        column.addLayout(head)
        columns = QHBoxLayout()
        columns.setSpacing(px(40))
        for group in groups:
            columns.addLayout(_group_layout(group))
        column.addLayout(columns)
        return card


def _group_layout(group: KeyGroup) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(px(10))
    column.addWidget(Line(group.title, 11, SEMIBOLD, Token.TEXT3))
    grid = QGridLayout()
    grid.setHorizontalSpacing(px(20))
    grid.setVerticalSpacing(px(8))
    for row, (keys, does) in enumerate(group.keys):
        caps = QHBoxLayout()
        caps.setSpacing(px(6))
        for key in keys.split(" / "):
            caps.addWidget(KeyCap(key))
        caps.addStretch(1)
        grid.addLayout(caps, row, 0)
        grid.addWidget(Line(does, 13, ink=Token.TEXT2), row, 1)
    column.addLayout(grid)
    column.addStretch(1)
    return column
