"""What all painted things that can be pressed share: cursor, focus, hover, Return as well as Space."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

_BY_POINTER = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason)


class FocusByKey:
    """Remembers whether the keyboard brought the focus: only then is the ring drawn, a click needs none."""

    def __init__(self) -> None:
        self.by_key = False

    def came(self, reason: Qt.FocusReason) -> None:
        """The focus came, for a reason. A window that becomes active changes nothing."""
        if reason is not Qt.FocusReason.ActiveWindowFocusReason:
            self.by_key = reason not in _BY_POINTER


class Pressable(QAbstractButton):
    """A button without a face; derive from it and paint one."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._focus = FocusByKey()
        self.setText(text)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def shows_focus(self) -> bool:
        """Whether to draw the focus ring."""
        return self.hasFocus() and self._focus.by_key

    @property
    def lift(self) -> float:
        """How much lighter to paint it now: 0 at rest, more under the pointer, most when down."""
        if not self.isEnabled():
            return 0.0
        return 0.16 if self.isDown() else 0.07 if self.underMouse() else 0.0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses it like Space does."""
        self._focus.by_key = True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.isEnabled():
            self.click()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click needs no ring."""
        self._focus.by_key = False
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus."""
        self._focus.came(event.reason())
        super().focusInEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Go back to rest."""
        self.update()
        super().leaveEvent(event)
