"""One trace in the lower half: its waterfall, and the details of a span in a panel beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.client import Engine
from app.selection import Selection
from app.theme import px
from app.traces.details import DetailsDesk
from app.traces.opening import TraceOpening
from app.traces.rows import Row
from app.traces.span_panel import SpanPanel
from app.traces.trace_panel import TracePanel
from app.widgets import SideDrawer

if TYPE_CHECKING:
    from protos.drill.v1.records import TraceExport


class OneTrace(QWidget):
    """Shows the trace and the span of the selection, and changes them; `troubled` carries what went wrong."""

    slowestWanted = Signal()
    troubled = Signal(str)

    def __init__(self, engine: Engine, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine, self._selection = engine, selection
        self.opening = TraceOpening(engine, self)
        self.panel, self.details = TracePanel(), SpanPanel()
        self._desk = DetailsDesk(engine, self.details, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        row.addWidget(self.panel, 1)
        self.drawer = SideDrawer(self.details, row, self)
        self.drawer.placed.connect(lambda: self.panel.offer_details(not self.drawer.is_open))
        self.opening.opened.connect(self._take)
        self.opening.missing.connect(self._miss)
        self.opening.failed.connect(lambda why: self.panel.show_trouble("The trace could not be read", why))
        self.panel.waterfall.chosen.connect(self._take_row)
        self.panel.waterfall.entered.connect(lambda: self.drawer.show())
        self.panel.detailsWanted.connect(self.drawer.toggle)
        self.panel.copyWanted.connect(self.copy)
        self.panel.slowestWanted.connect(self.slowestWanted)
        self.details.logsWanted.connect(self.open_logs)
        self.details.sourceWanted.connect(self.open_source)
        selection.spanChanged.connect(self._show_span)

    def open(self, trace_id: str, *, now: bool) -> None:
        """Show a trace, an empty id none; without `now` it is only wanted, and read by a later call."""
        self.opening.want(trace_id)
        if not trace_id:
            self.panel.show_nothing()
            self._desk.show_row(None, None)
        elif now:
            self.panel.show_loading()
            self.opening.ask()

    def forget(self) -> None:
        """Another run."""
        self.opening.want("")
        self.panel.show_nothing()

    def open_logs(self) -> None:
        """The log lines of the chosen span where it has some, else of the trace."""
        row, opened = self.panel.waterfall.row, self.opening.trace
        if opened is None:
            return
        query = f"trace:{opened.trace.trace_id}"
        if row is not None and not row.is_fold and opened.log_ticks.get(row.node):
            query += f" span:{opened.tree.span_id(row.place)}"
        self._selection.open_logs(query)

    def open_source(self) -> None:
        """The line of source that the chosen span names."""
        if self.details.source is not None:
            self._selection.open_source(self.details.source)

    def copy(self) -> None:
        """The whole trace as OTLP JSON, as other tools read it."""
        trace_id = self.opening.asked

        def done(export: TraceExport) -> None:
            if export.text:
                QGuiApplication.clipboard().setText(export.text)
                self.panel.show_copied()

        self._engine.ask(lambda client: client.export_trace(trace_id), done, self.troubled.emit, owner=self)

    def restyle(self) -> None:
        """Larger text needs more room."""
        self.drawer.place()

    def _take(self, same: bool) -> None:
        opened = self.opening.trace
        if opened is not None:
            self.panel.show_trace(opened, keep=same)
            if self._selection.span_id:
                self._show_span(self._selection.span_id)
            self._desk.show_row(opened, self.panel.waterfall.row)

    def _miss(self, trace_id: str) -> None:
        self._desk.show_row(None, None)
        self.panel.show_trouble(
            f"Trace {trace_id[:8]} is not kept",
            "Its spans have not arrived yet, or are older than what is kept.",
        )

    def _show_span(self, span_id: str) -> None:
        opened, waterfall = self.opening.trace, self.panel.waterfall
        if span_id and opened is not None and waterfall.choose_span(span_id, tell=False):
            self._desk.show_row(opened, waterfall.row)

    def _take_row(self, row: Row) -> None:
        opened = self.opening.trace
        if opened is not None:
            self._desk.show_row(opened, row)
            self._selection.choose_span(opened.tree.span_id(row.place))
