"""The spans of a trace as a tree, whatever arrives: pure.

A span whose parent is missing becomes a root; a circle of parents is opened at its earliest span; of spans with the
same id the first counts; a negative duration counts as zero. So every span stands in the tree exactly once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from protos.drill.v1.records import Span

NO_PARENT = -1


@dataclass(frozen=True, slots=True)
class SpanTree:
    """Columns with one entry a span, in the order in which a waterfall lists them (parents first, then by start).

    `start_ns` and `end_ns` count from `origin_ns`, the earliest start. `detached` are roots whose parent is unknown
    or whose parents formed a circle.
    """

    spans: tuple[Span, ...]
    parent: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    depth: tuple[int, ...]
    start_ns: tuple[int, ...]
    end_ns: tuple[int, ...]
    detached: frozenset[int]
    origin_ns: int
    length_ns: int

    def __len__(self) -> int:
        return len(self.spans)

    @property
    def roots(self) -> tuple[int, ...]:
        """The spans without a parent."""
        return tuple(place for place, parent in enumerate(self.parent) if parent == NO_PARENT)

    @property
    def main_root(self) -> int:
        """The root that lasts longest: the request itself. -1 if there is no span."""
        return max(self.roots, key=lambda place: self.end_ns[place] - self.start_ns[place], default=NO_PARENT)

    def place_of(self, span_id: str) -> int:
        """The place of a span, or -1."""
        return next((place for place, span in enumerate(self.spans) if span.span_id == span_id), NO_PARENT)

    def ancestors(self, place: int) -> tuple[int, ...]:
        """The parents of a span, the nearest first."""
        found: list[int] = []
        while (place := self.parent[place]) != NO_PARENT:
            found.append(place)
        return tuple(found)


def build_tree(spans: Sequence[Span]) -> SpanTree:
    """The tree of these spans."""
    unique = list({span.span_id: span for span in reversed(spans)}.values())
    unique.sort(key=lambda span: (span.start_ns, -span.duration_ns, span.span_id))
    places = {span.span_id: place for place, span in enumerate(unique)}
    parent = [places.get(span.parent_id, NO_PARENT) if span.parent_id else NO_PARENT for span in unique]
    detached = {place for place, span in enumerate(unique) if span.parent_id and parent[place] == NO_PARENT}
    for place in _opened_circles(parent):
        parent[place] = NO_PARENT
        detached.add(place)
    return _in_order(unique, parent, detached)


def _opened_circles(parent: Sequence[int]) -> list[int]:
    """One span of each circle of parents: the one that comes first."""
    walked = [0] * len(parent)
    opened: list[int] = []
    for start in range(len(parent)):
        place = start
        while place != NO_PARENT and not walked[place]:
            walked[place] = start + 1
            place = parent[place]
        if place != NO_PARENT and walked[place] == start + 1:
            circle = [place]
            while (following := parent[circle[-1]]) != place:
                circle.append(following)
            opened.append(min(circle))
    return opened


def _in_order(spans: Sequence[Span], parent: Sequence[int], detached: set[int]) -> SpanTree:
    below: list[list[int]] = [[] for _ in spans]
    for place, above in enumerate(parent):
        if above != NO_PARENT:
            below[above].append(place)
    order: list[int] = []
    depths: list[int] = []
    waiting = [(place, 0) for place in reversed(range(len(spans))) if parent[place] == NO_PARENT]
    while waiting:
        place, depth = waiting.pop()
        order.append(place)
        depths.append(depth)
        waiting.extend((child, depth + 1) for child in reversed(below[place]))
    new_place = {old: new for new, old in enumerate(order)}
    origin_ns = min((span.start_ns for span in spans), default=0)
    starts = tuple(spans[old].start_ns - origin_ns for old in order)
    ends = tuple(start + max(0, spans[old].duration_ns) for start, old in zip(starts, order, strict=True))
    return SpanTree(
        spans=tuple(spans[old] for old in order),
        parent=tuple(new_place[parent[old]] if parent[old] != NO_PARENT else NO_PARENT for old in order),
        children=tuple(tuple(new_place[child] for child in below[old]) for old in order),
        depth=tuple(depths),
        start_ns=starts,
        end_ns=ends,
        detached=frozenset(new_place[old] for old in detached),
        origin_ns=origin_ns,
        length_ns=max(ends, default=0),
    )
