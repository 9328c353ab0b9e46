"""Choosing scenarios, how hard they are to be, and the seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from app.opening import Wanted
from app.start.level_row import LevelRow
from app.start.model import chosen_remark, read_seed, seed_problem, word_of
from app.start.pack_card import PackCard
from app.theme import Icon, Token, px
from app.widgets import Button, ButtonKind, ErrorState, Field, Line, Panel, Skeleton

if TYPE_CHECKING:
    from protos.drill.v1.records import PackSummary


NOTHING = "Choose at least one scenario."


class ScenarioPanel(Panel):
    """The scenarios, their level, the seed, and the screen's one primary button."""

    wanted = Signal(object, object)
    """Wanted, and its scenarios: the user wants this run."""
    retried = Signal()
    """The user wants another try at starting the engine."""
    folderWanted = Signal()
    """The user wants to add a scenario from a folder."""
    removed = Signal(str)
    """The user takes the scenario of this folder off the list."""

    def __init__(self) -> None:
        super().__init__("Scenario")
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
        self.levels = LevelRow()
        self.add(self.levels)
        self.folder = Button("Add a folder…", ButtonKind.OUTLINE, Icon.FOLDER, small=True)
        self.folder.setToolTip("A scenario that is not a part of the program")
        self.folder.hide()
        self.folder.clicked.connect(self.folderWanted)
        self.add_action(self.folder)
        self.all = Button("All", ButtonKind.OUTLINE, Icon.CHECK_SQUARE, small=True)
        self.all.hide()
        self.all.clicked.connect(self._toggle_all)
        self.add_action(self.all)
        self.seed = Field("random", mono=True, name="Seed")
        self.button = Button("Start the drill", ButtonKind.PRIMARY)
        self._hint = Line("", 12, ink=Token.TEXT3)
        self._lay_footer()
        self.seed.textChanged.connect(self._check)
        self.seed.returnPressed.connect(self._start)
        self.button.clicked.connect(self._start)
        self._check()

    def show_packs(self, packs: Sequence[PackSummary]) -> None:
        """Show the scenarios; those chosen before stay chosen, at first it is the first that can be opened."""
        chosen = {word_of(pack) for pack in self._chosen()}
        self._clear()
        self.folder.show()
        openable = [pack for pack in packs if not pack.problem]
        for pack in packs:
            card = PackCard(pack, alone=len(openable) == 1)
            card.toggled.connect(lambda _: self._check())
            card.removed.connect(self.removed)
            card.setChecked(card.isCheckable() and word_of(pack) in chosen)
            self._cards.append(card)
            self._list.addWidget(card)
        if not packs:
            self.show_problem(
                "No scenario was found.", "Reinstall the program: its folder scenarios is empty."
            )
        if not self._chosen():
            for card in self._openable()[:1]:
                card.setChecked(True)
        self.set_title("Scenarios" if len(packs) > 1 else "Scenario")
        self.all.setVisible(len(openable) > 1)
        self._check()

    def show_waiting(self, remark: str) -> None:
        """Say what is waited for."""
        self._error.hide()
        self._skeleton.setVisible(not self._cards)
        self._check()
        self.set_remark(remark)

    def show_problem(self, fact: str, remedy: str) -> None:
        """Say why there is nothing to choose."""
        self._clear()
        self._error.set_words(fact, remedy)
        self._error.show()
        self.set_remark("")
        self._check()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return on a card starts what is chosen."""
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

    def _openable(self) -> list[PackCard]:
        return [card for card in self._cards if card.isCheckable()]

    def _chosen(self) -> list[PackSummary]:
        return [card.pack for card in self._cards if card.isChecked()]

    def _toggle_all(self) -> None:
        """All of them; when all are chosen, none."""
        openable = self._openable()
        wanted = not all(card.isChecked() for card in openable)
        for card in openable:
            card.setChecked(wanted)

    def _check(self) -> None:
        problem = seed_problem(self.seed.text())
        self.seed.set_wrong(problem)
        self._hint.set_text(problem or "Same seed, same numbers.")
        self._hint.set_ink(Token.CRIT_TEXT if problem else Token.TEXT3)
        chosen, openable = self._chosen(), self._openable()
        self.levels.show_packs(chosen)
        if self._cards:
            self.set_remark(chosen_remark(len(chosen), len(openable)))
        is_all = bool(openable) and len(chosen) == len(openable)
        self.all.set_text("None" if is_all else "All")
        self.all.set_icon(Icon.SQUARE if is_all else Icon.CHECK_SQUARE)
        missing = NOTHING if openable else "There is no scenario to start yet."
        self.button.set_disabled_reason(problem or ("" if chosen else missing))

    def _start(self) -> None:
        packs = self._chosen()
        if packs and not seed_problem(self.seed.text()):
            title = " · ".join(pack.title for pack in packs)
            words = tuple(word_of(pack) for pack in packs)
            seed = read_seed(self.seed.text())
            self.wanted.emit(Wanted(title, packs=words, seed=seed, level=self.levels.level), packs)

    def _clear(self) -> None:
        self._skeleton.hide()
        self._error.hide()
        self.folder.hide()
        for card in self._cards:
            self._list.removeWidget(card)
            card.deleteLater()
        self._cards = []
