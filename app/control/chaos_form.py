"""What chaos to start: the action, on what, how strong, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.control.chaos_words import (
    KINDS,
    ChaosOrder,
    by_kind,
    field_label,
    is_switch,
    target_text,
    usual_s,
)
from app.control.layouts import clear
from app.theme import Icon, Token, px
from app.widgets import Button, ButtonKind, Line, MenuChoice, MenuOption, NumberCell, Text, Toggle
from protos.drill.v1.records import ChaosAction, ChaosIntensity, ChaosMenu

COLUMNS = 2


class SwitchCell(QWidget):
    """What is on or off, with its name above it like a number's."""

    problem = ""
    """a switch cannot be wrong"""

    def __init__(self, label: str, usual: float, text: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(3))
        column.addWidget(Line(label, 11, ink=Token.TEXT2))
        self.field = Toggle(text.rstrip("."), label)
        self.field.setChecked(bool(usual))
        column.addWidget(self.field, 1, Qt.AlignmentFlag.AlignVCenter)

    @property
    def value(self) -> float:
        """1 while it is on."""
        return float(self.field.isChecked())


Cell = NumberCell | SwitchCell


class ChaosForm(QWidget):
    """`wanted` carries a `ChaosOrder`; nothing is sent while a number is wrong."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions: dict[str, ChaosAction] = {}
        self._cells: dict[str, Cell] = {}
        self._lasts: NumberCell | None = None
        self._starting = False
        self.action = MenuChoice("Action", "No action")
        self.target = MenuChoice("Target", "No target")
        self._text = Text("", 12, ink=Token.TEXT2)
        self._grid = QGridLayout()
        self._told = Text("", 12, ink=Token.CRIT_TEXT)
        self.start = Button("Start chaos", ButtonKind.SECONDARY, Icon.LIGHTNING)
        self.action.chosen.connect(self._choose)
        self.start.clicked.connect(self.submit)
        self._lay_out()

    def show_menu(self, menu: ChaosMenu) -> None:
        """Offer these actions; the chosen one stays if it is among them."""
        actions = by_kind(menu.actions)
        self._actions = {action.name: action for action in actions}
        options = [
            MenuOption(one.name, one.title, KINDS.get(one.target_kind, one.target_kind)) for one in actions
        ]
        self.action.set_options(options, self.action.current)
        self._choose(self.action.current)
        self.start.set_disabled_reason("" if actions else "There is no chaos for this run.")

    def show_problem(self, why: str) -> None:
        """What the engine said to the last order; empty when it took it."""
        self._starting = False
        self._check()
        self._tell(why)

    def submit(self) -> None:
        """Ask for what is chosen; the first wrong number gets the keyboard instead."""
        for cell in self._all_cells():
            if cell.problem:
                cell.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return
        action = self._actions.get(self.action.current)
        if action is None or self._lasts is None or self._starting:
            return
        self._starting = True
        self.start.set_disabled_reason("It is being started.")
        self._tell("")
        intensity = {name: cell.value for name, cell in self._cells.items()}
        self.wanted.emit(ChaosOrder(action.name, self.target.current, intensity, self._lasts.value))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        choices = QHBoxLayout()
        choices.setSpacing(px(8))
        choices.addWidget(self.action, 1)
        choices.addWidget(self.target, 1)
        column.addLayout(choices)
        column.addWidget(self._text)
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(px(8))
        for place in range(COLUMNS):
            self._grid.setColumnStretch(place, 1)
        column.addLayout(self._grid)
        self._told.hide()
        column.addWidget(self._told)

    def _choose(self, name: str) -> None:
        action = self._actions.get(name)
        self._grid.removeWidget(self.start)
        clear(self._grid)
        self._cells, self._lasts = {}, None
        if action is None:
            self._text.setText("")
            self._place((self.start,))
            return
        kept = self.target.current
        self.target.set_options([MenuOption(one, target_text(one)) for one in action.targets], kept)
        self._text.setText(action.text)
        self._cells = {field.name: _cell(field) for field in action.intensity}
        longest = "It ends by itself after that, whatever happens."
        self._lasts = NumberCell("Ends after", "s", usual_s(action), (1.0, action.longest_s), longest)
        for cell in self._all_cells():
            if isinstance(cell, NumberCell):
                cell.changed.connect(self._check)
                cell.field.returnPressed.connect(self.submit)
        self._place((*self._all_cells(), self.start))
        self._check()
        self._tell("")

    def _all_cells(self) -> Sequence[Cell]:
        return (*self._cells.values(), *([self._lasts] if self._lasts is not None else []))

    def _place(self, widgets: Sequence[QWidget]) -> None:
        """Fill the grid; the button stands at the right end of its row."""
        for place, widget in enumerate(widgets):
            row, column = divmod(place, COLUMNS)
            if widget is self.start:
                side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
                self._grid.addWidget(widget, row, COLUMNS - 1, side)
            else:
                self._grid.addWidget(widget, row, column)
        self.start.show()
        order = [self.action, self.target, *(cell.field for cell in self._all_cells()), self.start]
        for one, other in pairwise(order):
            QWidget.setTabOrder(one, other)

    def _check(self) -> None:
        problem = next((cell.problem for cell in self._all_cells() if cell.problem), "")
        busy = "It is being started." if self._starting else ""
        none = "" if self._actions else "There is no chaos for this run."
        self.start.set_disabled_reason(problem or busy or none)
        self._tell(problem)

    def _tell(self, words: str) -> None:
        self._told.setText(words)
        self._told.setVisible(bool(words))


def _cell(field: ChaosIntensity) -> Cell:
    if is_switch(field):
        return SwitchCell(field_label(field), field.usual, field.text)
    bounds = (field.least, field.most)
    return NumberCell(field_label(field), field.unit, field.usual, bounds, field.text)
