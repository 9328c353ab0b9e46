"""Toasts: bottom right, at most three, gone after six seconds unless looked at; critical ones stay."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.theme import SEMIBOLD, Icon, Status, Token, px
from app.widgets.button import Button, ButtonKind
from app.widgets.line import Line, Text
from app.widgets.marks import StatusGlyph
from app.widgets.paint import draw_box, draw_focus_ring

SHOWN_MS, AT_MOST, KEPT = 6000, 3, 50


@dataclass(frozen=True, slots=True)
class ToastNote:
    """What a toast says: a headline, a detail, and the words of its one action (if any)."""

    status: Status
    headline: str
    detail: str = ""
    action: str = ""
    key: str = ""


class Toast(QWidget):
    """One toast. `closed` when it is done; `pressed` when its action is chosen."""

    closed = Signal()
    pressed = Signal()

    def __init__(self, note: ToastNote, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = note
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{note.status.value}: {note.headline}. {note.detail}")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.closed)
        self._lay_out(note)
        self.setFixedWidth(px(420))

    def start(self) -> None:
        """Let time run; critical ones wait for a person."""
        if self.note.status is not Status.CRITICAL:
            self._timer.start()

    @property
    def remaining_ms(self) -> int:
        """How long it still stands; -1 while it waits for a person."""
        return self._timer.remainingTime()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while it is looked at."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Go on."""
        self.start()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Stay while it has the keyboard."""
        self._timer.stop()
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Go on."""
        self.start()
        self.update()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape dismisses it."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a soft shadow, the box, and the focus."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        draw_box(painter, rect, Token.BG2, Token.LINE2, 8)
        if self.hasFocus():
            draw_focus_ring(painter, rect, 8)

    def _lay_out(self, note: ToastNote) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(px(14), px(11), px(8), px(11))
        row.setSpacing(px(10))
        row.addWidget(StatusGlyph(note.status, 10), 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout()
        lines.setSpacing(px(2))
        lines.addWidget(Line(note.headline, 13, SEMIBOLD))
        if note.detail:
            lines.addWidget(Text(note.detail, 12))
        row.addLayout(lines, 1)
        if note.action:
            action = Button(note.action, ButtonKind.GHOST, small=True)
            action.clicked.connect(self.pressed)
            action.clicked.connect(self.closed)
            row.addWidget(action, 0, Qt.AlignmentFlag.AlignVCenter)
        close = Button(icon=Icon.X, kind=ButtonKind.GHOST, small=True, tip="Dismiss")
        close.clicked.connect(self.closed)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)


class ToastStack(QObject):
    """The toasts of a window. `history` keeps the last fifty for the Help drawer; `pressed` carries a note's key."""

    pressed = Signal(str)
    announced = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._toasts: list[Toast] = []
        self.history: deque[ToastNote] = deque(maxlen=KEPT)
        window.installEventFilter(self)

    @property
    def toasts(self) -> tuple[Toast, ...]:
        """Those on the screen, oldest first."""
        return tuple(self._toasts)

    def show(self, note: ToastNote) -> Toast:
        """Show a toast; a fourth pushes out the oldest that is not critical, else the oldest."""
        self.history.append(note)
        toast = Toast(note, self._window)
        toast.closed.connect(lambda: self._drop(toast))
        toast.pressed.connect(lambda: self.pressed.emit(note.key))
        self._toasts.append(toast)
        while len(self._toasts) > AT_MOST:
            passing = (one for one in self._toasts if one.note.status is not Status.CRITICAL)
            self._drop(next(passing, self._toasts[0]))
        toast.show()
        toast.start()
        self._place()
        self.announce(note)
        return toast

    def announce(self, note: ToastNote) -> None:
        """Tell screen readers alone, which look neither into the corner nor at a screen that changes by itself."""
        text = f"{note.headline}. {note.detail}"
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._window, text))
        self.announced.emit(text)

    def dismiss(self, key: str) -> None:
        """Take away every toast with that key: what it says is on the screen now."""
        for toast in tuple(self._toasts):
            if toast.note.key == key:
                self._drop(toast)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _drop(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        size: QSize = self._window.size()
        bottom = size.height() - px(20)
        for toast in reversed(self._toasts):
            toast.adjustSize()
            height = max(toast.sizeHint().height(), toast.heightForWidth(toast.width()))
            toast.resize(toast.width(), height)
            bottom -= height
            toast.move(size.width() - toast.width() - px(20), bottom)
            toast.raise_()
            bottom -= px(8)
