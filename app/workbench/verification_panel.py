"""The judge's word: the verdict, each probe with what it measured and required, and the time left."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.theme import Icon, Status, Token
from app.widgets import Button, ButtonKind, CellKind, CellRole, Chip, Column, EmptyState, Panel, Table
from app.workbench.model import PROBES, VERDICTS, probe_words
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
    """Shows one verification. `cancelled` asks to stop it."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Verification", "a second system of its own, under load", padded=False, parent=parent
        )
        self._verdict = Chip("", None)
        self._verdict.hide()
        self.add_beside_title(self._verdict)
        self._cancel = Button("Cancel", ButtonKind.GHOST, Icon.X, small=True)
        self._cancel.clicked.connect(self.cancelled)
        self._cancel.hide()
        self.add_action(self._cancel)
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

    def show_verification(self, found: Verification | None) -> None:
        """Show another state."""
        self._stack.setCurrentIndex(1 if found and found.probes else 0)
        self._cancel.setVisible(bool(found and found.state in ("queued", "running")))
        if found is None:
            return
        self._probes.show(found.probes, found.probe)
        if found.state == "finished":
            self._verdict.set_status(found.verdict, VERDICTS.get(found.verdict, Status.IDLE))
            self.set_remark(f"{_why(found)}, {found.seconds:.0f} s")
        else:
            self._verdict.set_status(found.state, Status.INFO if found.state == "running" else Status.IDLE)
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
