"""A scenario to choose: one alone is given, of several any number can be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.start.model import origin_words
from app.theme import SEMIBOLD, Icon, Status, Token, draw_icon, px
from app.widgets import Button, ButtonKind, Chip, Line, Text
from app.widgets.paint import draw_box, draw_focus_ring

if TYPE_CHECKING:
    from protos.drill.v1.records import PackSummary

MARK, REMOVE = 18, 22


class CheckMark(QWidget):
    """The box at the left of a card; its card tells it what to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_checked = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_checked(self, checked: bool) -> None:
        """Tick it, or not."""
        self._is_checked = checked
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(px(MARK), px(MARK))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, and the tick."""
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        draw_box(
            painter,
            rect,
            Token.TEXT2 if self._is_checked else Token.INSET,
            Token.TEXT2 if self._is_checked else Token.LINE2,
            4,
        )
        if self._is_checked:
            at = (self.width() - px(12)) / 2
            draw_icon(painter, Icon.CHECK, at, at, 12, Token.BG1)


class PackCard(QAbstractButton):
    """One scenario; Space takes it or leaves it. One that cannot be opened says why and cannot be taken."""

    removed = Signal(str)
    """The user takes this one off the list; the folder that it came from."""

    def __init__(self, pack: PackSummary, alone: bool) -> None:
        super().__init__()
        self.pack = pack
        self._alone = alone
        self.setCheckable(not pack.problem)
        self.setEnabled(not pack.problem or bool(pack.origin))
        self.setCursor(Qt.CursorShape.ArrowCursor if alone else Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        said = f"It cannot be opened: {pack.problem}" if pack.problem else f"{pack.severity}. {pack.story}"
        self.setAccessibleName(f"{pack.title}, {said}")
        self._mark = CheckMark()
        self._lay_out(pack)
        self._mark.setVisible(not alone and not pack.problem)
        self.toggled.connect(self._mark.set_checked)

    def nextCheckState(self) -> None:
        """The only one there is stays taken."""
        if not self._alone:
            super().nextCheckState()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card; a taken one is lifted, without amber: nobody is needed here."""
        painter = QPainter(self)
        chosen = self.isChecked()
        hovered = self.underMouse() and self.isCheckable() and not self._alone
        fill = Token.BG3 if hovered else Token.BG2 if chosen else Token.BG1
        draw_box(painter, QRectF(self.rect()), fill, Token.LINE2 if chosen else Token.LINE1, 6)
        if self.hasFocus():
            draw_focus_ring(painter, QRectF(self.rect()))

    def _lay_out(self, pack: PackSummary) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(px(14), px(11), px(14), px(12))
        row.setSpacing(px(12))
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(px(4))
        head = QHBoxLayout()
        head.setSpacing(px(10))
        head.addWidget(Line(pack.title, 14, SEMIBOLD, Token.TEXT2 if pack.problem else Token.TEXT1), 1)
        if pack.services:
            head.addWidget(Line(f"{pack.services} services", 12, ink=Token.TEXT3))
        if pack.severity:
            head.addWidget(Chip(pack.severity, Status.CRITICAL))
        if pack.origin:
            head.addWidget(self._remove_button(pack))
        column.addLayout(head)
        words = " ".join((pack.problem or pack.story).split())
        text = Text(words, 12, ink=Token.CRIT_TEXT if pack.problem else Token.TEXT2)
        # A label in a button takes the role of the button's text otherwise.
        text.setForegroundRole(QPalette.ColorRole.WindowText)
        column.addWidget(text)
        if pack.origin:
            column.addWidget(Line(origin_words(pack), 11, ink=Token.TEXT3, mono=True))
        row.addLayout(column, 1)
        for child in self.findChildren(QWidget):
            if not isinstance(child, Button):
                child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _remove_button(self, pack: PackSummary) -> Button:
        button = Button("", ButtonKind.GHOST, Icon.X, small=True, tip=f"Take “{pack.title}” off the list")
        button.setFixedSize(px(REMOVE), px(REMOVE))
        button.clicked.connect(lambda: self.removed.emit(pack.origin))
        return button
