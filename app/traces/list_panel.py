"""The list of traces: newest or slowest first, where it was scrolled to, and what stands there instead of rows."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.theme import Icon
from app.traces.table_model import TraceTableModel
from app.traces.trace_table import TraceTable
from app.widgets import Button, ButtonKind, EmptyState, Panel, Skeleton
from protos.drill.v1.records import TraceSummary

ROWS, NO_ROWS, WAITING = range(3)


class TraceList(Panel):
    """`chosen` carries a trace id, `opened` a row; `turned`: the other order is wanted."""

    chosen = Signal(str)
    turned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Traces", "", padded=False, parent=parent)
        self.slowest_first = False
        self._order = Button("Newest first", ButtonKind.GHOST, Icon.SORT_DESCENDING, small=True)
        self._order.setToolTip("Change the order")
        self._order.clicked.connect(self.turn)
        self.add_action(self._order)
        self._model = TraceTableModel(self)
        self.table = TraceTable()
        self.table.setModel(self._model)
        self.table.chosen.connect(self._choose)
        inner = QWidget()
        self._pages = QStackedLayout(inner)
        self._pages.addWidget(self.table)
        self._nothing = EmptyState(Icon.LIST_DASHES, "")
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(Skeleton(5))
        self._pages.setCurrentIndex(WAITING)
        self.add(inner, 1)

    def turn(self) -> None:
        """The slowest first, or the newest again."""
        self.slowest_first = not self.slowest_first
        self._order.set_text("Slowest first" if self.slowest_first else "Newest first")
        self.turned.emit()
        self.table.scrollToTop()

    def show_traces(self, traces: tuple[TraceSummary, ...], current: str, offset_s: float) -> None:
        """Show these, `current` chosen; the row that was on top stays there."""
        table, bar = self.table, self.table.verticalScrollBar()
        value = bar.value()
        top = self._model.trace_at(table.rowAt(0)) if value else None
        if not self._model.show_traces(traces, offset_s):
            return
        self.choose(current)
        if top is not None:
            row, height = self._model.row_of(top.trace_id), table.rowHeight(0)
            bar.setValue(row * height + value % max(height, 1) if row >= 0 else value)

    def show_state(self, is_part: bool, any_known: bool, is_loading: bool) -> None:
        """Say how many there are; where there are none, why: none is known, or none is in the chosen part."""
        count = self._model.rowCount()
        if any_known:
            self._nothing.set_words("No trace here", "Choose another stretch of time or duration.")
        else:
            self._nothing.set_words("Nothing to list", "")
        self.set_title(f"{count:,} traces{' selected' if is_part else ''}")
        self._pages.setCurrentIndex(ROWS if count else WAITING if is_loading else NO_ROWS)

    def choose(self, trace_id: str) -> None:
        """Mark the row of a trace, if it is there, and scroll nowhere."""
        row = self._model.row_of(trace_id)
        if row >= 0:
            self.table.setAutoScroll(False)
            flags = QItemSelectionModel.SelectionFlag
            index = self._model.index(row, 0)
            self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.table.setAutoScroll(True)

    def _choose(self, row: int) -> None:
        trace = self._model.trace_at(row)
        if trace is not None:
            self.chosen.emit(trace.trace_id)
