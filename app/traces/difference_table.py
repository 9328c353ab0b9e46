"""What is different between two traces, as a table: the kinds of work by how much their own time changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from app.theme import SEMIBOLD, Token
from app.time_axis import MINUS
from app.traces.compare import Difference, Work
from app.traces.time_view import duration_text
from app.widgets import CellKind, CellRole, Column, Table

COLUMNS = (
    Column("Work", CellKind.SERVICE),
    Column("Calls before", CellKind.NUMBER, 96),
    Column("after", CellKind.NUMBER, 70),
    Column("Own time before", CellKind.NUMBER, 124),
    Column("after", CellKind.NUMBER, 84),
    Column("", CellKind.BAR, 84),
    Column("Change", CellKind.NUMBER, 92, SEMIBOLD),
)
WORK, CALLS_BEFORE, CALLS_AFTER, OWN_BEFORE, OWN_AFTER, BAR, CHANGE = range(len(COLUMNS))
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class DifferenceModel(QAbstractTableModel):
    """One row a kind of work."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Difference, ...] = ()
        self._largest = 1

    def show_differences(self, rows: Sequence[Difference]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self._largest = max((abs(row.change_ns) for row in rows), default=1) or 1
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """One row a kind of work."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """As many as there are columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, and what the delegate needs for bars and colours."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == CellRole.SERVICE and column == WORK:
            return row.place
        if role == CellRole.SHARE and column == BAR:
            return abs(row.change_ns) / self._largest
        if role == CellRole.INK and column in (BAR, CHANGE):
            grew = row.change_ns > 0
            return (Token.WARN if grew else Token.OK) if column == BAR else _ink(row.change_ns)
        if role == Qt.ItemDataRole.ToolTipRole and column == WORK:
            return f"{row.place}: {row.title}"
        return None


def _ink(change_ns: int) -> Token:
    if not change_ns:
        return Token.TEXT3
    return Token.ACCENT_TEXT if change_ns > 0 else Token.OK_TEXT


def _text(row: Difference, column: int) -> str:
    texts = {
        WORK: row.title,
        CALLS_BEFORE: _calls(row.before),
        CALLS_AFTER: _calls(row.after),
        OWN_BEFORE: duration_text(row.before.own_ns) if row.before.calls else "–",
        OWN_AFTER: duration_text(row.after.own_ns) if row.after.calls else "–",
        CHANGE: change_text(row.change_ns),
    }
    return texts.get(column, "")


def _calls(work: Work) -> str:
    return f"{work.calls:,}" if work.calls else "–"


def change_text(ns: int) -> str:
    """A change with its sign."""
    if not ns:
        return "same"
    return f"{'+' if ns > 0 else MINUS}{duration_text(abs(ns))}"


class DifferenceTable(Table):
    """The table with its model."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(COLUMNS, 28, name="What is different", parent=parent)
        self.differences = DifferenceModel(self)
        self.setModel(self.differences)
