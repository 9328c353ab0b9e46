"""Where a side panel stands: beside what it explains, or over it as a drawer where the window is narrow."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QWidget

from app.theme import px

NARROW_UNDER = 1280
"""of the window, at a text of 100 %"""


class SideDrawer(QObject):
    """Keeps `panel` in `row`, at its end. `host` holds the row.

    A drawer is shut until `toggle` or `show`; Escape in it shuts it, and the keyboard goes back to where it was.
    """

    placed = Signal()
    """shown or hidden, here or there"""
    floated = Signal(bool)
    """the panel now lies over the others, or no longer"""

    def __init__(self, panel: QWidget, row: QBoxLayout, host: QWidget) -> None:
        super().__init__(host)
        self._panel, self._row, self._host = panel, row, host
        self._wanted: bool | None = None
        self._origin: QWidget | None = None
        row.addWidget(panel)
        host.installEventFilter(self)
        panel.installEventFilter(self)

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room for the panel beside the others."""
        return self._host.window().width() < px(NARROW_UNDER)

    @property
    def is_open(self) -> bool:
        """Whether the panel is shown."""
        return not self._panel.isHidden()

    def toggle(self) -> None:
        """Show or hide the panel."""
        self.show(not self.is_open)

    def show(self, shown: bool = True) -> None:
        """Show or hide the panel, until the window becomes wide or narrow."""
        if shown and not self.is_open:
            self._origin = QApplication.focusWidget()
        self._wanted = shown
        self.place()

    def place(self) -> None:
        """Put the panel where there is room for it."""
        narrow = self.is_narrow
        is_docked = self._row.indexOf(self._panel) >= 0
        if narrow == is_docked:
            self._wanted = None
            if narrow:
                self._row.removeWidget(self._panel)
            else:
                self._row.addWidget(self._panel)
            self.floated.emit(narrow)
        self._panel.setVisible(not narrow if self._wanted is None else self._wanted)
        if narrow and self.is_open:
            self._panel.setGeometry(self._drawer(self._row.contentsRect()))
            self._panel.raise_()
        self.placed.emit()

    def _drawer(self, room: QRect) -> QRect:
        width = min(max(self._panel.sizeHint().width(), self._panel.minimumWidth()), room.width())
        return QRect(room.right() + 1 - width, room.top(), width, room.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Place it again when the host has another size, or comes into sight; Escape shuts a drawer."""
        if watched is self._panel:
            is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
            if is_escape and event.type() == QEvent.Type.KeyPress and self.is_narrow:
                self._shut()
                return True
        elif event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.place()
        return False

    def _shut(self) -> None:
        self.show(False)
        origin = self._origin
        back = origin if origin is not None and shiboken6.isValid(origin) else self._host
        back.setFocus(Qt.FocusReason.ShortcutFocusReason)
