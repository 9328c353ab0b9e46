"""The incidents beside each other: how each stands, its button, and which one the panels below are about."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.control.incidents import IncidentCard
from app.control.layouts import indented
from app.theme import SEMIBOLD, Icon, Status, Token, px
from app.widgets import Button, ButtonKind, KeyCap, Line, Pressable, StatusGlyph
from app.widgets.paint import draw_box, draw_focus_ring


class IncidentCardView(Pressable):
    """One incident. Pressing it chooses it; its button starts or ends it (`triggered` carries its pack)."""

    triggered = Signal(str)
    stepped = Signal(int)

    def __init__(self, card: IncidentCard, keys: str, alone: bool) -> None:
        super().__init__()
        self._card, self._alone, self._problem = card, alone, ""
        self.setCheckable(not alone)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if alone else Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor if alone else Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._mark = StatusGlyph(Status.IDLE, 10)
        self._title, self._codename = Line("", 14, SEMIBOLD), Line("", 11, ink=Token.TEXT3)
        self._when, self._symptom = Line("", 12, ink=Token.TEXT2), Line("", 12, ink=Token.TEXT2)
        self.button = Button("Trigger", ButtonKind.OUTLINE, Icon.LIGHTNING, small=True)
        self.button.clicked.connect(lambda: self.triggered.emit(self._card.pack))
        self._lay_out(keys)
        self.show_card(card)

    @property
    def card(self) -> IncidentCard:
        """What it shows."""
        return self._card

    def show_card(self, card: IncidentCard) -> None:
        """Show another state."""
        if card.running != self._card.running:
            self._problem = ""
            self.button.set_disabled_reason("")
        self._card = card
        self._mark.set_status(card.status, card.word)
        self._title.set_text(card.title)
        self._codename.set_text(card.codename)
        self._when.set_text(card.when)
        self._symptom.set_text(self._problem or card.symptom)
        self._symptom.set_ink(Token.CRIT_TEXT if self._problem else Token.TEXT2)
        words = "Stop" if card.running else "Trigger"
        self.button.set_text(f"{words} incident" if self._alone else words)
        self.button.setAccessibleName(f"{words} {card.title}")
        calm = ButtonKind.PRIMARY if self._alone else ButtonKind.OUTLINE
        self.button.set_kind(ButtonKind.DANGER if card.running else calm)
        self.button.set_icon(Icon.STOP if card.running else Icon.LIGHTNING)
        self.setAccessibleName(f"{card.title}, {card.codename}: {card.word}. {card.when}. {card.symptom}")

    def show_waiting(self) -> None:
        """The engine was asked to start or end it."""
        self._problem = ""
        self.button.set_disabled_reason("The engine is at it.")
        self.show_card(self._card)

    def show_answer(self, why: str) -> None:
        """The engine did it, or refused with this sentence."""
        self._problem = why
        self.button.set_disabled_reason("")
        self.show_card(self._card)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right lead to the neighbours; the rest is a button's."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)

    def sizeHint(self) -> QSize:
        """As high as its lines; the row gives the width."""
        layout = self.layout()
        assert layout is not None
        return layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Lines elide."""
        layout = self.layout()
        assert layout is not None
        return layout.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card; the chosen one is lifted, without amber: nobody is needed here."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        chosen = self.isChecked() and not self._alone
        fill = Token.BG3 if chosen else Token.BG2 if self.lift and not self._alone else Token.BG1
        draw_box(painter, rect, fill, Token.LINE2 if chosen else Token.LINE1, 8)
        if chosen:
            draw_box(
                painter, QRectF(px(14), rect.bottom() - 2, rect.width() - 2 * px(14), 2), Token.TEXT2, None, 1
            )
        if self.shows_focus:
            draw_focus_ring(painter, rect, 8)

    def _lay_out(self, keys: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(14), px(8), px(10), px(10))
        column.setSpacing(px(3))
        head = QHBoxLayout()
        head.setSpacing(px(8))
        head.addWidget(self._mark)
        head.addWidget(self._title)
        head.addWidget(self._codename, 1)
        self._cap = KeyCap(keys)
        head.addWidget(self._cap)
        head.addWidget(self.button)
        column.addLayout(head)
        if self._alone:
            line = indented(self._when, 10)
            line.setSpacing(px(16))
            line.addWidget(self._symptom, 1)
            column.addLayout(line)
        else:
            column.addLayout(indented(self._when, 10))
            column.addLayout(indented(self._symptom, 10))
        self._cap.setVisible(not self._alone)
        for child in (self._mark, self._title, self._codename, self._cap):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class IncidentStrip(QWidget):
    """One card a scenario. `chosen` and `triggered` carry a pack; left and right move between the cards."""

    chosen = Signal(str)
    triggered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[IncidentCardView] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(px(12))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Incidents")

    @property
    def cards(self) -> tuple[IncidentCardView, ...]:
        """The cards from left to right."""
        return tuple(self._cards)

    def show_cards(self, cards: Sequence[IncidentCard], chosen: str) -> None:
        """Show these incidents; `chosen` is the pack that the panels below are about."""
        if [card.pack for card in cards] != [view.card.pack for view in self._cards]:
            self._make(cards)
        for view, card in zip(self._cards, cards, strict=True):
            view.show_card(card)
            view.setChecked(card.pack == chosen)

    def view_of(self, pack: str) -> IncidentCardView | None:
        """The card of a pack."""
        return next((view for view in self._cards if view.card.pack == pack), None)

    def _step(self, pack: str, step: int) -> None:
        place = [view.card.pack for view in self._cards].index(pack) + step
        if 0 <= place < len(self._cards):
            self._cards[place].setFocus(Qt.FocusReason.TabFocusReason)
            self.chosen.emit(self._cards[place].card.pack)

    def _make(self, cards: Sequence[IncidentCard]) -> None:
        for view in self._cards:
            self._row.removeWidget(view)
            view.hide()
            view.deleteLater()
        self._cards = []
        for number, card in enumerate(cards, start=1):
            view = IncidentCardView(card, str(number), alone=len(cards) == 1)
            view.clicked.connect(lambda _=False, pack=card.pack: self.chosen.emit(pack))
            view.triggered.connect(self.triggered)
            view.stepped.connect(partial(self._step, card.pack))
            self._cards.append(view)
            self._row.addWidget(view, 1)
