"""Choosing a scenario and its seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.opening import Wanted
from app.start.model import read_seed, seed_problem
from app.theme import SEMIBOLD, Icon, Status, Token, px
from app.widgets import Button, ButtonKind, Chip, ErrorState, Field, Line, Panel, Skeleton, Text
from app.widgets.paint import draw_box, draw_focus_ring

if TYPE_CHECKING:
    from protos.drill.v1.records import PackSummary


class PackCard(QAbstractButton):
    """One scenario to choose; arrows move between them."""

    def __init__(self, pack: PackSummary) -> None:
        super().__init__()
        self.pack = pack
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(f"{pack.title}, {pack.severity}. {pack.story}")
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(14), px(16), px(14))
        column.setSpacing(px(6))
        head = QHBoxLayout()
        head.setSpacing(px(10))
        head.addWidget(Line(pack.title, 15, SEMIBOLD), 1)
        head.addWidget(Chip(pack.severity, Status.CRITICAL))
        column.addLayout(head)
        story = Text(pack.story, 13)
        # A label in a button takes the role of the button's text otherwise.
        story.setForegroundRole(QPalette.ColorRole.WindowText)
        column.addWidget(story)
        facts = f"{pack.services} services and their PostgreSQL, on this computer"
        column.addWidget(Line(facts, 12, ink=Token.TEXT3))
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card; the chosen one is lifted, without amber: nobody is needed here."""
        painter = QPainter(self)
        chosen = self.isChecked()
        fill = Token.BG3 if self.underMouse() and not chosen else Token.BG2
        draw_box(painter, QRectF(self.rect()), fill, Token.LINE2 if chosen else Token.LINE1, 6)
        if self.hasFocus():
            draw_focus_ring(painter, QRectF(self.rect()))


class ScenarioPanel(Panel):
    """The scenarios, the seed, and the screen's one primary button."""

    wanted = Signal(object)
    """Wanted: the user wants this run."""
    retried = Signal()
    """The user wants another try at starting the engine."""

    def __init__(self) -> None:
        super().__init__("Scenario")
        self._group = QButtonGroup(self)
        self._cards: list[PackCard] = []
        self._skeleton = Skeleton(4)
        self._error = ErrorState(Icon.WARNING_OCTAGON, "", action="Start the engine")
        self._error.hide()
        self._error.pressed.connect(self.retried)
        self.add(self._skeleton)
        self.add(self._error)
        self._list = QVBoxLayout()
        self._list.setSpacing(px(8))
        self.add(self._list)
        self.seed = Field("random", mono=True, name="Seed")
        self.button = Button("Start the drill", ButtonKind.PRIMARY)
        self._hint = Line("", 12, ink=Token.TEXT3)
        self._lay_footer()
        self.seed.textChanged.connect(self._check)
        self.seed.returnPressed.connect(self._start)
        self.button.clicked.connect(self._start)
        self._group.buttonToggled.connect(lambda *_: self._check())
        self._check()

    def show_packs(self, packs: Sequence[PackSummary]) -> None:
        """Show the scenarios that can be opened; the first is chosen."""
        self._clear()
        for pack in packs:
            card = PackCard(pack)
            self._cards.append(card)
            self._group.addButton(card)
            self._list.addWidget(card)
        if self._cards:
            self._cards[0].setChecked(True)
        else:
            self.show_problem(
                "No scenario was found.", "Reinstall the program: its folder scenarios is empty."
            )
        self.set_remark("" if len(packs) < 2 else f"{len(packs)} to choose from")
        self._check()

    def show_waiting(self, remark: str) -> None:
        """Say what is waited for."""
        self._error.hide()
        self._skeleton.setVisible(not self._cards)
        self.set_remark(remark)
        self._check()

    def show_problem(self, fact: str, remedy: str) -> None:
        """Say why there is nothing to choose."""
        self._clear()
        self._error.set_words(fact, remedy)
        self._error.show()
        self.set_remark("")
        self._check()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return on a card starts it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._start()
        else:
            super().keyPressEvent(event)

    def _lay_footer(self) -> None:
        row = self.add_footer()
        caption = Line("Seed", 12, ink=Token.TEXT2)
        row.addWidget(caption, 0, Qt.AlignmentFlag.AlignVCenter)
        self.seed.setMaximumWidth(px(150))
        row.addWidget(self.seed)
        row.addWidget(self._hint, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button)

    def _chosen(self) -> PackSummary | None:
        return next((card.pack for card in self._cards if card.isChecked()), None)

    def _check(self) -> None:
        problem = seed_problem(self.seed.text())
        self.seed.set_wrong(problem)
        self._hint.set_text(problem or "Same seed, same numbers.")
        self._hint.set_ink(Token.CRIT_TEXT if problem else Token.TEXT3)
        nothing = "" if self._chosen() else "There is no scenario to start yet."
        self.button.set_disabled_reason(problem or nothing)

    def _start(self) -> None:
        pack = self._chosen()
        if pack is not None and not seed_problem(self.seed.text()):
            self.wanted.emit(Wanted(pack.title, packs=(pack.id,), seed=read_seed(self.seed.text())))

    def _clear(self) -> None:
        self._skeleton.hide()
        self._error.hide()
        for card in self._cards:
            self._group.removeButton(card)
            self._list.removeWidget(card)
            card.deleteLater()
        self._cards = []
