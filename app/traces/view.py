"""Traces: duration over time, the list, one trace as a waterfall, and a span's details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from app.client import Engine, EngineState
from app.command import Command
from app.drill_time import clock_offset_s
from app.fold import Fold
from app.keys import bind
from app.selection import Selection
from app.theme import Icon, Token, px
from app.time_axis import Span, format_clock_seconds
from app.traces.feed import TraceFeed
from app.traces.history import MOST_TRACES, NS, Band, chosen_traces
from app.traces.legend import PointLegend
from app.traces.list_panel import TraceList
from app.traces.one_trace import OneTrace
from app.traces.scatter import Scatter
from app.traces.toolbar import Toolbar
from app.traces.words import vocabulary
from app.widgets import EmptyState, Panel, Trouble

if TYPE_CHECKING:
    from protos.drill.v1.records import QueryProblem, Snapshot

LENGTHS_S = (300.0, 1200.0, 0.0)
POINTS, NO_POINTS = range(2)


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
        ("O", "Source of the span"),
        ("F7", "Hide or show what was found"),
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
        self._active = False
        self._feed = TraceFeed(engine, self)
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
        if self._selection.trace_id != self._one.opening.open_id:
            self._open(self._selection.trace_id)

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers here."""
        return (
            Command("Search traces", "Traces", self._focus_query, Icon.MAGNIFYING_GLASS, "/"),
            Command("Open the slowest trace", "Traces", self._open_slowest, Icon.TREE_STRUCTURE),
            Command(
                "Compare with the next trace", "Traces", self._one.panel.toggle_compare, Icon.GIT_DIFF, "C"
            ),
            Command("Logs of the trace", "Logs", self._one.open_logs, Icon.LIST_DASHES, "Shift+T"),
            Command("Source of the span", "Workbench", self._one.open_source, Icon.CODE, "O"),
            Command("Hide or show the traces that were found", "Traces", self._fold.toggle, Icon.ROWS, "F7"),
            Command("Copy the trace as OTLP JSON", "Traces", self._one.copy, Icon.COPY),
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
        self._trouble = Trouble()
        column.addWidget(self._trouble)
        upper = QSplitter(Qt.Orientation.Horizontal)
        upper.addWidget(self._build_scatter())
        self._list = TraceList()
        upper.addWidget(self._list)
        upper.setStretchFactor(0, 63)
        upper.setStretchFactor(1, 37)
        self._one = OneTrace(self._engine, self._selection)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(upper)
        split.addWidget(self._one)
        split.setStretchFactor(0, 38)
        split.setStretchFactor(1, 62)
        for splitter in (upper, split):
            splitter.setHandleWidth(px(12))
            splitter.setChildrenCollapsible(False)
        upper.setSizes([630, 370])
        split.setSizes([380, 620])
        column.addWidget(split, 1)
        self._fold = Fold(upper, self._one.panel.waterfall, self._selection.kept, "found_traces_hidden")

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

    def _connect(self) -> None:
        self._query.asked.connect(lambda _: self._ask())
        table = self._list.table
        self._query.left.connect(lambda: table.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self._bar.errors.toggled.connect(lambda _: self._ask())
        self._bar.ranges.chosen.connect(lambda _: self._follow())
        self._bar.span.clicked.connect(self._let_go)
        self._bar.live.clicked.connect(self._go_live)
        self._list.turned.connect(self._show_list)
        self._list.chosen.connect(self._choose)
        self._scatter.brushed.connect(self._take_brush)
        self._scatter.chosen.connect(self._selection.choose_trace)
        table.opened.connect(lambda _: self._one.panel.waterfall.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self._one.slowestWanted.connect(self._open_slowest)
        self._one.troubled.connect(self._trouble.tell)
        self._feed.changed.connect(self._show_traces)
        self._feed.problemChanged.connect(self._show_problem)
        self._selection.timeRangeChanged.connect(self._take_range)
        self._selection.traceChanged.connect(self._open)
        self._selection.tracesOpened.connect(lambda _: self._take_wanted_query())
        self._engine.snapshotChanged.connect(self._show_snapshot)
        self._engine.stateChanged.connect(lambda _: self._show_state())
        self._show_range()

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
            ("C", self._one.panel.toggle_compare),
            ("Shift+T", self._one.open_logs),
            ("O", self._one.open_source),
            ("F7", self._fold.toggle),
            ("F8", self._one.drawer.toggle),
        )
        bind(self, pairs)

    def _focus_query(self) -> None:
        self._fold.show()
        self._query.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keyboard on to the list, now or as soon as it is there."""
        super().focusInEvent(event)
        self._hand_on_focus()

    def _hand_on_focus(self) -> None:
        table, waterfall = self._list.table, self._one.panel.waterfall
        if self.hasFocus() and (table.isVisible() or waterfall.isVisible()):
            wanted = table if table.isVisible() else waterfall
            wanted.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    # what comes

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        if not snapshot.clock.held or not self._offset_s:
            self._offset_s = clock_offset_s(snapshot.clock)
        if snapshot.run != self._run:
            if self._run:
                self._one.forget()
                self._feed.forget()
            self._run = snapshot.run
            self._started_s = snapshot.started_ns / NS
            self._follow()
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
        known = feed.history.get(self._one.opening.asked)
        if known is not None:
            self._one.opening.refresh(known.spans)
        dropped = feed.matched - len(traces)
        words = f"{len(traces):,} traces in range"
        if len(traces) >= MOST_TRACES and dropped > 0:
            words = f"newest {len(traces):,} of {feed.matched:,} traces in range"
        self._remark.set_text(words)

    def _tell_why_empty(self) -> None:
        if self._engine.state is EngineState.LOST:
            self._no_points.set_words("No trace is known", "The engine does not answer; trying again.", "")
        elif self._query.text().strip() or self._bar.errors.isChecked():
            self._no_points.set_words(
                "No trace matches", "Try fewer terms or a longer range.", "Clear the query"
            )
        else:
            self._no_points.set_words(
                "No trace in this range", "The first ones come with the first requests.", ""
            )

    def _show_list(self) -> None:
        chosen = chosen_traces(
            self._feed.history.traces, self._selection.time_range, self._band, self._list.slowest_first
        )
        self._list.show_traces(chosen, self._selection.trace_id, self._offset_s)
        self._list.show_state(
            is_part=self._selection.time_range is not None,
            any_known=bool(self._feed.history.traces),
            is_loading=self._feed.is_loading,
        )
        self._hand_on_focus()

    def _show_problem(self, problem: QueryProblem | None) -> None:
        if problem is None:
            self._query.set_problem("")
        else:
            self._query.set_problem(problem.message, problem.at, problem.length)
        self._trouble.tell(f"Query: {problem.message}" if problem is not None else "")

    def _show_state(self) -> None:
        lost = self._engine.state is EngineState.LOST
        self._scatter.set_dimmed(lost)
        if lost:
            since = format_clock_seconds(self._engine.lost_since_ns / NS, self._offset_s)
            self._remark.set_text(f"No new traces since {since}; trying again")
            if not self._feed.history.traces:
                self._tell_why_empty()
        self._remark.set_ink(Token.CRIT_TEXT if lost else Token.TEXT3)

    # one trace

    def _open(self, trace_id: str) -> None:
        self._one.open(trace_id, now=self._active)
        if trace_id and self._active:
            self._list.choose(trace_id)

    def _choose(self, trace_id: str) -> None:
        if trace_id != self._selection.trace_id:
            self._selection.choose_trace(trace_id)

    def _open_slowest(self) -> None:
        traces = chosen_traces(self._feed.history.traces, self._selection.time_range, self._band, True)
        if traces:
            self._selection.choose_trace(traces[0].trace_id)

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
            self._fold.show()
            self._query.ask_now(query)
            if not self._list.slowest_first:
                self._list.turn()

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

    def _show_range(self) -> None:
        chosen = self._selection.time_range
        self._bar.show_span(chosen or self._feed.window, self._offset_s, chosen is not None)
        self._bar.show_live(self._feed.is_live)
