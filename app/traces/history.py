"""The trace summaries that the pane holds: merged as they come, bounded, chosen by time and duration. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from app.time_axis import Span
from protos.drill.v1.records import TraceSummary

MOST_TRACES = 5_000
NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Band:
    """A range of durations, in milliseconds."""

    low_ms: float
    high_ms: float


class TraceHistory:
    """Newest first. A summary that comes again (more of its spans have arrived) replaces the one before."""

    def __init__(self, most: int = MOST_TRACES) -> None:
        self._most = most
        self._known: dict[str, TraceSummary] = {}
        self._sorted: tuple[TraceSummary, ...] | None = ()

    def __len__(self) -> int:
        return len(self._known)

    @property
    def traces(self) -> tuple[TraceSummary, ...]:
        """All that are held, newest first."""
        if self._sorted is None:
            newest = sorted(self._known.values(), key=attrgetter("start_ns"), reverse=True)[: self._most]
            if len(newest) < len(self._known):
                self._known = {trace.trace_id: trace for trace in newest}
            self._sorted = tuple(newest)
        return self._sorted

    @property
    def newest_ns(self) -> int:
        """The start of the newest trace, or 0."""
        return self.traces[0].start_ns if self._known else 0

    def clear(self) -> None:
        """Forget all."""
        self._known, self._sorted = {}, ()

    def take(self, traces: Iterable[TraceSummary]) -> bool:
        """Add or renew; whether anything changed."""
        changed = False
        for trace in traces:
            if self._known.get(trace.trace_id) != trace:
                self._known[trace.trace_id] = trace
                changed = True
        if changed:
            self._sorted = None
        return changed

    def forget_before(self, start_ns: int) -> None:
        """Drop what has left the window."""
        gone = [trace.trace_id for trace in self.traces if trace.start_ns < start_ns]
        for trace_id in gone:
            del self._known[trace_id]
        if gone:
            self._sorted = None

    def get(self, trace_id: str) -> TraceSummary | None:
        """A summary, if it is held."""
        return self._known.get(trace_id)


def chosen_traces(
    traces: Iterable[TraceSummary], time_range: Span | None, band: Band | None, slowest_first: bool = False
) -> tuple[TraceSummary, ...]:
    """The traces that begin in a time range and last as long as the band says."""
    found = list(traces)
    if time_range is not None:
        low, high = time_range.start_s * NS, time_range.end_s * NS
        found = [trace for trace in found if low <= trace.start_ns <= high]
    if band is not None:
        low, high = band.low_ms * 1e6, band.high_ms * 1e6
        found = [trace for trace in found if low <= trace.duration_ns <= high]
    if slowest_first:
        found.sort(key=attrgetter("duration_ns"), reverse=True)
    return tuple(found)
