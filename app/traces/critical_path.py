"""What a trace's duration consists of: the critical path, and each span's own time. Pure.

Walking back from a span's end, the child that ended last is what it waited for; before that child began, the next
one that had ended by then, and so on. What lies between them is the span's own work (as Jaeger and CRISP do it:
Zhang et al., CRISP: Critical Path Analysis of Large-Scale Microservice Architectures, 2022).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.traces.tree import NO_PARENT, SpanTree


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """`stretches`: for each span on the path from when to when it was waited for; `own_ns`: its own part of that."""

    stretches: dict[int, tuple[int, int]]
    own_ns: dict[int, int]
    length_ns: int

    def __contains__(self, place: int) -> bool:
        return place in self.stretches


def critical_path(tree: SpanTree) -> CriticalPath:
    """The critical path of the tree's longest root. The own times on it add up to the length of that root."""
    root = tree.main_root
    stretches: dict[int, tuple[int, int]] = {}
    own_ns: dict[int, int] = {}
    if root == NO_PARENT:
        return CriticalPath(stretches, own_ns, 0)
    waiting = [(root, tree.start_ns[root], tree.end_ns[root])]
    while waiting:
        place, low, high = waiting.pop()
        stretches[place] = (low, high)
        waited, own_ns[place] = _split(tree, place, low, high)
        waiting.extend(waited)
    return CriticalPath(stretches, own_ns, tree.end_ns[root] - tree.start_ns[root])


def self_ns(tree: SpanTree, place: int) -> int:
    """How long a span did not wait for any child: its duration without the union of its children's."""
    low, high = tree.start_ns[place], tree.end_ns[place]
    covered, reached = 0, low
    for child in sorted(tree.children[place], key=lambda child: tree.start_ns[child]):
        start, end = max(tree.start_ns[child], reached), min(tree.end_ns[child], high)
        if end > start:
            covered += end - start
            reached = end
    return high - low - covered


def heaviest(tree: SpanTree, path: CriticalPath, place_of: dict[int, str]) -> tuple[str, int]:
    """The name in `place_of` with the most own time on the path, and that time; empty without spans."""
    sums: Counter[str] = Counter()
    for place, own in path.own_ns.items():
        sums[place_of[place]] += own
    return sums.most_common(1)[0] if sums else ("", 0)


def _split(tree: SpanTree, place: int, low: int, high: int) -> tuple[list[tuple[int, int, int]], int]:
    """The children that were waited for within a stretch, and what remains for the span itself."""
    ended = sorted(
        tree.children[place], key=lambda child: (-min(tree.end_ns[child], high), tree.start_ns[child])
    )
    waited: list[tuple[int, int, int]] = []
    own, reached = 0, high
    for child in ended:
        start, end = max(tree.start_ns[child], low), min(tree.end_ns[child], high)
        if start < end <= reached:
            own += reached - end
            waited.append((child, start, end))
            reached = start
    return waited, own + reached - low
