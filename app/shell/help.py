"""Keyboard help: the keys that work here and now, over the dimmed window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.shell.overlay import Overlay
from app.theme import Token, px
from app.widgets import KeyCap, Line, caption

Keys = Sequence[tuple[str, str]]
"""Pairs of keys ("Ctrl +", several joined by " / ") and what they do."""


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys under one heading."""

    title: str
    keys: Keys


class HelpOverlay(Overlay):
    """Return and `?` close it too."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Keyboard help", parent)

    def open(self, groups: Sequence[KeyGroup]) -> None:
        """Show these keys."""
        card, column = self.titled_card("Keyboard")
        columns = QHBoxLayout()
        columns.setSpacing(px(40))
        for group in groups:
            columns.addLayout(_group_layout(group))
        column.addLayout(columns)
        self.show_card(card)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, Return and ? close it; nothing else gets through."""
        if event.key() == Qt.Key.Key_Return or event.text() == "?":
            self.leave()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Keep the keyboard here."""
        return True


def _group_layout(group: KeyGroup) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(px(10))
    column.addWidget(caption(group.title))
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
