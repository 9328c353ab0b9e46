"""Logs: the query, lines by time and level, the lines themselves, and details of one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from app.client import Engine, EngineState
from app.command import Command
from app.drill_time import clock_offset_s
from app.keys import bind
from app.logs.bins import step_text
from app.logs.book import Change
from app.logs.export import FILTERS, lines_as
from app.logs.feed import LogFeed
from app.logs.histogram import Histogram, LevelLegend, range_counts
from app.logs.line_panel import LinePanel
from app.logs.line_words import empty_words, rows_text, state_words
from app.logs.query_bar import QueryBar
from app.logs.saved import SavedQueries
from app.logs.table_model import COLUMNS, LogTableModel
from app.logs.words import sought_words, vocabulary
from app.selection import Selection
from app.theme import SEMIBOLD, Icon, Token, px, qt_icon
from app.time_axis import Span, format_clock, format_clock_seconds, format_number
from app.widgets import Button, ButtonKind, EmptyState, Line, Panel, Skeleton, Table
from app.widgets.save_file import save_made

if TYPE_CHECKING:
    from protos.drill.v1.records import QueryProblem, Snapshot

DRAWER_UNDER = 1280
TRACE_AFTER_MS = 120
TOLD_MS = 2500
ROWS, NO_ROWS, WAITING = range(3)
KEY_HINT = "Up and Down move, Enter shows details, T opens the trace, C copies"


class LogsView(QWidget):
    """The pane. While it is not shown it asks the engine nothing."""

    KEYS = (
        ("/", "Search logs"),
        ("L", "Live: follow the present"),
        ("↑ / ↓", "Previous or next line"),
        ("Enter", "Details of the line"),
        ("T", "Trace of the line"),
        ("C", "Copy the line"),
        ("S", "Saved queries"),
        ("Ctrl / E", "Export what is shown"),
        ("Esc", "Let go of the line"),
        ("F8", "Details"),
    )

    def __init__(self, engine: Engine, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._selection = selection
        self._offset_s = 0.0
        self._run = ""
        self._active = False
        self._details_wanted: bool | None = None
        self._feed = LogFeed(engine, self)
        self._model = LogTableModel(self._feed.book, self)
        self._trace_delay = QTimer(self, singleShot=True, interval=TRACE_AFTER_MS)
        self._trace_delay.timeout.connect(self._ask_trace)
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
            Command("Copy the line", "Logs", self._details.copy_line, Icon.COPY, "C"),
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
        column.addLayout(self._build_header())
        self._query = QueryBar('service:billing level:>=warning "pool timeout"', name="Search logs")
        self._saved = SavedQueries(self._selection.kept, self)
        self._bookmark = Button(
            "Saved", ButtonKind.OUTLINE, Icon.BOOKMARK_SIMPLE, "S", tip="Save this query, or ask a saved one"
        )
        self._bookmark.clicked.connect(self._open_saved)
        search = QHBoxLayout()
        search.setSpacing(px(8))
        search.addWidget(self._query, 1)
        search.addWidget(self._bookmark)
        column.addLayout(search)
        self._trouble = Line("", 12, ink=Token.CRIT_TEXT)
        self._trouble.hide()
        column.addWidget(self._trouble)
        body = QHBoxLayout()
        body.setSpacing(px(12))
        left = QVBoxLayout()
        left.setSpacing(px(12))
        left.addWidget(self._build_histogram())
        left.addWidget(self._build_table(), 1)
        body.addLayout(left, 1)
        self._details = LinePanel()
        body.addWidget(self._details)
        column.addLayout(body, 1)

    def _build_header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(Line("Logs", 16, SEMIBOLD))
        self._remark = Line("Structured lines from all services", 12, ink=Token.TEXT3)
        row.addWidget(self._remark, 1)
        self._span = Button("All of the run", ButtonKind.OUTLINE, Icon.CLOCK)
        self._live = Button("Live", ButtonKind.SECONDARY, Icon.BROADCAST, "L")
        self._drawer = Button("Details", ButtonKind.OUTLINE, Icon.COLUMNS, "F8")
        self._drawer.clicked.connect(lambda: self._show_details(True))
        self._drawer.hide()
        self._export = Button(icon=Icon.EXPORT, kind=ButtonKind.OUTLINE, tip="Export what is shown (Ctrl E)")
        self._export.clicked.connect(self._export_lines)
        for widget in (self._export, self._span, self._live, self._drawer):
            row.addWidget(widget)
        return row

    def _build_histogram(self) -> Panel:
        panel = Panel("Lines", "drag to set the shared range", padded=False)
        self._chart = panel
        self._legend = LevelLegend()
        panel.add_action(self._legend)
        self._histogram = Histogram(self._selection)
        panel.add(self._histogram)
        return panel

    def _build_table(self) -> Panel:
        panel = Panel(padded=False)
        self._table = Table(COLUMNS, 28, name="Log lines")
        self._table.setModel(self._model)
        inner = QWidget()
        self._rows = QStackedLayout(inner)
        self._rows.addWidget(self._table)
        self._nothing = EmptyState(
            Icon.LIST_DASHES, "No line yet", "The first ones come with the first requests."
        )
        self._nothing.pressed.connect(lambda: self._query.ask_now(""))
        self._rows.addWidget(self._nothing)
        waiting = QWidget()
        rows = QVBoxLayout(waiting)
        rows.addWidget(Skeleton(10))
        rows.addStretch(1)
        self._rows.addWidget(waiting)
        self._rows.setCurrentIndex(WAITING)
        panel.add(inner, 1)
        footer = panel.add_footer()
        self._count = Line("", 12, ink=Token.TEXT2)
        footer.addWidget(self._count)
        footer.addStretch(1)
        footer.addWidget(Line(KEY_HINT, 12, ink=Token.TEXT3))
        return panel

    def _connect(self) -> None:
        feed, table = self._feed, self._table
        self._query.asked.connect(self._ask)
        self._query.left.connect(lambda: table.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self._span.clicked.connect(lambda: self._selection.choose_time_range(None))
        self._live.clicked.connect(self._go_live)
        self._histogram.brushed.connect(self._selection.choose_time_range)
        table.chosen.connect(self._choose_row)
        table.opened.connect(lambda _: self._show_details(True))
        table.traceOpened.connect(self._open_trace)
        table.verticalScrollBar().valueChanged.connect(self._follow_scroll)
        table.verticalScrollBar().rangeChanged.connect(lambda *_: self._show_place())
        self._details.traceWanted.connect(lambda keep: self._open_trace("", keep))
        self._details.lineWanted.connect(self._choose_line)
        feed.filled.connect(self._show_all)
        feed.grown.connect(self._show_change)
        feed.lengthened.connect(self._show_older)
        feed.counted.connect(self._show_counts)
        feed.problemChanged.connect(self._show_problem)
        feed.failed.connect(self._tell)
        self._selection.timeRangeChanged.connect(self._take_range)
        self._selection.logsOpened.connect(lambda _: self._take_wanted_query())
        self._engine.snapshotChanged.connect(self._show_snapshot)
        self._engine.stateChanged.connect(lambda _: self._show_state())
        self.setFocusProxy(table)
        self._take_range(self._selection.time_range)

    def _bind_keys(self) -> None:
        pairs = (
            ("/", self._focus_query),
            ("L", self._go_live),
            ("T", lambda: self._open_trace("", False)),
            ("C", self._details.copy_line),
            ("S", self._open_saved),
            ("Ctrl+E", self._export_lines),
            ("F8", lambda: self._show_details(self._details.isHidden())),
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
            self._tell("")
        self._show_rows()

    def _show_change(self, change: Change) -> None:
        self._model.tell(change)
        self._show_rows()

    def _show_older(self, count: int) -> None:
        self._model.tell_older(count)
        self._show_rows()

    def _show_rows(self) -> None:
        book = self._feed.book
        self._rows.setCurrentIndex(ROWS if len(book) else NO_ROWS)
        if not len(book):
            in_range = self._selection.time_range is not None
            self._nothing.set_words(*empty_words(self._query.query, in_range))
        self._show_place()
        self._show_live()

    def _show_place(self) -> None:
        book, feed, table = self._feed.book, self._feed, self._table
        last = table.rowAt(table.viewport().height() - 1)
        matched = sum(range_counts(feed.counts, feed.time_range, feed.bins.step_s))
        known = 0 if feed.is_complete else matched
        place = rows_text(
            table.rowAt(0) + 1, (last if last >= 0 else len(book) - 1) + 1, len(book), known, book.is_full
        )
        self._count.set_text(place)

    def _show_counts(self) -> None:
        feed = self._feed
        self._histogram.show_bins(feed.counts, feed.bins, self._offset_s)
        self._chart.set_title(f"Lines per {step_text(feed.bins.step_s)}")
        self._legend.show_counts(*range_counts(feed.counts, self._selection.time_range, feed.bins.step_s))
        self._query.set_remark(f"{format_number(feed.matched)} of {format_number(feed.total)} lines")
        self._show_place()

    def _show_problem(self, problem: QueryProblem | None) -> None:
        if problem is None:
            self._query.set_problem("")
            self._tell("")
        else:
            self._query.show_problem(problem.message, problem.at, problem.length)
            self._tell(f"Query: {problem.message}")
        self._histogram.set_dimmed(problem is not None)

    def _show_state(self) -> None:
        self._histogram.set_dimmed(self._engine.state is EngineState.LOST)
        self._show_live()

    def _show_live(self) -> None:
        book, in_range = self._feed.book, self._feed.time_range is not None
        live = not book.is_held and not in_range
        is_lost = self._engine.state is EngineState.LOST
        lost_s = self._engine.lost_since_ns / 1e9
        since = format_clock_seconds(lost_s, self._offset_s) if is_lost else ""
        words = state_words(since, in_range, book.is_held, book.waiting)
        ink = Token.CRIT_TEXT if is_lost else Token.TEXT3 if live else Token.TEXT1
        self._remark.set_text(words)
        self._remark.set_ink(ink)
        self._live.set_kind(ButtonKind.SECONDARY if live else ButtonKind.OUTLINE)
        self._live.set_text("Live" if live else "Go live")
        self._live.set_icon(Icon.BROADCAST if live else Icon.PLAY)

    def _tell(self, words: str) -> None:
        self._trouble.set_text(words)
        self._trouble.setVisible(bool(words))

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

    def _open_saved(self) -> None:
        """Save or forget the query at hand, or ask one of those that are saved."""
        menu, query = QMenu(self), self._query.query.strip()
        words = "Forget this query" if self._saved.has(query) else "Save this query"
        save = menu.addAction(qt_icon(Icon.BOOKMARK_SIMPLE), words, partial(self._saved.toggle, query))
        save.setEnabled(bool(query))
        if self._saved.queries:
            menu.addSeparator()
        for saved in self._saved.queries:
            menu.addAction(saved.replace("&", "&&"), partial(self._query.ask_now, saved))
        corner = self._bookmark.mapToGlobal(QPoint(self._bookmark.width(), self._bookmark.height() + px(4)))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    def _export_lines(self) -> None:
        """The lines that are held, for other tools."""
        lines = self._feed.book.lines

        def done(path: str) -> None:
            self._tell("")
            self._export.set_icon(Icon.CHECK)
            QTimer.singleShot(TOLD_MS, self, lambda: self._export.set_icon(Icon.EXPORT))

        if lines:
            save_made(
                self.window(), "logs.jsonl", FILTERS, lambda ending: lines_as(ending, lines), done, self._tell
            )

    def _take_range(self, chosen: Span | None) -> None:
        self._feed.choose(chosen)
        if chosen is None:
            self._span.set_text("All of the run")
        else:
            write = format_clock_seconds if chosen.length_s < 300 else format_clock
            self._span.set_text(
                f"{write(chosen.start_s, self._offset_s)} – {write(chosen.end_s, self._offset_s)}"
            )
        self._span.set_icon(Icon.X if chosen is not None else Icon.CLOCK)
        self._span.set_kind(ButtonKind.SECONDARY if chosen is not None else ButtonKind.OUTLINE)
        self._span.setToolTip(
            "Let go of this stretch" if chosen is not None else "Drag over the bars to choose a stretch"
        )
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
        self._show_place()
        if value > bar.maximum() - bar.pageStep():
            self._feed.ask_older()

    def _choose_row(self, row: int) -> None:
        line = self._model.line_at(row)
        if line is None:
            return
        self._feed.book.hold()
        self._show_live()
        self._selection.choose_log(str(line.id))
        self._details.show_line(line, self._offset_s)
        self._trace_delay.start()

    def _choose_line(self, line_id: int) -> None:
        row = self._feed.book.row_of(line_id)
        if row >= 0:
            self._table.choose_row(row)
        else:
            # The query or the range leaves it out; its details are known all the same.
            self._selection.choose_log(str(line_id))
            self._details.show_neighbour(line_id)

    def _ask_trace(self) -> None:
        line = self._details.line
        if line is not None and line.trace_id:
            trace_id = line.trace_id
            self._engine.ask(
                lambda client: client.trace(trace_id),
                self._details.show_trace,
                lambda _: self._details.show_trace(None),
                owner=self,
            )

    def _open_trace(self, trace_id: str, keep_screen: bool) -> None:
        line = self._details.line
        if line is not None and line.trace_id and trace_id in ("", line.trace_id):
            self._selection.open_trace(line.trace_id, keep_screen, line.span_id)
        elif trace_id:
            self._selection.open_trace(trace_id, keep_screen)

    # details as a drawer

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the details where the window is narrow."""
        super().resizeEvent(event)
        self._place_details()

    def _show_details(self, shown: bool) -> None:
        self._details_wanted = shown
        self._place_details()

    def _place_details(self) -> None:
        roomy = self.window().width() >= px(DRAWER_UNDER)
        shown = self._details_wanted if self._details_wanted is not None else roomy
        self._details.setVisible(shown)
        self._drawer.setVisible(not shown)

    def restyle(self) -> None:
        """Larger text needs more room."""
        self._place_details()
