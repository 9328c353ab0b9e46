"""What stands where data would be: nothing there, still loading, or something failed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.theme import SEMIBOLD, Icon, Token, draw_icon, px
from app.widgets.button import Button, ButtonKind
from app.widgets.line import Text
from app.widgets.paint import Alignment, draw_box

SKELETON_AFTER_MS = 300


class _BigIcon(QWidget):
    def __init__(self, icon: Icon, ink: Token) -> None:
        super().__init__()
        self._icon, self._ink = icon, ink
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """26 px square."""
        return QSize(px(26), px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon."""
        draw_icon(QPainter(self), self._icon, 0, 0, 26, self._ink)


class EmptyState(QWidget):
    """One sentence of fact, one of remedy, at most one button (`pressed`)."""

    pressed = Signal()
    ink = Token.TEXT3

    def __init__(
        self,
        icon: Icon,
        fact: str,
        remedy: str = "",
        action: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(16), px(20), px(16))
        column.setSpacing(px(6))
        middle = Alignment.AlignHCenter
        self._fact = Text(fact, 13, SEMIBOLD, Token.TEXT1, align=Alignment.AlignCenter)
        self._remedy = Text(remedy, 12, ink=Token.TEXT2, align=Alignment.AlignCenter)
        self._button = Button(action, ButtonKind.OUTLINE, small=True)
        column.addStretch(1)
        column.addWidget(_BigIcon(icon, self.ink), 0, middle)
        column.addSpacing(px(4))
        column.addWidget(self._fact)
        column.addWidget(self._remedy)
        column.addSpacing(px(4))
        column.addWidget(self._button, 0, middle)
        column.addStretch(1)
        self._remedy.setVisible(bool(remedy))
        self._button.setVisible(bool(action))
        self._button.clicked.connect(self.pressed)

    def set_words(self, fact: str, remedy: str = "", action: str | None = None) -> None:
        """Say something else."""
        self._fact.setText(fact)
        self._remedy.setText(remedy)
        self._remedy.setVisible(bool(remedy))
        if action is not None:
            self._button.set_text(action)
            self._button.setVisible(bool(action))


class ErrorState(EmptyState):
    """The same for failures: what, since when, when the next try is."""

    ink = Token.CRIT


class Skeleton(QWidget):
    """Rows in the shape of what will come. It stays invisible for 300 ms, so that fast answers do not flicker."""

    _SHARES = ((0.15, 0.53, 0.13), (0.15, 0.41, 0.13), (0.15, 0.49, 0.13), (0.15, 0.30, 0.13))

    def __init__(self, rows: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._is_due = False
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(SKELETON_AFTER_MS)
        self._delay.timeout.connect(self.show_now)
        self.setAccessibleName("Loading")

    def show_now(self) -> None:
        """Do not wait."""
        self._is_due = True
        self.update()

    def sizeHint(self) -> QSize:
        """30 px a row."""
        return QSize(px(200), self._rows * px(30))

    def showEvent(self, event: QShowEvent) -> None:
        """Start waiting."""
        self._is_due = False
        self._delay.start()
        super().showEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars, once it is time."""
        if not self._is_due:
            return
        painter = QPainter(self)
        height, width = px(10), self.width()
        for row in range(self._rows):
            first, second, last = self._SHARES[row % len(self._SHARES)]
            y = row * px(30) + (px(30) - height) / 2
            shares = ((0.0, first, Token.BG3), (0.185, second, Token.BG2), (1 - last, last, Token.BG3))
            for left, share, fill in shares:
                draw_box(painter, QRectF(left * width, y, share * width, height), fill, None, height / 2)


def centred(widget: QWidget) -> QVBoxLayout:
    """A layout that keeps the widget in the middle."""
    column = QVBoxLayout()
    column.addStretch(1)
    column.addWidget(widget, 0, Qt.AlignmentFlag.AlignCenter)
    column.addStretch(1)
    return column
