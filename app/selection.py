"""What all screens look at together: a time range, a moment, a service, a trace, a span, a log line.

Every pane reads and writes the one `Selection` of its window. `back` and `forward` walk through what was chosen;
the crosshair is not part of that history, since it moves with the mouse.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.kept import Kept
from app.source_place import SourcePlace
from app.time_axis import Span, span_between

HISTORY_LENGTH = 100
HIDDEN_GROUPS = "hidden_chart_groups"


@dataclass(frozen=True, slots=True)
class Chosen:
    """One state of the selection. Empty texts and None mean that nothing is chosen."""

    time_range: Span | None = None
    service: str = ""
    trace_id: str = ""
    span_id: str = ""
    log_id: str = ""


class Selection(QObject):
    """The shared selection. A signal fires only when its value really changes."""

    timeRangeChanged = Signal(object)
    crosshairChanged = Signal(object)
    serviceChanged = Signal(str)
    traceChanged = Signal(str)
    spanChanged = Signal(str)
    logChanged = Signal(str)
    changed = Signal(object)
    traceOpened = Signal(str, bool)
    logsOpened = Signal(str)
    tracesOpened = Signal(str)
    sourceOpened = Signal()
    historyChanged = Signal()

    def __init__(self, parent: QObject | None = None, kept: Kept | None = None) -> None:
        super().__init__(parent)
        self.kept = kept or Kept()
        self._states = [Chosen()]
        self._place = 0
        self._crosshair_s: float | None = None
        self._logs_query = ""
        self._traces_query: str | None = None
        self._source: SourcePlace | None = None
        hidden = self.kept.get(HIDDEN_GROUPS)
        self._hidden_groups = frozenset(map(str, hidden)) if isinstance(hidden, list) else frozenset()

    @property
    def hidden_groups(self) -> frozenset[str]:
        """The groups of charts that somebody hid; kept between drills."""
        return self._hidden_groups

    def hide_groups(self, groups: Collection[str]) -> None:
        """Hide these groups of charts and no others."""
        self._hidden_groups = frozenset(groups)
        self.kept.put(HIDDEN_GROUPS, sorted(groups))

    @property
    def chosen(self) -> Chosen:
        """All that is chosen now."""
        return self._states[self._place]

    @property
    def time_range(self) -> Span | None:
        """The chosen stretch of time in Unix seconds; None follows the present."""
        return self.chosen.time_range

    @property
    def crosshair_s(self) -> float | None:
        """The moment under the pointer in Unix seconds, or None."""
        return self._crosshair_s

    @property
    def service(self) -> str:
        """The chosen service, or an empty text."""
        return self.chosen.service

    @property
    def trace_id(self) -> str:
        """The chosen trace, or an empty text."""
        return self.chosen.trace_id

    @property
    def span_id(self) -> str:
        """The chosen span of the trace, or an empty text."""
        return self.chosen.span_id

    @property
    def log_id(self) -> str:
        """The chosen log line, or an empty text."""
        return self.chosen.log_id

    @property
    def can_go_back(self) -> bool:
        """Whether `back` would change anything."""
        return self._place > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether `forward` would change anything."""
        return self._place < len(self._states) - 1

    def choose_time_range(self, time_range: Span | None) -> None:
        """Choose a stretch of time; None follows the present again."""
        if time_range is not None:
            time_range = span_between(time_range.start_s, time_range.end_s)
        self.choose(replace(self.chosen, time_range=time_range))

    def choose_service(self, service: str) -> None:
        """Choose a service; an empty text chooses all."""
        self.choose(replace(self.chosen, service=service))

    def choose_trace(self, trace_id: str, span_id: str = "") -> None:
        """Choose a trace and, if given, a span of it."""
        self.choose(replace(self.chosen, trace_id=trace_id, span_id=span_id))

    def open_trace(self, trace_id: str, keep_screen: bool = False, span_id: str = "") -> None:
        """Choose a trace and ask the window to show it; `keep_screen` (Ctrl click) stays where one is."""
        self.choose_trace(trace_id, span_id)
        self.traceOpened.emit(trace_id, keep_screen)

    def open_logs(self, query: str) -> None:
        """Ask the window to show the log lines of a query; the log screen takes it by `take_logs_query`."""
        self._logs_query = query
        self.logsOpened.emit(query)

    def take_logs_query(self) -> str:
        """The query that was last asked for and not yet taken, or an empty text."""
        query, self._logs_query = self._logs_query, ""
        return query

    def open_traces(self, query: str) -> None:
        """Ask the window to show the traces of a query; the trace screen takes it by `take_traces_query`."""
        self._traces_query = query
        self.tracesOpened.emit(query)

    def take_traces_query(self) -> str | None:
        """The query that was last asked for and not yet taken; None without one."""
        query, self._traces_query = self._traces_query, None
        return query

    def open_source(self, place: SourcePlace) -> None:
        """Ask the window to show a line of source; the workbench takes it by `take_source`."""
        self._source = place
        self.sourceOpened.emit()

    def take_source(self) -> SourcePlace | None:
        """The place that was last asked for and not yet taken."""
        place, self._source = self._source, None
        return place

    def choose_span(self, span_id: str) -> None:
        """Choose a span of the chosen trace."""
        self.choose(replace(self.chosen, span_id=span_id))

    def choose_log(self, log_id: str) -> None:
        """Choose a log line."""
        self.choose(replace(self.chosen, log_id=log_id))

    def choose(self, chosen: Chosen) -> None:
        """Choose several things in one step of the history."""
        before = self.chosen
        if chosen == before:
            return
        self._states = [*self._states[: self._place + 1], chosen][-HISTORY_LENGTH:]
        self._place = len(self._states) - 1
        self._tell(before)

    def point_at(self, at_s: float | None) -> None:
        """Move the crosshair; None takes it away."""
        if at_s != self._crosshair_s:
            self._crosshair_s = at_s
            self.crosshairChanged.emit(at_s)

    def back(self) -> bool:
        """Return to what was chosen before. False if there is nothing before."""
        return self._walk(-1)

    def forward(self) -> bool:
        """Undo one `back`. False if there was none."""
        return self._walk(1)

    def _walk(self, step: int) -> bool:
        place = self._place + step
        if not 0 <= place < len(self._states):
            return False
        before = self.chosen
        self._place = place
        self._tell(before)
        return True

    def _tell(self, before: Chosen) -> None:
        now = self.chosen
        if now.time_range != before.time_range:
            self.timeRangeChanged.emit(now.time_range)
        if now.service != before.service:
            self.serviceChanged.emit(now.service)
        if now.trace_id != before.trace_id:
            self.traceChanged.emit(now.trace_id)
        if now.span_id != before.span_id:
            self.spanChanged.emit(now.span_id)
        if now.log_id != before.log_id:
            self.logChanged.emit(now.log_id)
        self.changed.emit(now)
        self.historyChanged.emit()
