"""Logs: the query, lines by time and level, the lines themselves, and details of one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.client import Engine, EngineState
from app.command import Command
from app.drill_time import clock_offset_s
from app.fold import Fold
from app.keys import bind
from app.logs.bins import step_text
from app.logs.book import Change
from app.logs.export import FILTERS, lines_as
from app.logs.feed import LogFeed
from app.logs.header import Header
from app.logs.histogram import Histogram, LevelLegend, range_counts
from app.logs.line_desk import LineDesk
from app.logs.line_list import LineList
from app.logs.line_panel import LinePanel
from app.logs.query_bar import QueryBar
from app.logs.saved import SavedQueries
from app.logs.saved_button import SavedButton
from app.logs.table_model import LogTableModel
from app.logs.words import sought_words, vocabulary
from app.selection import Selection
from app.theme import Icon, px
from app.time_axis import Span, format_clock_seconds, format_number
from app.widgets import Panel, SideDrawer, Trouble
from app.widgets.save_file import save_made

if TYPE_CHECKING:
    from protos.drill.v1.records import LogLine, QueryProblem, Snapshot

TALL, LOW, TALL_FROM = 132, 78, 640
"""heights of the bars, and from which height of the pane they are tall"""


class LogsView(QWidget):
    """The pane. While it is not shown it asks the engine nothing."""

    KEYS = (
        ("/", "Search logs"),
        ("L", "Live: follow the present"),
        ("↑ / ↓", "Previous or next line"),
        ("Enter", "Details of the line"),
        ("T", "Trace of the line"),
        ("O", "Source of the line"),
        ("C", "Copy the line"),
        ("S", "Saved queries"),
        ("Ctrl / E", "Export what is shown"),
        ("Esc", "Let go of the line"),
        ("F7", "Hide or show the bars"),
        ("F8", "Details"),
    )

    def __init__(self, engine: Engine, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._selection = selection
        self._offset_s = 0.0
        self._run = ""
        self._active = False
        self._feed = LogFeed(engine, self)
        self._model = LogTableModel(self._feed.book, self)
        self._build()
        self._bind_keys()
        self._connect()
        self._feed.choose(selection.time_range)

    def activate(self) -> None:
        """Read what was missed, then follow."""
        self._active = True
        if self._engine.snapshot is not None:
            self._show_snapshot(self._engine.snapshot)
        self._take_wanted_query()
        self._feed.start()
        self._show_state()

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers here."""
        return (
            Command("Search logs", "Logs", self._focus_query, Icon.MAGNIFYING_GLASS, "/"),
            Command(
                "Trace of the line", "Traces", lambda: self._open_trace("", False), Icon.TREE_STRUCTURE, "T"
            ),
            *(
                Command(f"Ask {query}", "Logs", partial(self._query.ask_now, query), Icon.BOOKMARK_SIMPLE)
                for query in self._saved.queries
            ),
            Command("Export what is shown", "Logs", self._export_lines, Icon.EXPORT, "Ctrl+E"),
            Command("Source of the line", "Workbench", self._open_source, Icon.CODE, "O"),
            Command("Copy the line", "Logs", self._details.copy_line, Icon.COPY, "C"),
            Command("Hide or show the bars", "Logs", self._fold.toggle, Icon.CHART_BAR, "F7"),
            Command("Live: follow the present", "Logs", self._go_live, Icon.BROADCAST, "L"),
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
        self._header = Header()
        column.addWidget(self._header)
        self._query = QueryBar('service:billing level:>=warning "pool timeout"', name="Search logs")
        self._saved = SavedQueries(self._selection.kept, self)
        self._bookmark = SavedButton(self._saved, self._query)
        search = QHBoxLayout()
        search.setSpacing(px(8))
        search.addWidget(self._query, 1)
        search.addWidget(self._bookmark)
        column.addLayout(search)
        self._trouble = Trouble()
        column.addWidget(self._trouble)
        body = QHBoxLayout()
        body.setSpacing(px(12))
        left = QVBoxLayout()
        left.setSpacing(px(12))
        left.addWidget(self._build_histogram())
        self._list = LineList(self._feed, self._model)
        self._table = self._list.table
        left.addWidget(self._list, 1)
        self._fold = Fold(self._chart, self._table, self._selection.kept, "log_bars_hidden")
        body.addLayout(left, 1)
        column.addLayout(body, 1)
        self._details = LinePanel()
        self._desk = LineDesk(self._engine, self._details, self)
        self._drawer = SideDrawer(self._details, body, self)
        self._drawer.placed.connect(lambda: self._header.details.setVisible(not self._drawer.is_open))

    def _build_histogram(self) -> Panel:
        panel = Panel("Lines", "drag to set the shared range", padded=False)
        self._chart = panel
        self._legend = LevelLegend()
        panel.add_action(self._legend)
        self._histogram = Histogram(self._selection)
        panel.add(self._histogram)
        return panel

    def _connect(self) -> None:
        feed, table, header = self._feed, self._table, self._header
        self._query.asked.connect(self._ask)
        self._query.left.connect(lambda: table.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self._list.cleared.connect(lambda: self._query.ask_now(""))
        header.export.clicked.connect(self._export_lines)
        header.span.clicked.connect(lambda: self._selection.choose_time_range(None))
        header.live.clicked.connect(self._go_live)
        header.details.clicked.connect(lambda: self._drawer.show())
        self._histogram.brushed.connect(self._selection.choose_time_range)
        table.chosen.connect(self._choose_row)
        table.opened.connect(lambda _: self._drawer.show())
        table.traceOpened.connect(self._open_trace)
        table.verticalScrollBar().valueChanged.connect(self._follow_scroll)
        self._details.traceWanted.connect(lambda keep: self._open_trace("", keep))
        self._details.lineWanted.connect(self._choose_line)
        self._details.sourceWanted.connect(self._open_source)
        feed.filled.connect(self._show_all)
        feed.grown.connect(self._show_change)
        feed.lengthened.connect(self._show_older)
        feed.counted.connect(self._show_counts)
        feed.problemChanged.connect(self._show_problem)
        feed.failed.connect(self._trouble.tell)
        self._selection.timeRangeChanged.connect(self._take_range)
        self._selection.logsOpened.connect(lambda _: self._take_wanted_query())
        self._engine.snapshotChanged.connect(self._show_snapshot)
        self._engine.stateChanged.connect(lambda _: self._show_state())
        self._take_range(self._selection.time_range)

    def _bind_keys(self) -> None:
        pairs = (
            ("/", self._focus_query),
            ("L", self._go_live),
            ("T", lambda: self._open_trace("", False)),
            ("O", self._open_source),
            ("C", self._details.copy_line),
            ("S", self._bookmark.open_menu),
            ("Ctrl+E", self._export_lines),
            ("F7", self._fold.toggle),
            ("F8", self._drawer.toggle),
        )
        bind(self, pairs)

    def _focus_query(self) -> None:
        self._query.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, where nothing else takes it, lets go of the line, then of the range."""
        if event.key() == Qt.Key.Key_Escape:
            self._let_go()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keyboard on to the list, now or as soon as it is there."""
        super().focusInEvent(event)
        self._hand_on_focus()

    def _hand_on_focus(self) -> None:
        if self.hasFocus() and self._list.table.isVisible():
            self._list.table.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    # what comes

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.run != self._run:
            self._run = snapshot.run
            self._feed.started_s = snapshot.started_ns / 1e9
            self._feed.begin_anew()
        if not snapshot.clock.held or not self._offset_s:
            self._offset_s = clock_offset_s(snapshot.clock)
            self._model.set_clock_offset(self._offset_s)
        self._query.set_vocabulary(vocabulary(service.name for service in snapshot.services))

    def _show_all(self) -> None:
        self._model.tell_all()
        self._details.show_line(None, self._offset_s)
        self._table.scrollToTop()
        # The row that held it still is gone with the rows before.
        self._feed.book.release()
        if self._feed.problem is None:
            self._trouble.tell("")
        self._show_rows()

    def _show_change(self, change: Change) -> None:
        self._model.tell(change)
        self._show_rows()

    def _show_older(self, count: int) -> None:
        self._model.tell_older(count)
        self._show_rows()

    def _show_rows(self) -> None:
        self._list.show_rows(self._query.query, self._selection.time_range is not None)
        self._hand_on_focus()
        self._show_live()

    def _show_counts(self) -> None:
        feed = self._feed
        self._histogram.show_bins(feed.counts, feed.bins, self._offset_s)
        self._chart.set_title(f"Lines per {step_text(feed.bins.step_s)}")
        self._legend.show_counts(*range_counts(feed.counts, self._selection.time_range, feed.bins.step_s))
        self._query.set_remark(f"{format_number(feed.matched)} of {format_number(feed.total)} lines")
        self._list.show_place()

    def _show_problem(self, problem: QueryProblem | None) -> None:
        if problem is None:
            self._query.set_problem("")
            self._trouble.tell("")
        else:
            self._query.show_problem(problem.message, problem.at, problem.length)
            self._trouble.tell(f"Query: {problem.message}")
        self._histogram.set_dimmed(problem is not None)

    def _show_state(self) -> None:
        self._histogram.set_dimmed(self._engine.state is EngineState.LOST)
        self._show_live()

    def _show_live(self) -> None:
        book = self._feed.book
        is_lost = self._engine.state is EngineState.LOST
        lost_since = format_clock_seconds(self._engine.lost_since_ns / 1e9, self._offset_s) if is_lost else ""
        self._header.show_live(lost_since, self._feed.time_range is not None, book.is_held, book.waiting)

    # acting

    def _ask(self, query: str) -> None:
        self._model.set_words(sought_words(query))
        self._feed.book.is_held = False
        self._feed.ask(query)

    def _take_wanted_query(self) -> None:
        query = self._selection.take_logs_query() if self._active else ""
        if query:
            # The request may lie outside the range that was chosen before.
            self._selection.choose_time_range(None)
            self._query.ask_now(query)

    def _export_lines(self) -> None:
        """The lines that are held, for other tools."""
        lines = self._feed.book.lines

        def done(path: str) -> None:
            self._trouble.tell("")
            self._header.show_exported()

        if lines:
            save_made(
                self.window(),
                "logs.jsonl",
                FILTERS,
                lambda ending: lines_as(ending, lines),
                done,
                self._trouble.tell,
            )

    def _take_range(self, chosen: Span | None) -> None:
        self._feed.choose(chosen)
        self._header.show_range(chosen, self._offset_s)
        if self._feed.counts:
            self._show_counts()
        self._show_live()

    def _go_live(self) -> None:
        self._table.choose_row(-1)
        self._details.show_line(None, self._offset_s)
        self._selection.choose_time_range(None)
        self._model.tell(self._feed.release())
        self._table.scrollToTop()
        self._show_rows()

    def _let_go(self) -> None:
        if self._table.row >= 0:
            self._go_live()
        elif self._selection.time_range is not None:
            self._selection.choose_time_range(None)

    def _follow_scroll(self, value: int) -> None:
        bar, book = self._table.verticalScrollBar(), self._feed.book
        if value > 0 and not book.is_held:
            book.hold()
            self._show_live()
        elif value == 0 and book.is_held and self._table.row < 0:
            self._model.tell(self._feed.release())
            self._show_rows()
        self._list.show_place()
        if value > bar.maximum() - bar.pageStep():
            self._feed.ask_older()

    def _choose_row(self, row: int) -> None:
        line = self._model.line_at(row)
        if line is None:
            return
        self._feed.book.hold()
        self._show_live()
        self._show_line(line)

    def _choose_line(self, line: LogLine) -> None:
        row = self._feed.book.row_of(line.id)
        if row >= 0:
            self._table.choose_row(row)
        else:
            # The query or the range leaves it out; it is told of all the same.
            self._show_line(line)

    def _show_line(self, line: LogLine) -> None:
        self._selection.choose_log(str(line.id))
        self._desk.show_line(line, self._offset_s)

    def _open_trace(self, trace_id: str, keep_screen: bool) -> None:
        line = self._details.line
        if line is not None and line.trace_id and trace_id in ("", line.trace_id):
            self._selection.open_trace(line.trace_id, keep_screen, line.span_id)
        elif trace_id:
            self._selection.open_trace(trace_id, keep_screen)

    def _open_source(self) -> None:
        if self._details.source is not None:
            self._selection.open_source(self._details.source)

    def restyle(self) -> None:
        """Larger text needs more room."""
        self._drawer.place()
        self._fit_histogram()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave most of a low window to the lines."""
        super().resizeEvent(event)
        self._fit_histogram()

    def _fit_histogram(self) -> None:
        self._histogram.setFixedHeight(px(TALL if self.height() >= px(TALL_FROM) else LOW))
