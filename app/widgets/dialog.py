"""The dialog: only for loss or what cannot be undone. Its title is a question that names the effect."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.theme import SEMIBOLD, Status, ThemeName, Token, px, theme
from app.widgets.button import Button, ButtonKind
from app.widgets.line import Text
from app.widgets.marks import StatusGlyph
from app.widgets.paint import draw_box, faded

SHADOW = 24
SHADOW_OPACITY = {ThemeName.DARK: 0.07, ThemeName.LIGHT: 0.02}


class Dialog(QDialog):
    """A question with two answers. The safe one comes first, has the keyboard, and is what Escape gives.

    `act` is done only if it is chosen: `Dialog("Stop all faults?", ..., on_act=...).open()`. It does not block.
    """

    def __init__(
        self,
        question: str,
        consequence: str,
        safe: str,
        act: str,
        on_act: Callable[[], None],
        status: Status = Status.CRITICAL,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(question)
        self.setAccessibleName(question)
        self.setAccessibleDescription(consequence)
        self._lay_out(question, consequence, status)
        self.safe = Button(safe, ButtonKind.OUTLINE, keys="Esc")
        kind = ButtonKind.DANGER if status is Status.CRITICAL else ButtonKind.SECONDARY
        self.act = Button(act, kind, keys="Ctrl+Return")
        self._answers.addWidget(self.safe)
        self._answers.addWidget(self.act)
        self.safe.clicked.connect(self.reject)
        self.act.clicked.connect(self.accept)
        self.accepted.connect(on_act)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.act.click)
        self.safe.setFocus()
        width = px(500) + 2 * SHADOW
        # Words that wrap: without their height at this width the box is as high as in a narrow one.
        self.setFixedSize(width, self._column.totalHeightForWidth(width))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shadow, then the box."""
        painter = QPainter(self)
        body = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        for step in range(SHADOW, 0, -3):
            reach = float(step)
            layer = body.adjusted(-reach, -reach * 0.4, reach, reach)
            draw_box(painter, layer, faded(QColor(0, 0, 0), SHADOW_OPACITY[theme.name]), None, 10 + reach)
        draw_box(painter, body, Token.BG2, Token.LINE2, 10)

    def _lay_out(self, question: str, consequence: str, status: Status) -> None:
        column = self._column = QVBoxLayout(self)
        margin = SHADOW + px(20)
        column.setContentsMargins(margin, margin, margin, SHADOW + px(16))
        column.setSpacing(px(10))
        title = QHBoxLayout()
        title.setSpacing(px(10))
        title.addWidget(StatusGlyph(status, 11), 0, Qt.AlignmentFlag.AlignVCenter)
        title.addWidget(Text(question, 15, SEMIBOLD, Token.TEXT1), 1)
        column.addLayout(title)
        column.addWidget(Text(consequence, 13))
        column.addSpacing(px(6))
        self._answers = QHBoxLayout()
        self._answers.setSpacing(px(8))
        self._answers.addStretch(1)
        column.addLayout(self._answers)
