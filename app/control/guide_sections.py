"""What the facilitator can play in the chosen scenario: red herrings, a stress test, hints."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.control.incidents import STRESS_SECONDS, HerringRow, StressWords
from app.control.layouts import clear, rows
from app.theme import MEDIUM, SEMIBOLD, Icon, Status, Token, px
from app.time_axis import THIN
from app.widgets import Button, ButtonKind, Chip, Line, Segmented, StatusGlyph, Text
from protos.drill.v1.records import Hint

NO_HERRINGS = "This level has no red herrings."


class HerringLine(QWidget):
    """One red herring. `started` carries its id, `stopped` the id of its chaos action."""

    started = Signal(str)
    stopped = Signal(str)

    def __init__(self, row: HerringRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        self._mark = StatusGlyph(Status.HERRING, 9, "Red herring")
        self._button = Button("Start", ButtonKind.OUTLINE, small=True)
        self._button.clicked.connect(self._press)
        self._state = Chip("", Status.HERRING)
        self._effect = Text("", 12, ink=Token.TEXT2)
        self._told = Text("", 12, ink=Token.CRIT_TEXT)
        self._told.hide()
        self._lay_out(row)
        self.show_row(row)

    @property
    def button(self) -> Button:
        """Start or Stop."""
        return self._button

    def show_row(self, row: HerringRow) -> None:
        """Show how it stands now."""
        if bool(row.chaos) != bool(self._row.chaos):
            self.show_answer("")
        self._row = row
        words = "Stop" if row.chaos else "Start"
        self._button.set_text(words)
        self._button.setAccessibleName(f"{words} red herring {row.title}")
        self._button.set_icon(Icon.STOP if row.chaos else Icon.PLAY)
        self._mark.set_status(
            Status.HERRING if row.chaos else Status.IDLE, "is on" if row.chaos else "is off"
        )
        self._state.set_status(row.state, Status.HERRING)
        self._state.setVisible(bool(row.chaos))
        effect = row.effect if row.chaos or not row.state else f"{row.state}: {row.effect}".rstrip(": ")
        if effect != self._effect.text():
            self._effect.setText(effect)
        self._effect.setVisible(bool(effect))
        self._effect.set_ink(Token.TEXT1 if row.chaos else Token.TEXT3)

    def show_answer(self, why: str) -> None:
        """The engine did what was asked, or refused with this sentence."""
        self._button.set_disabled_reason("")
        self._told.setText(why)
        self._told.setVisible(bool(why))

    def _lay_out(self, row: HerringRow) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(8))
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        words = rows(3)
        words.addWidget(Line(row.title, 13, MEDIUM))
        words.addWidget(Text(row.text, 12, ink=Token.TEXT2))
        words.addWidget(self._state)
        words.addWidget(self._effect)
        words.addWidget(self._told)
        line.addLayout(words, 1)
        line.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)

    def _press(self) -> None:
        self._told.hide()
        self._button.set_disabled_reason("The engine is at it.")
        if self._row.chaos:
            self.stopped.emit(self._row.chaos)
        else:
            self.started.emit(self._row.id)


class HerringsSection(QWidget):
    """The scenario's red herrings. `started` carries a herring's id, `stopped` the herring's and its action's."""

    started = Signal(str)
    stopped = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: dict[str, HerringLine] = {}
        self._shown: tuple[tuple[str, str], ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._none = Text(NO_HERRINGS, 12, ink=Token.TEXT3)
        self._rows = rows(12)
        column.addWidget(self._none)
        column.addLayout(self._rows)

    @property
    def lines(self) -> dict[str, HerringLine]:
        """Each herring's line by its id."""
        return self._lines

    def show_herrings(self, herrings: Sequence[HerringRow]) -> None:
        """Show how they stand; lines are made anew only for other herrings."""
        shown = tuple((row.id, row.text) for row in herrings)
        if shown != self._shown:
            self._shown = shown
            clear(self._rows)
            self._lines = {row.id: self._make(row) for row in herrings}
        for row in herrings:
            self._lines[row.id].show_row(row)
        self._none.setVisible(not herrings)

    def show_answer(self, herring: str, why: str) -> None:
        """What the engine said to the last press at that herring."""
        if herring in self._lines:
            self._lines[herring].show_answer(why)

    def _make(self, row: HerringRow) -> HerringLine:
        line = HerringLine(row)
        line.started.connect(self.started)
        line.stopped.connect(lambda chaos_id, herring=row.id: self.stopped.emit(herring, chaos_id))
        self._rows.addWidget(line)
        return line


class StressSection(QWidget):
    """A stress test on the live system. `wanted` carries its seconds."""

    wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self._seconds = Segmented(
            [f"{s}{THIN}s" for s in STRESS_SECONDS], 0, "How long the stress test lasts"
        )
        self.button = Button("Start stress test", ButtonKind.OUTLINE, Icon.GAUGE, small=True)
        self.button.clicked.connect(lambda: self.wanted.emit(float(STRESS_SECONDS[self._seconds.current])))
        row.addWidget(self._seconds)
        row.addWidget(self.button)
        row.addStretch(1)
        column.addLayout(row)
        said = QHBoxLayout()
        said.setSpacing(px(8))
        self._mark = StatusGlyph(Status.IDLE, 8)
        self.words = Text("", 12, ink=Token.TEXT2)
        said.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.words, 1)
        column.addLayout(said)
        self.told = Text("", 12, ink=Token.CRIT_TEXT)
        self.told.hide()
        column.addWidget(self.told)

    def show_stress(self, words: StressWords) -> None:
        """Show how the last one stands."""
        self._mark.set_status(words.status)
        if self.words.text() != words.text:
            self.words.setText(words.text)
        self.button.set_disabled_reason(
            "A stress test of this scenario is under way." if words.running else ""
        )

    def show_problem(self, why: str) -> None:
        """It was refused; empty when it was taken."""
        self.told.setText(why)
        self.told.setVisible(bool(why))


class HintsSection(QWidget):
    """The scenario's hints; `released` carries the number of the one to show to the team."""

    released = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: tuple[Hint, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._rows = rows(10)
        self.told = Text("", 12, ink=Token.CRIT_TEXT)
        self.told.hide()
        column.addLayout(self._rows)
        column.addWidget(self.told)

    def show_hints(self, hints: tuple[Hint, ...]) -> None:
        """Show other states; rows are made anew only when something changed."""
        if hints == self.shown:
            return
        self.shown = hints
        clear(self._rows)
        for hint in hints:
            self._rows.addLayout(self._row(hint))

    def show_problem(self, why: str) -> None:
        """A release was refused; empty when it was done."""
        self.told.setText(why)
        self.told.setVisible(bool(why))

    def _row(self, hint: Hint) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        words = rows(2)
        words.addWidget(Text(hint.text, 12, ink=Token.TEXT2 if hint.released else Token.TEXT1))
        words.addWidget(Line(f"{hint.level}, costs {hint.cost} points", 11, ink=Token.TEXT3))
        row.addLayout(words, 1)
        if hint.released:
            row.addWidget(Chip("released", Status.OK), 0, Qt.AlignmentFlag.AlignTop)
            return row
        release = Button("Release", ButtonKind.OUTLINE, small=True)
        release.setAccessibleName(f"Release hint {hint.index + 1}")
        release.clicked.connect(partial(self.released.emit, hint.index))
        row.addWidget(release, 0, Qt.AlignmentFlag.AlignTop)
        return row


def heading(text: str) -> Line:
    """The name of a section."""
    return Line(text, 12, SEMIBOLD, Token.TEXT2)
