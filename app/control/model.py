"""What Control shows, computed from the snapshot and the events: no widgets here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.control.event_words import told
from app.drill_time import clock_s_of, clock_text
from app.theme import Status
from app.widgets import CellKind, CellRole, Column
from protos.drill.v1.records import Event, Service, Snapshot

Index = QModelIndex | QPersistentModelIndex

COLUMNS: Final = (
    Column("Time", CellKind.TIME, 76),
    Column("What happened", CellKind.STATUS),
    Column("Who", CellKind.TEXT, 88),
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of what happened."""

    clock: str
    status: Status
    text: str
    who: str
    number: int


def happening(event: Event, snapshot: Snapshot) -> Happening:
    """An event as the facilitator reads it; `snapshot` has the names of what the event only has ids of."""
    status, text = told(event, snapshot)
    clock = clock_text(clock_s_of(snapshot.clock, event.drill_ms))
    return Happening(clock, status, text, event.actor, event.number)


class HappeningsModel(QAbstractTableModel):
    """Events, newest first; repeated deliveries of a number are taken once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Happening] = []

    def add(self, events: tuple[Event, ...], snapshot: Snapshot) -> None:
        """Put new events on top."""
        newest = self._rows[0].number if self._rows else 0
        fresh = [happening(event, snapshot) for event in events if event.number > newest]
        if fresh:
            self.beginInsertRows(QModelIndex(), 0, len(fresh) - 1)
            self._rows[:0] = reversed(fresh)
            self.endInsertRows()

    def clear(self) -> None:
        """Forget everything: another run was opened."""
        self.beginResetModel()
        self._rows.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many events there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Time, text, who."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell's text, or its status."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.clock, row.text, row.who)[index.column()]
        if role == CellRole.STATUS and index.column() == 1:
            return row.status
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.text
        return None


def next_segment(snapshot: Snapshot) -> str:
    """The name of the segment that `End phase` leads to; empty after the last."""
    states = [segment.state for segment in snapshot.agenda]
    following = (
        states.index("now") + 1 if "now" in states else states.index("future") if "future" in states else -1
    )
    return snapshot.agenda[following].name if 0 <= following < len(states) else ""


def troubled(services: Sequence[Service]) -> tuple[Service, ...]:
    """The services that do not run."""
    return tuple(service for service in services if service.state != "running")


def services_remark(services: Sequence[Service]) -> str:
    """How the services are, in a few words."""
    down = len(troubled(services))
    return f"{down} of {len(services)} not running" if down else f"all {len(services)} run"
