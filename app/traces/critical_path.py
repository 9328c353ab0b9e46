"""What a trace's duration consists of: the critical path, and each span's own time. Pure.

Walking back from a span's end, the child that ended last is what it waited for; before that child began, the next
one that had ended by then, and so on. What lies between them is the span's own work (as Jaeger and CRISP do it:
Zhang et al., CRISP: Critical Path Analysis of Large-Scale Microservice Architectures, 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.traces.tree import NO_PARENT, SpanTree
from protos.drill.v1.records import Int64Array

OFF = -1


@dataclass(frozen=True, slots=True, eq=False)
class CriticalPath:
    """One entry a span: from when to when it was waited for (-1: it was not), and its own part of that."""

    low_ns: Int64Array
    high_ns: Int64Array
    own_ns: Int64Array
    length_ns: int

    def __contains__(self, place: int) -> bool:
        return bool(self.low_ns[place] != OFF)


def critical_path(tree: SpanTree) -> CriticalPath:
    """The critical path of the tree's longest root. The own times on it add up to the length of that root."""
    size, root = len(tree), tree.main_root
    lows, highs, owns = [OFF] * size, [OFF] * size, [0] * size
    if root != NO_PARENT:
        starts, ends, after = tree.start_ns.tolist(), tree.end_ns.tolist(), tree.after.tolist()
        waiting = [(root, starts[root], ends[root])]
        while waiting:
            place, low, high = waiting.pop()
            lows[place], highs[place] = low, high
            below = _children(place, after)
            waited, owns[place] = _split(below, starts, ends, low, high)
            waiting.extend(waited)
    return CriticalPath(
        low_ns=np.array(lows, np.int64),
        high_ns=np.array(highs, np.int64),
        own_ns=np.array(owns, np.int64),
        length_ns=tree.duration_ns(root) if root != NO_PARENT else 0,
    )


def self_times(tree: SpanTree) -> Int64Array:
    """How long each span did not wait for any child: its duration without the union of its children's."""
    starts, ends, parents = tree.start_ns.tolist(), tree.end_ns.tolist(), tree.parent.tolist()
    own = (tree.end_ns - tree.start_ns).tolist()
    reached = list(starts)
    # Siblings come by start, as they were sent; a moved clock may turn two of them round.
    for place in np.lexsort((tree.start_ns, tree.depth)).tolist():
        parent = parents[place]
        if parent != NO_PARENT:
            start, end = max(starts[place], reached[parent]), min(ends[place], ends[parent])
            if end > start:
                own[parent] -= end - start
                reached[parent] = end
    return np.array(own, np.int64)


def heaviest(tree: SpanTree, path: CriticalPath) -> tuple[str, int]:
    """Where most of the path's own time is spent, and that time; empty without spans."""
    if not len(tree):
        return "", 0
    sums = np.bincount(tree.columns.places, weights=path.own_ns)
    most = int(np.argmax(sums))
    return tree.columns.texts[most], round(float(sums[most]))


def _children(place: int, after: Sequence[int]) -> list[int]:
    found: list[int] = []
    child, end = place + 1, after[place]
    while child < end:
        found.append(child)
        child = after[child]
    return found


def _split(
    children: list[int], starts: Sequence[int], ends: Sequence[int], low: int, high: int
) -> tuple[list[tuple[int, int, int]], int]:
    """The children that were waited for within a stretch, and what remains for the span itself."""
    children.sort(key=lambda child: (-min(ends[child], high), starts[child]))
    waited: list[tuple[int, int, int]] = []
    own, reached = 0, high
    for child in children:
        start, end = max(starts[child], low), min(ends[child], high)
        if start < end <= reached:
            own += reached - end
            waited.append((child, start, end))
            reached = start
    return waited, own + reached - low
