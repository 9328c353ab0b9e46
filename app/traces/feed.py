"""Asks the engine for trace summaries while the pane is shown: once a second what is new, now and then all."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.client import Engine, EngineState
from app.time_axis import Span
from app.traces.history import MOST_TRACES, NS, TraceHistory
from app.traces.words import whole_query

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient
    from protos.drill.v1.records import QueryProblem, TraceList

POLL_MS = 1000
LEAST_S = 60.0
OVERLAP_NS = 10 * NS
ALL_EVERY_POLLS = 15
"""Spans may come late; traces that began before the overlap are renewed that often."""


class TraceFeed(QObject):
    """Keeps a `TraceHistory` of the traces that match a query within a window of time.

    `window` is the stretch of time in Unix seconds; None as its end follows the present.
    """

    changed = Signal()
    problemChanged = Signal(object)
    """QueryProblem with its place in the typed text, or None."""
    failed = Signal(str)

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self.history = TraceHistory()
        self.matched = 0
        self.is_loading = True
        self.problem: QueryProblem | None = None
        self._engine = engine
        self._query, self._moved = "", 0
        self._fixed: Span | None = None
        self._length_s = 300.0
        self._started_s = 0.0
        self._generation = 0
        self._waiting = False
        self._polls = 0
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def window(self) -> Span:
        """The stretch that is shown now."""
        if self._fixed is not None:
            return self._fixed
        now_s = time.time()
        start_s = now_s - self._length_s if self._length_s else self._started_s
        start_s = max(start_s, self._started_s)
        return Span(min(start_s, now_s - LEAST_S), now_s)

    @property
    def is_live(self) -> bool:
        """Whether the window follows the present."""
        return self._fixed is None

    def start(self) -> None:
        """Begin to ask."""
        self._timer.start()
        self._polls = 0
        self._poll()

    def stop(self) -> None:
        """Ask no more; what is known stays."""
        self._timer.stop()

    def ask(self, typed: str, errors_only: bool) -> None:
        """Another query."""
        query, moved = whole_query(typed, errors_only)
        if query != self._query:
            self._query, self._moved = query, moved
            self._begin_anew()

    def follow(self, length_s: float, started_s: float) -> None:
        """Show so many seconds up to the present; 0 for all since `started_s`."""
        before = (self._fixed, self._length_s)
        self._fixed, self._length_s, self._started_s = None, length_s, started_s
        if before != (None, length_s):
            self._begin_anew()

    def stay(self, window: Span) -> None:
        """Show a stretch of the past."""
        if window != self._fixed:
            self._fixed = window
            self._begin_anew()

    def forget(self) -> None:
        """Another run: nothing that is known holds."""
        self.history.clear()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._generation += 1
        self._waiting, self._polls, self.is_loading = False, 0, True
        if self._timer.isActive():
            self._poll()

    def _poll(self) -> None:
        if self._waiting or self._engine.state is not EngineState.CONNECTED or not self._engine.run:
            return
        everything = self._polls % ALL_EVERY_POLLS == 0
        self._polls += 1
        if not everything and self._fixed is not None:
            return
        self._waiting = True
        window, query, generation = self.window, self._query, self._generation
        from_ns = round(window.start_s * NS)
        if not everything:
            from_ns = max(from_ns, self.history.newest_ns - OVERLAP_NS)
        to_ns = round(window.end_s * NS) if self._fixed is not None else 0

        def call(client: DrillClient) -> TraceList:
            return client.list_traces(query, from_ns, to_ns, MOST_TRACES)

        def done(answer: TraceList) -> None:
            if generation == self._generation:
                self._take(answer, everything, from_ns)

        def failed(why: str) -> None:
            if generation == self._generation:
                self._waiting = False
                self._polls = 0
                self.failed.emit(why)

        self._engine.ask(call, done, failed, owner=self)

    def _take(self, answer: TraceList, everything: bool, from_ns: int) -> None:
        self._waiting = False
        problem = answer.problem
        if problem != self.problem:
            self.problem = problem
            self.problemChanged.emit(self._moved_back(problem))
        first, self.is_loading = self.is_loading, False
        if problem is not None:
            self.changed.emit()
            return
        if everything and first:
            self.history.clear()
        if everything:
            self.matched = answer.matched
        self.history.take(answer.traces)
        self.history.forget_before(round(self.window.start_s * NS))
        self.changed.emit()

    def _moved_back(self, problem: QueryProblem | None) -> QueryProblem | None:
        if problem is None:
            return None
        return type(problem)(problem.message, max(0, problem.at - self._moved), problem.length)
