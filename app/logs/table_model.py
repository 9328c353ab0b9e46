"""The held log lines as a table, newest on top."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.logs.book import Change, LogBook
from app.logs.words import hits, level_status, level_word, row_text
from app.theme import Status, Token
from app.time_axis import format_clock_millis
from app.widgets import CellKind, CellRole, Column
from app.widgets.code_block import shortened
from protos.drill.v1.records import LogLine

COLUMNS = (
    Column("Time", CellKind.TIME, 112),
    Column("Level", CellKind.STATUS, 84),
    Column("Service", CellKind.SERVICE, 106),
    Column("Trace", CellKind.TRACE, 96),
    Column("Message", CellKind.MONO),
)
TIME, LEVEL, SERVICE, TRACE, MESSAGE = range(len(COLUMNS))
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class LogTableModel(QAbstractTableModel):
    """Reads a `LogBook`; its changes are told as rows."""

    def __init__(self, book: LogBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self._offset_s = 0.0
        self._words: tuple[str, ...] = ()
        self._rows = len(book)

    def set_clock_offset(self, offset_s: float) -> None:
        """The drill's clock, for the times."""
        if offset_s != self._offset_s:
            self._offset_s = offset_s
            self._touch(len(self._book))

    def set_words(self, words: tuple[str, ...]) -> None:
        """Which words to mark."""
        if words != self._words:
            self._words = words
            self._touch(len(self._book))

    def tell_all(self) -> None:
        """The book was filled anew."""
        self.beginResetModel()
        self._rows = len(self._book)
        self.endResetModel()

    def tell(self, change: Change) -> None:
        """The book has new lines on top, and may have dropped some at the bottom."""
        before = self._rows
        if change.added >= len(self._book) or change.dropped > before:
            if change.added:
                self.tell_all()
            return
        if change.dropped:
            self.beginRemoveRows(NO_INDEX, before - change.dropped, before - 1)
            self._rows = before - change.dropped
            self.endRemoveRows()
        if change.added:
            self.beginInsertRows(NO_INDEX, 0, change.added - 1)
            self._rows += change.added
            self.endInsertRows()
            if change.touched:
                self._touch(change.added + change.touched)

    def tell_older(self, count: int) -> None:
        """The book has so many older lines at the bottom."""
        if count:
            self.beginInsertRows(NO_INDEX, self._rows, self._rows + count - 1)
            self._rows += count
            self.endInsertRows()

    def line_at(self, row: int) -> LogLine | None:
        """The line of a row."""
        return self._book.line_at(row) if row < self._rows else None

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """One row a line."""
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """As many as there are columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, shapes and marked hits."""
        line = self.line_at(index.row())
        if line is None:
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, column)
        if role == CellRole.STATUS and column == LEVEL:
            return level_status(line.level)
        if role == CellRole.INK and column == LEVEL:
            return _INKS.get(level_status(line.level), Token.TEXT2)
        if role == CellRole.MARKED and column == MESSAGE and self._words:
            return hits(row_text(line.message), self._words)
        if role == Qt.ItemDataRole.ToolTipRole and column == MESSAGE:
            return shortened(line.message)
        return None

    def _text(self, line: LogLine, column: int) -> str:
        match column:
            case 0:
                return format_clock_millis(line.time_ns / 1e9, self._offset_s)
            case 1:
                return level_word(line.level)
            case 2:
                return line.service
            case 3:
                return line.trace_id
            case _:
                return row_text(line.message)

    def _touch(self, rows: int) -> None:
        if self._rows:
            last = min(rows, self._rows) - 1
            self.dataChanged.emit(self.index(0, 0), self.index(max(last, 0), MESSAGE))


_INKS = {Status.CRITICAL: Token.CRIT_TEXT, Status.WARNING: Token.TEXT1, Status.INFO: Token.TEXT2}
