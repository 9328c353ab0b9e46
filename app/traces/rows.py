"""The rows of a waterfall: what is collapsed is left out, repeated siblings are folded into one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.traces.tree import NO_PARENT, SpanTree

FOLD_FROM = 5
Likeness = Callable[[int], object]
"""What siblings have in common if they are repetitions of each other."""


@dataclass(frozen=True, slots=True)
class Row:
    """A span, or a fold: `members` are its spans, at least five. `place` is the span, or the fold's first one.

    `guides` are the depths at which a line runs down beside the row. `is_open` is None for what has nothing below.
    """

    place: int
    depth: int
    guides: tuple[int, ...]
    is_open: bool | None
    members: tuple[int, ...] = ()

    @property
    def is_fold(self) -> bool:
        """Whether it stands for several spans."""
        return bool(self.members)


@dataclass(frozen=True, slots=True)
class Folding:
    """What a person did: `closed` spans hide what is below, `opened` folds (their first span) show their members."""

    closed: frozenset[int] = frozenset()
    opened: frozenset[int] = frozenset()

    def toggled(self, row: Row) -> Folding:
        """The same with one row opened or closed; rows without anything below change nothing."""
        if row.is_open is None:
            return self
        if row.is_fold:
            return Folding(self.closed, self.opened ^ {row.place})
        return Folding(self.closed ^ {row.place}, self.opened)

    def revealing(self, tree: SpanTree, folds: Folds, place: int) -> Folding:
        """The same with everything open that hides a span."""
        path = (place, *tree.ancestors(place))
        opened = {folds.first_of[one] for one in path if one in folds.first_of}
        return Folding(self.closed - set(path[1:]), self.opened | opened)


NOTHING_DONE = Folding()


@dataclass(frozen=True, slots=True)
class Folds:
    """Which siblings are repetitions: `members` by a fold's first span, `first_of` by any member."""

    members: dict[int, tuple[int, ...]]
    first_of: dict[int, int]


def find_folds(tree: SpanTree, likeness: Likeness, least: int = FOLD_FROM) -> Folds:
    """Siblings that are alike, wherever they stand among the others, if there are at least `least` of them."""
    members: dict[int, tuple[int, ...]] = {}
    for family in (tree.roots, *tree.children):
        if len(family) < least:
            continue
        alike: dict[object, list[int]] = {}
        for place in family:
            alike.setdefault(likeness(place), []).append(place)
        members.update({group[0]: tuple(group) for group in alike.values() if len(group) >= least})
    first_of = {place: first for first, group in members.items() for place in group}
    return Folds(members, first_of)


def visible_rows(tree: SpanTree, folds: Folds, folding: Folding = NOTHING_DONE) -> tuple[Row, ...]:
    """The rows from top to bottom."""
    rows: list[Row] = []
    waiting = _entries(tree.roots, folds, 0, (), NO_PARENT)
    while waiting:
        place, depth, guides, fold_of = waiting.pop()
        if place in folds.members and fold_of != place:
            group = folds.members[place]
            is_open = place in folding.opened
            rows.append(Row(place, depth, guides, is_open, group))
            if is_open:
                inner = (*guides, depth)
                waiting.extend((member, depth + 1, inner, place) for member in reversed(group[1:]))
                waiting.append((place, depth + 1, inner, place))
            continue
        below = tree.children[place]
        is_closed = place in folding.closed
        rows.append(Row(place, depth, guides, None if not below else not is_closed))
        if below and not is_closed:
            waiting.extend(_entries(below, folds, depth + 1, (*guides, depth), NO_PARENT))
    return tuple(rows)


def _entries(
    family: Sequence[int], folds: Folds, depth: int, guides: tuple[int, ...], fold_of: int
) -> list[tuple[int, int, tuple[int, ...], int]]:
    """What stands in a family's place, the last first: a fold stands where its first member would."""
    shown = [place for place in family if folds.first_of.get(place, place) == place]
    return [(place, depth, guides, fold_of) for place in reversed(shown)]
