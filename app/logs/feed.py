"""Asks the engine for log lines while the pane is shown: twice a second what is new, every two seconds the counts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.client import Engine, EngineState
from app.logs.bins import NS, Bins, bins_for
from app.logs.book import Change, LogBook
from app.time_axis import Span

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient
    from protos.drill.v1.records import HistogramBin, LogPage, QueryProblem

POLL_MS = 500
COUNT_EVERY_POLLS = 4
PAGE = 500
MOST_A_POLL = 2_000


class LogFeed(QObject):
    """Keeps a `LogBook` of the lines that match a query within a range, and their counts over the whole run."""

    filled = Signal()
    """The book begins anew."""
    grown = Signal(object)
    """Change: new lines on top."""
    lengthened = Signal(int)
    """So many older lines at the bottom."""
    counted = Signal()
    problemChanged = Signal(object)
    """QueryProblem or None."""
    failed = Signal(str)

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self.book = LogBook()
        self.bins = Bins(0, 1, 60)
        self.counts: tuple[HistogramBin, ...] = ()
        self.matched = 0
        self.total = 0
        self.is_loading = True
        self.is_complete = False
        self.problem: QueryProblem | None = None
        self.started_s = 0.0
        self._engine = engine
        self._query = ""
        self._range: Span | None = None
        self._generation = 0
        self._waiting = False
        self._counting = False
        self._older_asked = False
        self._has_gap = False
        self._polls = 0
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def time_range(self) -> Span | None:
        """The stretch that the lines are of; None follows the present."""
        return self._range

    def start(self) -> None:
        """Begin to ask."""
        self._timer.start()
        self._poll()

    def stop(self) -> None:
        """Ask no more; what is known stays."""
        self._timer.stop()

    def ask(self, query: str) -> None:
        """Another query."""
        if query.strip() != self._query:
            self._query = query.strip()
            self.begin_anew()

    def choose(self, time_range: Span | None) -> None:
        """Lines of this stretch only; None for all, following the present."""
        if time_range != self._range:
            self._range = time_range
            self.begin_anew()

    def begin_anew(self) -> None:
        """What is held no longer answers the question."""
        self._generation += 1
        self._waiting = self._counting = self._older_asked = False
        self._polls, self.is_loading, self.is_complete = 0, True, False
        self._has_gap = False
        if self._timer.isActive():
            self._poll()

    def release(self) -> Change:
        """Show the lines that waited; where too many came to read them all, the newest come alone."""
        if not self._has_gap:
            return self.book.release()
        self.book.is_held = False
        self.begin_anew()
        return Change()

    def ask_older(self) -> None:
        """Read on below the oldest line."""
        if (
            self._older_asked
            or self.is_loading
            or self.is_complete
            or self.book.is_full
            or not len(self.book)
        ):
            return
        self._older_asked = True
        query, generation, before = self._query, self._generation, self.book.oldest_id
        from_ns, to_ns = self._bounds()

        def done(page: LogPage) -> None:
            if generation == self._generation:
                self._older_asked = False
                self.is_complete = len(page.lines) < PAGE
                self.lengthened.emit(self.book.take_older(page.lines))

        def failed(why: str) -> None:
            self._older_asked = False

        self._engine.ask(
            lambda client: client.list_logs(query, from_ns, to_ns, PAGE, before_id=before),
            done,
            failed,
            owner=self,
        )

    def _bounds(self) -> tuple[int, int]:
        if self._range is None:
            return round(self.started_s * NS), 0
        return round(self._range.start_s * NS), round(self._range.end_s * NS)

    def _poll(self) -> None:
        if self._engine.state is not EngineState.CONNECTED or not self._engine.run:
            return
        if not self._waiting and (self.is_loading or self._range is None) and self.problem_allows:
            self._ask_lines()
        if not self._counting and self._polls % COUNT_EVERY_POLLS == 0:
            self._ask_counts()
        self._polls += 1

    @property
    def problem_allows(self) -> bool:
        """A malformed query is not asked again and again."""
        return self.problem is None or self.is_loading

    def _ask_lines(self) -> None:
        self._waiting = True
        query, generation, first = self._query, self._generation, self.is_loading
        after = 0 if first else self.book.newest_id
        from_ns, to_ns = self._bounds()
        limit = PAGE if first else MOST_A_POLL

        def call(client: DrillClient) -> LogPage:
            return client.list_logs(query, from_ns, to_ns, limit, after_id=after)

        def done(page: LogPage) -> None:
            if generation == self._generation:
                self._take(page, first)

        def failed(why: str) -> None:
            if generation == self._generation:
                self._waiting = False
                self.failed.emit(why)

        self._engine.ask(call, done, failed, owner=self)

    def _take(self, page: LogPage, first: bool) -> None:
        self._waiting = False
        if page.problem != self.problem:
            self.problem = page.problem
            self.problemChanged.emit(page.problem)
        if page.problem is not None:
            self.is_loading = False
            return
        overflows = not first and len(page.lines) >= MOST_A_POLL
        if first or (overflows and not self.book.is_held):
            # After an absence more may have been written than is read at once: no hole is left in between.
            self.is_loading = False
            self.is_complete = first and len(page.lines) < PAGE
            self.book.start(page.lines)
            self.filled.emit()
        else:
            self._has_gap = self._has_gap or overflows
            change = self.book.take_new(page.lines)
            if change != Change() or self.book.is_held:
                self.grown.emit(change)

    def _ask_counts(self) -> None:
        if not self.problem_allows:
            return
        self._counting = True
        now_s = time.time()
        query, generation, bins = self._query, self._generation, bins_for(self.started_s or now_s - 60, now_s)

        def done(page: LogPage) -> None:
            if generation == self._generation:
                self._counting = False
                if page.problem is None:
                    self.bins, self.counts = bins, page.histogram
                    self.matched, self.total = page.matched, page.total
                    self.counted.emit()

        def failed(why: str) -> None:
            self._counting = False

        self._engine.ask(
            lambda client: client.list_logs(query, bins.from_ns, bins.to_ns, 1, histogram_bins=bins.count),
            done,
            failed,
            owner=self,
        )
