"""How hard it is to be: one level for all scenarios that were chosen, with what it means for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.start.model import LEVELS, level_lines, level_numbers, usual_level
from app.theme import Token, px
from app.widgets import Line, Segmented, Text

if TYPE_CHECKING:
    from protos.drill.v1.records import PackSummary


class LevelRow(QWidget):
    """Hidden where no chosen scenario has levels; the level is 0 then: as it is written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._packs: tuple[PackSummary, ...] = ()
        self._wanted = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(px(2), px(4), 0, 0)
        row.setSpacing(px(12))
        caption = Line("Level", 12, ink=Token.TEXT2)
        top = Qt.AlignmentFlag.AlignTop
        self.choice = Segmented([str(number) for number in LEVELS], name="Level")
        self.choice.chosen.connect(self._choose)
        head = QHBoxLayout()
        head.setSpacing(px(10))
        head.addWidget(caption)
        head.addWidget(self.choice)
        row.addLayout(head)
        row.setAlignment(head, top)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(px(2))
        self._lines.setContentsMargins(0, px(7), 0, 0)
        row.addLayout(self._lines, 1)
        self.setVisible(False)

    @property
    def level(self) -> int:
        """The chosen level; 0 where there is none to choose."""
        numbers = level_numbers(self._packs)
        return self._wanted if self._wanted in numbers else usual_level(numbers)

    @property
    def words(self) -> tuple[str, ...]:
        """What the chosen level means, a line each scenario."""
        return level_lines(self._packs, self.level)

    def show_packs(self, packs: Sequence[PackSummary]) -> None:
        """Offer the levels of these scenarios; the chosen one stays if they have it."""
        if tuple(packs) == self._packs:
            return
        self._packs = tuple(packs)
        numbers = level_numbers(packs)
        for place, number in enumerate(LEVELS):
            reason = "" if number in numbers else "No chosen scenario has this level."
            self.choice.set_option_enabled(place, reason)
        self.setVisible(bool(numbers))
        self._refresh()

    def _choose(self, place: int) -> None:
        self._wanted = LEVELS[place]
        self._refresh()

    def _refresh(self) -> None:
        if self.level in LEVELS:
            self.choice.choose(LEVELS.index(self.level))
        while self._lines.count():
            item = self._lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for words in self.words:
            self._lines.addWidget(Text(words, 12, ink=Token.TEXT2))
        self._lines.addStretch(1)
