"""A chip a scenario: which groups of charts are shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.signals.model import ChartGroup
from app.theme import px
from app.widgets import Button, ButtonKind, FlowLayout
from app.widgets.toggle_chip import ToggleChip

HOW = "Shift and a click show it alone"


class GroupBar(QWidget):
    """Hidden where there is one group. `changed` carries the codenames that are hidden now."""

    changed = Signal(object)

    def __init__(self, hidden: Collection[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hidden = set(hidden)
        self._chips: dict[str, ToggleChip] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(8), px(12), px(7))
        self._flow = FlowLayout(6)
        column.addLayout(self._flow)
        self._all = Button("Show all", ButtonKind.GHOST, small=True)
        self._all.clicked.connect(self._show_all)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Groups of charts")
        self.hide()

    @property
    def chips(self) -> dict[str, ToggleChip]:
        """Each group's chip by its codename."""
        return self._chips

    @property
    def hidden(self) -> frozenset[str]:
        """The groups that there are and that are hidden; never all of them."""
        found = self._hidden & set(self._chips)
        return frozenset(found) if len(found) < len(self._chips) else frozenset()

    def show_groups(self, groups: Sequence[ChartGroup]) -> None:
        """Show these groups, each with what is up there."""
        if [group.codename for group in groups] != list(self._chips):
            self._make(groups)
        for group in groups:
            fires = f", {group.alerts} alert{'s' if group.alerts > 1 else ''}" if group.alerts else ""
            tip = f"{group.title}: {group.charts} charts{fires}. {HOW}."
            self._chips[group.codename].show_state(str(group.charts), group.status, tip)
        self.setVisible(len(groups) > 1)

    def _make(self, groups: Sequence[ChartGroup]) -> None:
        for chip in self._chips.values():
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self._flow.removeWidget(self._all)
        self._chips = {group.codename: ToggleChip(group.title) for group in groups}
        for codename, chip in self._chips.items():
            chip.toggled.connect(lambda shown, name=codename: self._turn(name, shown))
            chip.soloed.connect(lambda name=codename: self._take(set(self._chips) - {name}))
            self._flow.addWidget(chip)
        self._flow.addWidget(self._all)
        self._mark()

    def _turn(self, codename: str, shown: bool) -> None:
        hidden = set(self.hidden)
        (hidden.discard if shown else hidden.add)(codename)
        # Without any chart there would be nothing to look at: the last one that is turned off shows all again.
        self._take(hidden if len(hidden) < len(self._chips) else set())

    def _show_all(self) -> None:
        self._take(set())

    def _take(self, hidden: set[str]) -> None:
        self._hidden = (self._hidden - set(self._chips)) | hidden
        self._mark()
        self.changed.emit(frozenset(self._hidden))

    def _mark(self) -> None:
        for codename, chip in self._chips.items():
            chip.blockSignals(True)
            chip.setChecked(codename not in self.hidden)
            chip.blockSignals(False)
            chip.restate()
        self._all.setVisible(bool(self.hidden))
