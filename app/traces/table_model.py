"""The list of traces as a table."""

from __future__ import annotations

from math import log10

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.theme import SEMIBOLD, Status, Token
from app.time_axis import format_clock_seconds, format_duration
from app.traces.history import NS
from app.widgets import CellKind, CellRole, Column
from protos.drill.v1.records import TraceSummary

COLUMNS = (
    Column("Trace", CellKind.ID, 92),
    Column("Start", CellKind.TIME, 74),
    Column("Entry", CellKind.STATUS),
    Column("Spans", CellKind.NUMBER, 58),
    Column("", CellKind.BAR, 64),
    Column("Duration", CellKind.NUMBER, 86, SEMIBOLD),
)
TRACE, START, ENTRY, SPANS, BAR, DURATION = range(len(COLUMNS))
DECADES = 2.0
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class TraceTableModel(QAbstractTableModel):
    """Summaries as rows; the whole list is replaced at once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._traces: tuple[TraceSummary, ...] = ()
        self._longest_ns = 1
        self._offset_s = 0.0

    def show_traces(self, traces: tuple[TraceSummary, ...], offset_s: float) -> bool:
        """Show these; whether anything changed."""
        if traces == self._traces and offset_s == self._offset_s:
            return False
        same_rows = [t.trace_id for t in traces] == [t.trace_id for t in self._traces]
        if not same_rows:
            self.beginResetModel()
        self._traces, self._offset_s = traces, offset_s
        self._longest_ns = max((trace.duration_ns for trace in traces), default=1) or 1
        if same_rows and traces:
            self.dataChanged.emit(self.index(0, 0), self.index(len(traces) - 1, DURATION))
        elif not same_rows:
            self.endResetModel()
        return not same_rows

    def trace_at(self, row: int) -> TraceSummary | None:
        """The trace of a row."""
        return self._traces[row] if 0 <= row < len(self._traces) else None

    def row_of(self, trace_id: str) -> int:
        """The row of a trace, or -1."""
        return next((row for row, trace in enumerate(self._traces) if trace.trace_id == trace_id), -1)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """One row a trace."""
        return 0 if parent.isValid() else len(self._traces)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """As many as there are columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, and what the delegate needs for bars and shapes."""
        trace = self.trace_at(index.row())
        if trace is None:
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(trace, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                trace.trace_id
                if column == TRACE
                else f"{trace.service}: {trace.entry}"
                if column == ENTRY
                else None
            )
        if role == CellRole.SHARE and column == BAR:
            return self._share(trace)
        if role == CellRole.STATUS and column == ENTRY:
            return Status.CRITICAL if trace.errors else None
        if role == CellRole.INK and trace.errors and column in (BAR, DURATION):
            return Token.CRIT if column == BAR else Token.CRIT_TEXT
        return None

    def _share(self, trace: TraceSummary) -> float:
        """Logarithmic like the points: a hundredth of the longest is an empty bar."""
        return max(0.03, 1.0 + log10(max(trace.duration_ns, 1) / self._longest_ns) / DECADES)

    def _text(self, trace: TraceSummary, column: int) -> str | None:
        if column == TRACE:
            return trace.trace_id[:8]
        if column == START:
            return format_clock_seconds(trace.start_ns / NS, self._offset_s)
        if column == ENTRY:
            return trace.entry
        if column == SPANS:
            return f"{trace.spans:,}"
        return format_duration(trace.duration_ns / 1e6) if column == DURATION else None
