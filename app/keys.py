"""Keyboard shortcuts of the screens. Single letters can be switched off: a voice or a cat may type them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


class _Letters(QObject):
    """Whether single letters do anything."""

    changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.are_on = True

    def use(self, are_on: bool) -> None:
        """Switch them on or off, for every shortcut there is."""
        if are_on != self.are_on:
            self.are_on = are_on
            self.changed.emit(are_on)


letters = _Letters()


def bind(host: QWidget, keys: Iterable[tuple[str, Callable[[], object]]]) -> None:
    """Let each of these keys do its act while `host` is shown."""
    for sequence, act in keys:
        shortcut = QShortcut(QKeySequence(sequence), host)
        shortcut.activated.connect(act)
        if is_letter(sequence):
            shortcut.setEnabled(letters.are_on)
            letters.changed.connect(shortcut.setEnabled)


def is_letter(sequence: str) -> bool:
    """Whether it is one character without Ctrl or Alt; Shift alone does not make it safe."""
    return len(sequence.removeprefix("Shift+")) == 1 and sequence != "?"
