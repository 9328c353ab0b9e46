"""A part of a screen that gives its room to the rest at a key, and stays so between drills."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.kept import Kept


class Fold:
    """Hides and shows `part`; `rest` gets the keyboard where the part had it. What is kept has that `name`."""

    def __init__(self, part: QWidget, rest: QWidget, kept: Kept, name: str) -> None:
        self._part, self._rest, self._kept, self._name = part, rest, kept, name
        if kept.get(name) is True:
            part.hide()  # never the other way: what has no parent yet would become a window

    def toggle(self) -> None:
        """Give the room away, or take it back."""
        hidden, focus = not self._part.isHidden(), self._part.window().focusWidget()
        if hidden and focus is not None and self._part.isAncestorOf(focus):
            self._rest.setFocus(Qt.FocusReason.OtherFocusReason)
        self._hide(hidden)

    def show(self) -> None:
        """Somebody asked for what the part has."""
        self._hide(False)

    def _hide(self, hidden: bool) -> None:
        self._part.setHidden(hidden)
        self._kept.put(self._name, hidden)
