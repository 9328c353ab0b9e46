"""Traces: duration over time, the list, one trace as a waterfall, and a span's details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from app.client import Engine, EngineState
from app.command import Command
from app.drill_time import clock_offset_s
from app.keys import bind
from app.selection import Selection
from app.theme import Icon, Token, px
from app.time_axis import Span, format_clock_seconds
from app.traces.details import DetailsDesk
from app.traces.feed import TraceFeed
from app.traces.history import MOST_TRACES, NS, Band, chosen_traces
from app.traces.legend import PointLegend
from app.traces.opened import OpenedTrace, open_trace
from app.traces.rows import Row
from app.traces.scatter import Scatter
from app.traces.span_panel import SpanPanel
from app.traces.table_model import TraceTableModel
from app.traces.toolbar import Toolbar
from app.traces.trace_panel import TracePanel
from app.traces.trace_table import TraceTable
from app.traces.words import vocabulary
from app.widgets import Button, ButtonKind, EmptyState, Line, Panel, Skeleton

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient
    from protos.drill.v1.records import QueryProblem, Snapshot, TraceExport

LENGTHS_S = (300.0, 1200.0, 0.0)
DRAWER_UNDER = 1280
POINTS, NO_POINTS = range(2)
ROWS, NO_ROWS, WAITING = range(3)


class TracesView(QWidget):
    """The pane. While it is not shown it asks the engine nothing."""

    KEYS = (
        ("/", "Search traces"),
        ("L", "Live: follow the present"),
        ("J / K", "Next or previous row"),
        ("Space", "Fold or unfold"),
        ("W / S", "Zoom into the trace"),
        ("A / D", "Pan the trace"),
        ("F", "Fit the whole trace"),
        ("C", "Compare with the next trace"),
        ("Shift / T", "Logs of the trace"),
        ("F8", "Span details"),
    )

    def __init__(self, engine: Engine, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._selection = selection
        self._offset_s = 0.0
        self._started_s = 0.0
        self._run = ""
        self._band: Band | None = None
        self._slowest_first = False
        self._opened: OpenedTrace | None = None
        self._asked_trace = ""
        self._details_wanted: bool | None = None
        self._active = False
        self._feed = TraceFeed(engine, self)
        self._model = TraceTableModel(self)
        self._build()
        self._bind_keys()
        self._connect()

    def activate(self) -> None:
        """Read what was missed, then follow."""
        self._active = True
        if self._engine.snapshot is not None:
            self._show_snapshot(self._engine.snapshot)
        self._take_wanted_query()
        self._feed.start()
        self._show_state()
        if self._selection.trace_id != (self._opened.trace.trace_id if self._opened else ""):
            self._open(self._selection.trace_id)

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers here."""
        return (
            Command("Search traces", "Traces", self._focus_query, Icon.MAGNIFYING_GLASS, "/"),
            Command("Open the slowest trace", "Traces", self._open_slowest, Icon.TREE_STRUCTURE),
            Command("Compare with the next trace", "Traces", self._trace.toggle_compare, Icon.GIT_DIFF, "C"),
            Command("Logs of the trace", "Logs", self._open_logs, Icon.LIST_DASHES, "Shift+T"),
            Command("Copy the trace as OTLP JSON", "Traces", self._copy, Icon.COPY),
            Command("Live: follow the present", "Traces", self._go_live, Icon.BROADCAST, "L"),
        )

    def deactivate(self) -> None:
        """Stop asking; what was received stays."""
        self._active = False
        self._feed.stop()

    # building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(12), px(20), px(20))
        column.setSpacing(px(12))
        self._bar = Toolbar()
        self._query, self._remark = self._bar.query, self._bar.remark
        column.addWidget(self._bar)
        self._trouble = Line("", 12, ink=Token.CRIT_TEXT)
        self._trouble.hide()
        column.addWidget(self._trouble)
        upper = QSplitter(Qt.Orientation.Horizontal)
        upper.addWidget(self._build_scatter())
        upper.addWidget(self._build_list())
        upper.setStretchFactor(0, 63)
        upper.setStretchFactor(1, 37)
        lower = QWidget()
        row = QHBoxLayout(lower)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        self._trace = TracePanel()
        row.addWidget(self._trace, 1)
        self._details = SpanPanel()
        self._desk = DetailsDesk(self._engine, self._details, self)
        row.addWidget(self._details)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(upper)
        split.addWidget(lower)
        split.setStretchFactor(0, 38)
        split.setStretchFactor(1, 62)
        for splitter in (upper, split):
            splitter.setHandleWidth(px(12))
            splitter.setChildrenCollapsible(False)
        upper.setSizes([630, 370])
        split.setSizes([380, 620])
        column.addWidget(split, 1)

    def _build_scatter(self) -> Panel:
        panel = Panel("Duration over time", "log scale, drag to choose", padded=False)
        panel.add_action(PointLegend())
        self._scatter = Scatter(self._selection)
        inner = QWidget()
        self._points = QStackedLayout(inner)
        self._points.addWidget(self._scatter)
        self._no_points = EmptyState(Icon.TREE_STRUCTURE, "Nothing was traced yet")
        self._no_points.pressed.connect(self._clear_query)
        self._points.addWidget(self._no_points)
        panel.add(inner, 1)
        return panel

    def _build_list(self) -> Panel:
        panel = Panel("Traces", "", padded=False)
        self._list = panel
        self._order = Button("Newest first", ButtonKind.GHOST, Icon.SORT_DESCENDING, small=True)
        self._order.setToolTip("Change the order")
        panel.add_action(self._order)
        self._table = TraceTable()
        self._table.setModel(self._model)
        inner = QWidget()
        self._rows = QStackedLayout(inner)
        self._rows.addWidget(self._table)
        self._no_rows = EmptyState(
            Icon.LIST_DASHES, "No trace here", "Choose another stretch of time or duration."
        )
        self._rows.addWidget(self._no_rows)
        self._rows.addWidget(Skeleton(5))
        self._rows.setCurrentIndex(WAITING)
        panel.add(inner, 1)
        return panel

    def _connect(self) -> None:
        self._query.asked.connect(lambda _: self._ask())
        self._query.left.connect(lambda: self._table.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self._bar.errors.toggled.connect(lambda _: self._ask())
        self._bar.ranges.chosen.connect(lambda _: self._follow())
        self._bar.span.clicked.connect(self._let_go)
        self._bar.live.clicked.connect(self._go_live)
        self._order.clicked.connect(self._turn_order)
        self._scatter.brushed.connect(self._take_brush)
        self._scatter.chosen.connect(self._selection.choose_trace)
        self._table.chosen.connect(self._choose_row)
        self._table.opened.connect(
            lambda _: self._trace.waterfall.setFocus(Qt.FocusReason.ShortcutFocusReason)
        )
        self._trace.waterfall.chosen.connect(self._take_row)
        self._trace.detailsWanted.connect(self._toggle_details)
        self._trace.copyWanted.connect(self._copy)
        self._trace.slowestWanted.connect(self._open_slowest)
        self._details.logsWanted.connect(self._open_logs)
        self._feed.changed.connect(self._show_traces)
        self._feed.problemChanged.connect(self._show_problem)
        self._selection.timeRangeChanged.connect(self._take_range)
        self._selection.traceChanged.connect(self._open)
        self._selection.tracesOpened.connect(lambda _: self._take_wanted_query())
        self._selection.spanChanged.connect(self._show_span)
        self._engine.snapshotChanged.connect(self._show_snapshot)
        self._engine.stateChanged.connect(lambda _: self._show_state())
        self._show_range()
        self.setFocusProxy(self._table)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, where nothing else takes it, lets go of the range."""
        if event.key() == Qt.Key.Key_Escape:
            self._let_go()
        else:
            super().keyPressEvent(event)

    def _bind_keys(self) -> None:
        pairs = (
            ("/", self._focus_query),
            ("L", self._go_live),
            ("C", self._trace.toggle_compare),
            ("Shift+T", self._open_logs),
            ("F8", self._toggle_details),
        )
        bind(self, pairs)

    def _focus_query(self) -> None:
        self._query.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # what comes

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.run != self._run:
            if self._run:
                self._opened = None
                self._trace.show_nothing()
                self._feed.forget()
            self._run = snapshot.run
            self._started_s = snapshot.started_ns / NS
            self._follow()
        if not snapshot.clock.held or not self._offset_s:
            self._offset_s = clock_offset_s(snapshot.clock)
        self._teach([service.name for service in snapshot.services])

    def _teach(self, services: list[str]) -> None:
        entries = sorted({trace.entry for trace in self._feed.history.traces[:500]})
        self._query.set_vocabulary(vocabulary(services, entries[:12]))

    def _show_traces(self) -> None:
        if not self._active:
            return
        feed, window = self._feed, self._feed.window
        traces = feed.history.traces
        self._scatter.set_dimmed(feed.problem is not None)
        self._scatter.show_traces(traces, window, self._offset_s)
        self._points.setCurrentIndex(POINTS if traces or feed.is_loading else NO_POINTS)
        if not traces:
            self._tell_why_empty()
        self._show_list()
        self._show_range()
        self._refresh_opened()
        dropped = feed.matched - len(traces)
        words = f"{len(traces):,} traces in range"
        if len(traces) >= MOST_TRACES and dropped > 0:
            words = f"newest {len(traces):,} of {feed.matched:,} traces in range"
        self._remark.set_text(words)

    def _tell_why_empty(self) -> None:
        if self._query.text().strip() or self._bar.errors.isChecked():
            self._no_points.set_words(
                "No trace matches", "Try fewer terms or a longer range.", "Clear the query"
            )
        else:
            self._no_points.set_words(
                "No trace in this range", "The first ones come with the first requests.", ""
            )

    def _show_list(self) -> None:
        chosen = chosen_traces(
            self._feed.history.traces, self._selection.time_range, self._band, self._slowest_first
        )
        table, bar = self._table, self._table.verticalScrollBar()
        value = bar.value()
        top = self._model.trace_at(table.rowAt(0)) if value else None
        if self._model.show_traces(chosen, self._offset_s):
            self._restore_row()
            if top is not None:
                row = self._model.row_of(top.trace_id)
                bar.setValue(
                    row * table.rowHeight(0) + value % max(table.rowHeight(0), 1) if row >= 0 else value
                )
        is_part = self._selection.time_range is not None
        if self._feed.history.traces:
            self._no_rows.set_words("No trace here", "Choose another stretch of time or duration.")
        else:
            self._no_rows.set_words("Nothing to list", "")
        self._list.set_title(f"{len(chosen):,} traces{' selected' if is_part else ''}")
        self._rows.setCurrentIndex(ROWS if chosen else WAITING if self._feed.is_loading else NO_ROWS)

    def _restore_row(self) -> None:
        row = self._model.row_of(self._selection.trace_id)
        if row >= 0:
            self._table.setAutoScroll(False)
            flags = QItemSelectionModel.SelectionFlag
            index = self._model.index(row, 0)
            self._table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self._table.setAutoScroll(True)

    def _show_problem(self, problem: QueryProblem | None) -> None:
        if problem is None:
            self._query.set_problem("")
        else:
            self._query.set_problem(problem.message, problem.at, problem.length)
        self._tell(f"Query: {problem.message}" if problem is not None else "")

    def _show_state(self) -> None:
        lost = self._engine.state is EngineState.LOST
        self._scatter.set_dimmed(lost)
        if lost:
            since = format_clock_seconds(self._engine.lost_since_ns / NS, self._offset_s)
            self._remark.set_text(f"No new traces since {since}; trying again")
        self._remark.set_ink(Token.CRIT_TEXT if lost else Token.TEXT3)

    def _tell(self, words: str) -> None:
        self._trouble.set_text(words)
        self._trouble.setVisible(bool(words))

    # one trace

    def _open(self, trace_id: str) -> None:
        self._asked_trace = trace_id
        if not trace_id:
            self._opened = None
            self._trace.show_nothing()
            self._desk.show_row(None, None)
            return
        if not self._active:
            return
        self._restore_row()
        self._trace.show_loading()
        self._ask_trace(trace_id)

    def _ask_trace(self, trace_id: str) -> None:
        def call(client: DrillClient) -> OpenedTrace | None:
            trace = client.trace(trace_id)
            return open_trace(trace) if trace.found and len(trace.spans) else None

        def failed(why: str) -> None:
            if trace_id == self._asked_trace and self._opened is None:
                self._trace.show_trouble("The trace could not be read", why)

        self._engine.ask(call, lambda opened: self._take_trace(trace_id, opened), failed, owner=self)

    def _take_trace(self, trace_id: str, opened: OpenedTrace | None) -> None:
        if trace_id != self._asked_trace:
            return
        if opened is None:
            self._opened = None
            self._desk.show_row(None, None)
            self._trace.show_trouble(
                f"Trace {trace_id[:8]} is not kept",
                "Its spans have not arrived yet, or are older than what is kept.",
            )
            return
        same = self._opened is not None and self._opened.trace.trace_id == trace_id
        self._opened = opened
        self._trace.show_trace(opened, keep=same)
        if self._selection.span_id:
            self._show_span(self._selection.span_id)
        self._desk.show_row(opened, self._trace.waterfall.row)

    def _refresh_opened(self) -> None:
        """More spans of the opened trace may have arrived since."""
        opened = self._opened
        known = self._feed.history.get(self._asked_trace) if self._asked_trace else None
        if known is not None and (opened is None or known.spans > len(opened.tree)):
            self._ask_trace(self._asked_trace)

    def _show_span(self, span_id: str) -> None:
        if span_id and self._opened is not None and self._trace.waterfall.choose_span(span_id, tell=False):
            self._desk.show_row(self._opened, self._trace.waterfall.row)

    def _take_row(self, row: Row) -> None:
        if self._opened is not None:
            self._desk.show_row(self._opened, row)
            self._selection.choose_span(self._opened.tree.span_id(row.place))

    def _choose_row(self, row: int) -> None:
        trace = self._model.trace_at(row)
        if trace is not None and trace.trace_id != self._selection.trace_id:
            self._selection.choose_trace(trace.trace_id)

    def _open_slowest(self) -> None:
        traces = chosen_traces(self._feed.history.traces, self._selection.time_range, self._band, True)
        if traces:
            self._selection.choose_trace(traces[0].trace_id)

    def _open_logs(self) -> None:
        row, opened = self._trace.waterfall.row, self._opened
        if opened is None:
            return
        query = f"trace:{opened.trace.trace_id}"
        if row is not None and not row.is_fold and opened.log_ticks.get(row.node):
            query += f" span:{opened.tree.span_id(row.place)}"
        self._selection.open_logs(query)

    def _copy(self) -> None:
        """The whole trace as OTLP JSON, as other tools read it."""
        trace_id = self._asked_trace

        def done(export: TraceExport) -> None:
            if export.text:
                QGuiApplication.clipboard().setText(export.text)
                self._trace.show_copied()

        self._engine.ask(lambda client: client.export_trace(trace_id), done, self._tell, owner=self)

    # acting

    def _ask(self) -> None:
        self._feed.ask(self._query.text(), self._bar.errors.isChecked())
        self._scatter.set_dimmed(self._feed.is_loading)

    def _clear_query(self) -> None:
        self._bar.errors.setChecked(False)
        self._query.ask_now("")

    def _take_wanted_query(self) -> None:
        """Another screen asked for traces: the slowest of them come first."""
        query = self._selection.take_traces_query() if self._active else None
        if query is not None:
            self._query.ask_now(query)
            if not self._slowest_first:
                self._turn_order()

    def _follow(self) -> None:
        self._feed.follow(LENGTHS_S[max(self._bar.ranges.current, 0)], self._started_s)
        self._show_range()

    def _take_brush(self, span: Span | None, band: Band | None) -> None:
        self._band = band
        self._selection.choose_time_range(span)
        self._show_list()

    def _take_range(self, chosen: Span | None) -> None:
        """Somebody chose a stretch of time: bring it into sight if it is not."""
        if chosen is None:
            self._band = None
        window = self._feed.window
        if chosen is not None and (chosen.start_s < window.start_s or chosen.end_s > window.end_s + 5):
            air = max(chosen.length_s * 0.5, 15.0)
            self._feed.stay(Span(chosen.start_s - air, chosen.end_s + air))
        self._show_traces()

    def _let_go(self) -> None:
        self._scatter.clear_brush()
        self._selection.choose_time_range(None)

    def _go_live(self) -> None:
        self._let_go()
        self._follow()

    def _turn_order(self) -> None:
        self._slowest_first = not self._slowest_first
        self._order.set_text("Slowest first" if self._slowest_first else "Newest first")
        self._show_list()
        self._table.scrollToTop()

    def _show_range(self) -> None:
        chosen = self._selection.time_range
        self._bar.show_span(chosen or self._feed.window, self._offset_s, chosen is not None)
        self._bar.show_live(self._feed.is_live)

    # details as a drawer

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the details where the window is narrow."""
        super().resizeEvent(event)
        self._place_details()

    def restyle(self) -> None:
        """Larger text needs more room."""
        self._place_details()

    def _toggle_details(self) -> None:
        self._details_wanted = self._details.isHidden()
        self._place_details()

    def _place_details(self) -> None:
        roomy = self.window().width() >= px(DRAWER_UNDER)
        shown = self._details_wanted if self._details_wanted is not None else roomy
        self._details.setVisible(shown)
        self._trace.offer_details(not shown)
