"""What chaos is on, a card each with its countdown and Undo, and below it what ended and how."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.control.chaos_words import ChaosRow, EndedRow
from app.control.layouts import clear, indented, rows
from app.theme import SEMIBOLD, Icon, Status, Token, px
from app.widgets import Button, ButtonKind, Card, Line, StatusGlyph, Text, caption
from app.widgets.paint import draw_box

NOTHING = "Nothing is on. Whatever you start ends by itself, and is listed here with what was measured of it."


class ChaosCard(Card):
    """One action that is on; the line at its foot is the time that it has left."""

    undone = Signal(str)

    def __init__(self, row: ChaosRow, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=10)
        self._row = row
        self.body.setSpacing(px(3))
        self._left = Line("", 12, SEMIBOLD)
        self._effect_mark = StatusGlyph(Status.IDLE, 9)
        self._effect = Text("", 12, ink=Token.TEXT2)
        self._told = Text("", 12, ink=Token.CRIT_TEXT)
        self._told.hide()
        self.undo = Button("Undo", ButtonKind.OUTLINE, Icon.ARROW_U_UP_LEFT, small=True)
        self.undo.setAccessibleName(f"Undo {row.title}, {row.target}")
        self.undo.clicked.connect(lambda: self.undone.emit(self._row.id))
        self._lay_out(row)
        self.show_row(row)

    def show_row(self, row: ChaosRow) -> None:
        """Show how it stands now."""
        before, self._row = self._row, row
        self._left.set_text(row.left)
        self._effect_mark.set_status(row.seen, "measured" if row.seen is Status.OK else "not measured")
        if row.effect != self._effect.text():
            self._effect.setText(row.effect)
        self._effect.set_ink(Token.TEXT1 if row.seen is Status.OK else Token.TEXT3)
        self.setAccessibleName(f"{row.title}, {row.target}, {row.intensity}, {row.left} left, {row.effect}")
        if before.share_left != row.share_left:
            self.update()

    def show_problem(self, why: str) -> None:
        """Undoing was refused."""
        self._told.setText(why)
        self._told.setVisible(bool(why))
        self.undo.set_disabled_reason("")

    def show_waiting(self) -> None:
        """The engine is undoing it."""
        self._told.hide()
        self.undo.set_disabled_reason("It is being undone.")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card and the time that is left."""
        super().paintEvent(event)
        width = (self.width() - 2 * px(8)) * self._row.share_left
        ink = Token.VIOLET if self._row.is_herring else Token.INFO
        draw_box(QPainter(self), QRectF(px(8), self.height() - 3, width, 2), ink, None, 1)

    def _lay_out(self, row: ChaosRow) -> None:
        line = QHBoxLayout()
        line.setSpacing(px(8))
        mark = Status.HERRING if row.is_herring else Status.INFO
        line.addWidget(StatusGlyph(mark, 9, "Red herring" if row.is_herring else "Chaos"))
        line.addWidget(Line(row.title, 13, SEMIBOLD), 1)
        line.addWidget(self._left)
        line.addWidget(self.undo)
        self.body.addLayout(line)
        where = Line(f"{row.target} · {row.intensity}" if row.intensity else row.target, 12, ink=Token.TEXT2)
        self.body.addLayout(indented(where))
        effect = QHBoxLayout()
        effect.setSpacing(px(8))
        effect.addWidget(self._effect_mark, 0, Qt.AlignmentFlag.AlignTop)
        effect.addWidget(self._effect, 1)
        self.body.addLayout(effect)
        self.body.addWidget(self._told)


class ChaosList(QWidget):
    """Cards of what is on, lines of what ended. `undone` carries the id of an action to undo."""

    undone = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[str, ChaosCard] = {}
        self._ended: tuple[EndedRow, ...] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        self._nothing = Text(NOTHING, 12, ink=Token.TEXT3)
        self._on, self._over = rows(8), rows(2)
        self._over_title = caption("Ended")
        column.addWidget(self._nothing)
        column.addLayout(self._on)
        column.addWidget(self._over_title)
        column.addLayout(self._over)
        self._over_title.hide()

    @property
    def cards(self) -> tuple[ChaosCard, ...]:
        """What is on, the newest on top."""
        return tuple(self._cards.values())

    def show_rows(self, on: Sequence[ChaosRow], ended: Sequence[EndedRow]) -> None:
        """Show these; cards are made and dropped only as actions begin and end."""
        if [row.id for row in on] != list(self._cards):
            self._arrange(on)
        for row in on:
            self._cards[row.id].show_row(row)
        self._nothing.setVisible(not on)
        if tuple(ended) != self._ended:
            self._ended = tuple(ended)
            self._show_ended(ended)

    def show_waiting(self, chaos_id: str) -> None:
        """That action is being undone."""
        if chaos_id in self._cards:
            self._cards[chaos_id].show_waiting()

    def show_problem(self, chaos_id: str, why: str) -> None:
        """Say on the card why it was not undone."""
        if chaos_id in self._cards:
            self._cards[chaos_id].show_problem(why)

    def _arrange(self, on: Sequence[ChaosRow]) -> None:
        kept = {row.id: self._cards.get(row.id) for row in on}
        for chaos_id, card in self._cards.items():
            self._on.removeWidget(card)
            if chaos_id not in kept:
                card.hide()
                card.deleteLater()
        self._cards = {}
        for row in on:
            card = kept[row.id] or self._make(row)
            self._cards[row.id] = card
            self._on.addWidget(card)

    def _make(self, row: ChaosRow) -> ChaosCard:
        card = ChaosCard(row)
        card.undone.connect(self.undone)
        return card

    def _show_ended(self, ended: Sequence[EndedRow]) -> None:
        clear(self._over)
        self._over_title.setVisible(bool(ended))
        for row in ended:
            line = QHBoxLayout()
            line.setSpacing(px(8))
            line.addWidget(Line(row.clock, 11, ink=Token.TEXT3, mono=True))
            words = Line(f"{row.text}: {row.detail}", 12, ink=Token.TEXT2)
            line.addWidget(words, 1)
            self._over.addLayout(line)
