"""The spans of a trace as a tree over columns: pure.

The engine sends them as a tree in the order of a waterfall, whatever was received: parents before their children,
siblings by start, every span once. A negative duration counts as zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.traces.clocks import Clocks, find_clocks
from protos.drill.v1.records import DETACHED, FAILED, Int32Array, Int64Array, SpanColumns

NO_PARENT = -1


@dataclass(frozen=True, slots=True, eq=False)
class SpanTree:
    """Columns with one entry a span. The descendants of a span are those behind it up to and without `after`.

    `start_ns` and `end_ns` count from `origin_ns`, the earliest start, after clocks that are off were put right.
    """

    columns: SpanColumns
    clocks: Clocks
    depth: Int32Array
    after: Int32Array
    start_ns: Int64Array
    end_ns: Int64Array
    origin_ns: int
    length_ns: int

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def parent(self) -> Int32Array:
        """The place of each span's parent, -1 for a root."""
        return self.columns.parents

    @property
    def roots(self) -> Int32Array:
        """The spans without a parent."""
        return self.children(NO_PARENT)

    @property
    def main_root(self) -> int:
        """The root that lasts longest: the request itself. -1 if there is no span."""
        roots = self.roots
        if not len(roots):
            return NO_PARENT
        return int(roots[np.argmax(self.end_ns[roots] - self.start_ns[roots])])

    @property
    def errors(self) -> int:
        """How many spans failed."""
        return int(np.count_nonzero(self.columns.flags & FAILED))

    def children(self, place: int) -> Int32Array:
        """The children of a span by start; of -1 the roots."""
        return np.flatnonzero(self.parent == place).astype(np.int32)

    def duration_ns(self, place: int) -> int:
        """How long a span lasted."""
        return int(self.end_ns[place] - self.start_ns[place])

    def place_of(self, span_id: str) -> int:
        """The place of a span, or -1."""
        try:
            found = np.flatnonzero(self.columns.ids == np.uint64(int(span_id, 16)))
        except (ValueError, OverflowError):
            return NO_PARENT
        return int(found[0]) if len(found) else NO_PARENT

    def span_id(self, place: int) -> str:
        """A span's id in hex."""
        return self.columns.span_id(place)

    def ancestors(self, place: int) -> tuple[int, ...]:
        """The parents of a span, the nearest first."""
        found: list[int] = []
        while (place := int(self.parent[place])) != NO_PARENT:
            found.append(place)
        return tuple(found)

    def has_failed(self, place: int) -> bool:
        """Whether a span failed."""
        return bool(self.columns.flags[place] & FAILED)

    def is_detached(self, place: int) -> bool:
        """Whether a span has a parent that was not received, or stands on a circle of parents."""
        return bool(self.columns.flags[place] & DETACHED)

    def service(self, place: int) -> str:
        """Who sent a span."""
        return self.columns.texts[int(self.columns.services[place])]

    def work_place(self, place: int) -> str:
        """Where a span's work is done: the database for its calls."""
        return self.columns.texts[int(self.columns.places[place])]

    def title(self, place: int) -> str:
        """What tells a span apart."""
        return self.columns.texts[int(self.columns.titles[place])]


def build_tree(columns: SpanColumns) -> SpanTree:
    """The tree of these spans."""
    clocks = find_clocks(columns)
    starts = columns.start_ns + clocks.moved_ns
    origin_ns = int(starts.min()) if len(columns) else 0
    starts -= origin_ns
    ends = starts + np.maximum(columns.duration_ns, 0)
    parents = columns.parents.tolist()
    return SpanTree(
        columns=columns,
        clocks=clocks,
        depth=depths_of(parents),
        after=ends_of_descent(parents),
        start_ns=starts,
        end_ns=ends,
        origin_ns=origin_ns,
        length_ns=int(ends.max(initial=0)),
    )


def depths_of(parents: list[int]) -> Int32Array:
    """The depth of each entry of a tree in depth-first order, 0 for a root."""
    depths = [0] * len(parents)
    for place, parent in enumerate(parents):
        if parent >= 0:
            depths[place] = depths[parent] + 1
    return np.array(depths, np.int32)


def ends_of_descent(parents: list[int]) -> Int32Array:
    """For each entry of a tree in depth-first order the place after its last descendant."""
    after = list(range(1, len(parents) + 1))
    for place in range(len(parents) - 1, -1, -1):
        parent = parents[place]
        if parent >= 0 and after[parent] < after[place]:
            after[parent] = after[place]
    return np.array(after, np.int32)
