"""A trace with all that the waterfall and the details need, worked out once on a worker thread. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from app.traces.critical_path import CriticalPath, critical_path, heaviest, self_ns
from app.traces.rows import Folds, Row, find_folds, visible_rows
from app.traces.span_words import place_of, statement_of, title_of
from app.traces.tree import SpanTree, build_tree
from protos.drill.v1.records import Fields, LogLine, Trace


@dataclass(frozen=True, slots=True)
class LogTick:
    """A log line on a span, in nanoseconds from the trace's start."""

    at_ns: int
    level: str


@dataclass(frozen=True, slots=True)
class OpenedTrace:
    """A trace with its tree, path and words. `places` names for each span where its work is done."""

    trace: Trace
    tree: SpanTree
    path: CriticalPath
    folds: Folds
    first_rows: tuple[Row, ...]
    titles: tuple[str, ...]
    places: tuple[str, ...]
    log_ticks: dict[str, tuple[LogTick, ...]]
    errors: int

    @property
    def services(self) -> tuple[str, ...]:
        """Where work was done, in order of appearance."""
        return tuple(dict.fromkeys(self.places))

    @property
    def duration_ns(self) -> int:
        """How long the request lasted."""
        return self.path.length_ns

    @property
    def heaviest(self) -> tuple[str, int]:
        """Who has the most own time on the critical path, and how much."""
        return heaviest(self.tree, self.path, dict(enumerate(self.places)))


@dataclass(frozen=True, slots=True)
class FoldFigures:
    """What is worth knowing of folded calls. Times in nanoseconds; `share` is of the trace, 0 to 1."""

    count: int
    total_ns: int
    median_ns: int
    longest_ns: int
    share: float
    errors: int
    durations_ns: tuple[int, ...]


def open_trace(trace: Trace) -> OpenedTrace:
    """Work out a trace."""
    tree = build_tree(trace.spans)
    titles = tuple(title_of(span) for span in tree.spans)
    places = tuple(place_of(span) for span in tree.spans)

    def likeness(place: int) -> object:
        return places[place], titles[place], statement_of(tree.spans[place])

    folds = find_folds(tree, likeness)
    ticks: dict[str, list[LogTick]] = {}
    for line in trace.logs:
        ticks.setdefault(line.span_id, []).append(LogTick(line.time_ns - tree.origin_ns, line.level))
    return OpenedTrace(
        trace=trace,
        tree=tree,
        path=critical_path(tree),
        folds=folds,
        first_rows=visible_rows(tree, folds),
        titles=titles,
        places=places,
        log_ticks={span_id: tuple(found) for span_id, found in ticks.items()},
        errors=sum(span.error for span in tree.spans),
    )


def fold_figures(opened: OpenedTrace, members: Sequence[int]) -> FoldFigures:
    """Figures of repeated calls."""
    tree = opened.tree
    durations = sorted(tree.end_ns[place] - tree.start_ns[place] for place in members)
    total = sum(durations)
    return FoldFigures(
        count=len(durations),
        total_ns=total,
        median_ns=durations[len(durations) // 2],
        longest_ns=durations[-1],
        share=total / opened.duration_ns if opened.duration_ns else 0.0,
        errors=sum(tree.spans[place].error for place in members),
        durations_ns=tuple(durations),
    )


def own_ns(opened: OpenedTrace, place: int) -> int:
    """A span's self time."""
    return self_ns(opened.tree, place)


def lines_of_span(opened: OpenedTrace, span_id: str) -> tuple[LogLine, ...]:
    """The log lines that a span wrote."""
    return tuple(line for line in opened.trace.logs if line.span_id == span_id)


def as_json(trace: Trace) -> str:
    """A trace for the clipboard."""
    spans: list[Fields] = [
        {
            "span_id": span.span_id,
            "parent_id": span.parent_id,
            "service": span.service,
            "name": span.name,
            "kind": span.kind,
            "start_ns": span.start_ns,
            "duration_ns": span.duration_ns,
            "error": span.error,
            "status": span.status,
            "attributes": span.attributes,
            "events": list(span.events),
        }
        for span in trace.spans
    ]
    logs = [
        {
            "time_ns": line.time_ns,
            "level": line.level,
            "service": line.service,
            "span_id": line.span_id,
            "message": line.message,
            "fields": line.fields,
        }
        for line in trace.logs
    ]
    return json.dumps(
        {"trace_id": trace.trace_id, "spans": spans, "logs": logs}, indent=2, ensure_ascii=False
    )
