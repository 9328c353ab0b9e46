"""The judge's word: the verdict, each probe with what it measured and required, and the time left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.theme import Icon, Status, Token
from app.widgets import Button, ButtonKind, CellKind, CellRole, Chip, Column, EmptyState, Panel, Table
from app.workbench.judgement_tabs import JudgementTabs
from app.workbench.judgements import panel_title, shown_verification, state_of, tabs
from app.workbench.model import PROBES, probe_words
from protos.drill.v1.records import Probe, Verification

Index = QModelIndex | QPersistentModelIndex
COLUMNS: Final = (
    Column("Probe", CellKind.STATUS, 220),
    Column("Measured", CellKind.TEXT),
    Column("Required", CellKind.TEXT, 300),
    Column("Seconds", CellKind.NUMBER, 72),
)


class ProbesModel(QAbstractTableModel):
    """A verification's probes in the order in which they are asked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._probes: tuple[Probe, ...] = ()
        self._decided_by = ""

    def show(self, probes: tuple[Probe, ...], decided_by: str) -> None:
        """Show other probes; rows stay where only their values changed."""
        same = [probe.name for probe in probes] == [probe.name for probe in self._probes]
        if not same:
            self.beginResetModel()
        self._probes, self._decided_by = probes, decided_by
        if not same:
            self.endResetModel()
        elif probes:
            self.dataChanged.emit(self.index(0, 0), self.index(len(probes) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many probes there are."""
        return 0 if parent.isValid() else len(self._probes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Name, measured, required, seconds."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text, status or tool tip."""
        if not index.isValid():
            return None
        probe = self._probes[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            took = f"{probe.seconds:.1f}" if probe.state in ("held", "failed") else ""
            return (probe.name, probe_words(probe), probe.required, took)[index.column()]
        if role == CellRole.STATUS and index.column() == 0:
            return PROBES.get(probe.state, Status.IDLE)
        if role == CellRole.DIMMED:
            return probe.state in ("waiting", "skipped")
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join([probe.asks, *probe.evidence])
        return None


class VerificationPanel(Panel):
    """Shows one verification, and the others of its commit to choose from. `cancelled` asks to stop the shown one."""

    cancelled = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Verification", "a second system of its own, under load", padded=False, parent=parent
        )
        self._shown, self._chosen, self._round = "", "", ""
        self._verdict = Chip("", None)
        self._verdict.hide()
        self.add_beside_title(self._verdict)
        self._cancel = Button("Cancel", ButtonKind.GHOST, Icon.X, small=True)
        self._cancel.clicked.connect(lambda: self.cancelled.emit(self._shown))
        self._cancel.hide()
        self.add_action(self._cancel)
        self._verifications: tuple[Verification, ...] = ()
        self._titles: dict[str, str] = {}
        self.tabs = JudgementTabs()
        self.tabs.chosen.connect(self._choose)
        self.add(self.tabs)
        self._probes = ProbesModel(self)
        self._table = Table(COLUMNS, row_height=26, name="Probes")
        self._table.setModel(self._probes)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(
            EmptyState(
                Icon.TEST_TUBE,
                "Nothing was judged yet",
                "Propose a change, deploy it, then verify it: the judge asks the system, not the source.",
            )
        )
        self._stack.addWidget(self._table)
        self.add(body, 1)

    def show_verifications(self, verifications: Sequence[Verification], titles: Mapping[str, str]) -> None:
        """Show how the newest stand; `titles` are the scenarios' by codename. Another commit lets go of a choice."""
        commit = verifications[-1].commit if verifications else ""
        if commit != self._round:
            self._round, self._chosen = commit, ""
        self._verifications, self._titles = tuple(verifications), dict(titles)
        found = shown_verification(verifications, self._chosen)
        self._shown = found.id if found is not None else ""
        self.set_title(panel_title(found, titles))
        self.tabs.show_tabs(tabs(verifications, titles), found.scenario if found is not None else "")
        self._show(found)

    def _choose(self, scenario: str) -> None:
        self._chosen = scenario
        self.show_verifications(self._verifications, self._titles)

    def _show(self, found: Verification | None) -> None:
        self._stack.setCurrentIndex(1 if found and found.probes else 0)
        self._cancel.setVisible(bool(found and found.state in ("queued", "running")))
        if found is None:
            return
        self._probes.show(found.probes, found.probe)
        self._verdict.set_status(*state_of(found))
        if found.state == "finished":
            self.set_remark(f"{_why(found)}, {found.seconds:.0f} s")
        else:
            left = f", about {found.seconds_left:.0f} s left" if found.seconds_left >= 1 else ""
            self.set_remark(
                f"{found.step}{left}" if found.state != "cancelled" else "stopped before a verdict"
            )
        self._verdict.show()
        self.remark.set_ink(Token.TEXT2)


def _why(found: Verification) -> str:
    if not found.probe:
        return found.measured or "every probe held"
    return f"{found.probe}: {found.measured}; required {found.required}"
