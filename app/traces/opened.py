"""A trace with all that the waterfall and the details need, worked out once on a worker thread. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.traces.again import entered_again
from app.traces.critical_path import CriticalPath, critical_path, heaviest, self_times
from app.traces.rows import NO_FOLD, Row, Rows, RowTree, build_rows, shown_rows
from app.traces.tree import NO_PARENT, SpanTree, build_tree
from protos.drill.v1.records import FAILED, Int64Array, LogLine, Trace


@dataclass(frozen=True, slots=True)
class LogTick:
    """A log line on a row, in nanoseconds from the trace's start."""

    at_ns: int
    level: str


@dataclass(frozen=True, slots=True, eq=False)
class OpenedTrace:
    """A trace with its tree, path and rows. `log_ticks` are by node; `again` says where a service calls itself."""

    trace: Trace
    tree: SpanTree
    path: CriticalPath
    self_ns: Int64Array
    again: NDArray[np.bool_]
    first_rows: Rows
    log_ticks: Mapping[int, tuple[LogTick, ...]]

    @property
    def rows(self) -> RowTree:
        """All that could be a row."""
        return self.first_rows.tree

    @property
    def services(self) -> tuple[str, ...]:
        """Where work was done, in order of appearance."""
        numbers, first = np.unique(self.tree.columns.places, return_index=True)
        return tuple(self.tree.columns.texts[numbers[place]] for place in np.argsort(first))

    @property
    def duration_ns(self) -> int:
        """How long the request lasted."""
        return self.path.length_ns

    @property
    def heaviest(self) -> tuple[str, int]:
        """Who has the most own time on the critical path, and how much."""
        return heaviest(self.tree, self.path)

    def is_on_path(self, row: Row) -> bool:
        """Whether any span of a row is on the critical path."""
        if not row.is_fold:
            return row.place in self.path
        return bool((self.path.low_ns[row.members] >= 0).any())

    def has_failed(self, row: Row) -> bool:
        """Whether any span of a row failed."""
        if not row.is_fold:
            return self.tree.has_failed(row.place)
        return bool((self.tree.columns.flags[row.members] & FAILED).any())


@dataclass(frozen=True, slots=True, eq=False)
class FoldFigures:
    """What is worth knowing of folded calls. Times in nanoseconds; `share` is of the trace, 0 to 1."""

    count: int
    total_ns: int
    median_ns: int
    longest_ns: int
    share: float
    errors: int
    durations_ns: Int64Array


def open_trace(trace: Trace) -> OpenedTrace:
    """Work out a trace."""
    tree = build_tree(trace.spans)
    rows = build_rows(tree)
    return OpenedTrace(
        trace=trace,
        tree=tree,
        path=critical_path(tree),
        self_ns=self_times(tree),
        again=entered_again(tree),
        first_rows=shown_rows(rows),
        log_ticks=_ticks(trace, tree, rows),
    )


def _ticks(trace: Trace, tree: SpanTree, rows: RowTree) -> dict[int, tuple[LogTick, ...]]:
    """The lines of each span's row, and those of all its members on a fold's."""
    found: dict[int, list[LogTick]] = {}
    places: dict[str, int] = {}
    for line in trace.logs:
        place = places.get(line.span_id)
        if place is None:
            place = places[line.span_id] = tree.place_of(line.span_id)
        if place == NO_PARENT:
            continue
        at_ns = line.time_ns + int(tree.clocks.moved_ns[place]) - tree.origin_ns
        tick = LogTick(at_ns, line.level)
        node = int(rows.node_of_span[place])
        found.setdefault(node, []).append(tick)
        if rows.folds.of_span[place] != NO_FOLD:
            found.setdefault(int(rows.parent[node]), []).append(tick)
    return {node: tuple(ticks) for node, ticks in found.items()}


def fold_figures(opened: OpenedTrace, row: Row) -> FoldFigures:
    """Figures of repeated calls."""
    tree, members = opened.tree, row.members
    durations = np.sort(tree.end_ns[members] - tree.start_ns[members])
    total = int(durations.sum())
    return FoldFigures(
        count=len(durations),
        total_ns=total,
        median_ns=int(durations[len(durations) // 2]),
        longest_ns=int(durations[-1]),
        share=total / opened.duration_ns if opened.duration_ns else 0.0,
        errors=int(np.count_nonzero(tree.columns.flags[members] & FAILED)),
        durations_ns=durations,
    )


def lines_of_row(opened: OpenedTrace, row: Row) -> tuple[LogLine, ...]:
    """The log lines that a row's spans wrote."""
    ids = {opened.tree.span_id(int(place)) for place in row.places} if len(opened.trace.logs) else set()
    return tuple(line for line in opened.trace.logs if line.span_id in ids)
