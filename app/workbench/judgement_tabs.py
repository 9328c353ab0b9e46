"""The judgements of one commit beside each other: one a scenario, with its verdict; one of them is shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from app.theme import Token, font, px
from app.widgets import FlowLayout, Pressable
from app.widgets.paint import draw_box, draw_focus_ring, draw_status, draw_text, text_width
from app.workbench.judgements import JudgementTab

SIDE, MARK, GAP = 10, 9, 7


class TabButton(Pressable):
    """One judgement; the chosen one has a plate."""

    def __init__(self, tab: JudgementTab) -> None:
        super().__init__(tab.title)
        self.tab = tab
        self.setCheckable(True)
        self.setAccessibleName(f"{tab.title}: {tab.word}")

    def sizeHint(self) -> QSize:
        """Mark, scenario, verdict."""
        words = text_width(self.tab.title, font(12)) + text_width(self.tab.word, font(11))
        return QSize(round(words) + px(MARK) + 2 * px(GAP) + 2 * px(SIDE) + 2, px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint plate, mark and words."""
        painter, rect = QPainter(self), QRectF(self.rect())
        if self.isChecked() or self.lift:
            draw_box(painter, rect, Token.BG3, Token.LINE2 if self.isChecked() else None, 6)
        x = float(px(SIDE))
        draw_status(painter, self.tab.status, x + px(MARK) / 2, rect.center().y(), px(MARK))
        x += px(MARK) + px(GAP)
        ink = Token.TEXT1 if self.isChecked() else Token.TEXT2
        x += draw_text(painter, QRectF(x, 0, rect.width(), rect.height()), self.tab.title, font(12), ink)
        area = QRectF(x + px(GAP), 0, rect.width(), rect.height())
        draw_text(painter, area, self.tab.word, font(11), Token.TEXT3)
        if self.shows_focus:
            draw_focus_ring(painter, rect)


class JudgementTabs(QWidget):
    """Hidden where there is nothing to choose. `chosen` carries a scenario's codename."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs: tuple[JudgementTab, ...] = ()
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(10), 0, px(10), px(8))
        self._flow = FlowLayout(4)
        column.addLayout(self._flow)
        self.setAccessibleName("Judgements of this commit")
        self.hide()

    @property
    def buttons(self) -> tuple[TabButton, ...]:
        """The buttons from left to right."""
        return tuple(button for button in self._group.buttons() if isinstance(button, TabButton))

    def show_tabs(self, tabs: Sequence[JudgementTab], scenario: str) -> None:
        """Show these, with the one of that scenario chosen."""
        if tuple(tabs) != self._tabs:
            self._tabs = tuple(tabs)
            self._make()
        for button in self.buttons:
            button.setChecked(button.tab.scenario == scenario)
        self.setVisible(bool(tabs))

    def _make(self) -> None:
        for button in self.buttons:
            self._group.removeButton(button)
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        for tab in self._tabs:
            button = TabButton(tab)
            button.clicked.connect(lambda _=False, name=tab.scenario: self.chosen.emit(name))
            self._group.addButton(button)
            self._flow.addWidget(button)
