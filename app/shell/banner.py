"""The strip below the top bar that says what is wrong with the engine, and what happens next."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.session import Notice
from app.theme import SEMIBOLD, TONES, Status, Token, px
from app.widgets import Button, ButtonKind, Line
from app.widgets.paint import draw_box, draw_status


class Banner(QWidget):
    """Hidden while there is no notice."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = Status.CRITICAL
        row = QHBoxLayout(self)
        row.setContentsMargins(px(40), px(8), px(12), px(8))
        row.setSpacing(px(12))
        words = QVBoxLayout()
        words.setSpacing(px(1))
        self._fact = Line("", 13, SEMIBOLD, Token.CRIT_TEXT)
        self._outlook = Line("", 12, ink=Token.TEXT2)
        words.addWidget(self._fact)
        words.addWidget(self._outlook)
        row.addLayout(words, 1)
        self._button = Button("", ButtonKind.OUTLINE)
        self._button.clicked.connect(self.pressed)
        row.addWidget(self._button)
        self.hide()

    def show_notice(self, notice: Notice | None) -> None:
        """Say this; None hides the banner."""
        self.setVisible(notice is not None)
        if notice is not None:
            self._status = notice.status
            self._fact.set_text(notice.fact)
            self._fact.set_ink(TONES[notice.status].text)
            self._outlook.set_text(notice.outlook)
            self._button.set_text(notice.remedy.value)
            self._button.setVisible(bool(notice.remedy.value))
            self.setAccessibleName(f"{notice.fact} {notice.outlook}")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint and the shape."""
        painter = QPainter(self)
        tone = TONES[self._status]
        draw_box(painter, QRectF(self.rect()), tone.fill, tone.line, 8)
        draw_status(painter, self._status, px(20), self.height() / 2, px(11))
