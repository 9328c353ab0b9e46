"""The rows of a waterfall: spans, and folds for repeated siblings; what is closed hides what is below it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.traces.tree import NO_PARENT, SpanTree, depths_of, ends_of_descent
from protos.drill.v1.records import Int32Array, Int64Array

FOLD_FROM = 5
NO_FOLD = -1
NONE: Int32Array = np.empty(0, np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Folds:
    """Which siblings are repetitions of each other: at least five that do the same thing, wherever they stand.

    `of_span` has each span's fold or -1. The members of fold f are `members[first[f]:first[f + 1]]`, by start.
    """

    of_span: Int32Array
    members: Int32Array
    first: Int32Array

    def __len__(self) -> int:
        return len(self.first) - 1

    def of(self, fold: int) -> Int32Array:
        """The spans of a fold."""
        return self.members[self.first[fold] : self.first[fold + 1]]


def find_folds(tree: SpanTree, least: int = FOLD_FROM) -> Folds:
    """The folds of a tree."""
    alike = tree.columns.alike.astype(np.int64)
    keys = (tree.parent.astype(np.int64) + 1) * (int(alike.max(initial=0)) + 1) + alike
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    groups = np.flatnonzero(counts >= least)
    fold_of_group = np.full(len(counts), NO_FOLD, np.int32)
    fold_of_group[groups] = np.arange(len(groups))
    of_span = fold_of_group[inverse.reshape(-1)] if len(tree) else NONE
    folded = np.flatnonzero(of_span != NO_FOLD).astype(np.int32)
    members = folded[np.argsort(of_span[folded], kind="stable")]
    first = np.concatenate(([0], np.cumsum(counts[groups]))).astype(np.int32)
    return Folds(of_span, members, first)


@dataclass(frozen=True, slots=True)
class Row:
    """A span, or a fold: `members` are its spans, at least five. `place` is the span, or the fold's first one.

    `is_open` is None for what has nothing below.
    """

    node: int
    place: int
    depth: int
    is_open: bool | None
    members: Int32Array

    @property
    def is_fold(self) -> bool:
        """Whether it stands for several spans."""
        return len(self.members) > 0

    @property
    def places(self) -> Int32Array:
        """The spans that it stands for."""
        return self.members if self.is_fold else np.array([self.place], np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class RowTree:
    """All that could be a row, one entry a node, in the order of rows: spans, and each fold above its members.

    `start_ns`, `end_ns` span what a node stands for; `total_ns` is the sum of its spans' durations.
    """

    folds: Folds
    place: Int32Array
    fold: Int32Array
    parent: Int32Array
    depth: Int32Array
    after: Int32Array
    node_of_span: Int32Array
    start_ns: Int64Array
    end_ns: Int64Array
    total_ns: Int64Array

    def __len__(self) -> int:
        return len(self.place)

    def has_below(self, node: int) -> bool:
        """Whether anything stands below a node."""
        return bool(self.after[node] > node + 1)

    def is_fold(self, node: int) -> bool:
        """Whether a node stands for several spans."""
        return bool(self.fold[node] != NO_FOLD)


def build_rows(tree: SpanTree) -> RowTree:
    """What could be a row of this tree."""
    folds = find_folds(tree)
    place, fold, parent = _order(tree, folds)
    spans = fold == NO_FOLD
    node_of_span = np.empty(len(tree), np.int32)
    node_of_span[place[spans]] = np.flatnonzero(spans)
    start, end = tree.start_ns[place], tree.end_ns[place]
    total = end - start
    if len(folds):
        at, first = np.flatnonzero(~spans), folds.first[:-1]
        which = fold[at]
        durations = tree.end_ns[folds.members] - tree.start_ns[folds.members]
        start[at] = np.minimum.reduceat(tree.start_ns[folds.members], first)[which]
        end[at] = np.maximum.reduceat(tree.end_ns[folds.members], first)[which]
        total[at] = np.add.reduceat(durations, first)[which]
    parents = parent.tolist()
    return RowTree(
        folds=folds,
        place=place,
        fold=fold,
        parent=parent,
        depth=depths_of(parents),
        after=ends_of_descent(parents),
        node_of_span=node_of_span,
        start_ns=start,
        end_ns=end,
        total_ns=total,
    )


def _order(tree: SpanTree, folds: Folds) -> tuple[Int32Array, Int32Array, Int32Array]:
    """Place, fold and parent of each node. A fold stands where its first member would, its members below it."""
    if not len(folds):
        return np.arange(len(tree), dtype=np.int32), np.full(len(tree), NO_FOLD, np.int32), tree.parent
    fold_of, after = folds.of_span.tolist(), tree.after.tolist()
    members = [folds.of(fold).tolist() for fold in range(len(folds))]

    def entries(place: int, end: int) -> list[int]:
        """What stands for the siblings from a place on, the last first: a span, or a fold f as -1 - f."""
        found: list[int] = []
        while place < end:
            fold = fold_of[place]
            if fold == NO_FOLD:
                found.append(place)
            elif members[fold][0] == place:
                found.append(-1 - fold)
            place = after[place]
        found.reverse()
        return found

    places: list[int] = []
    fold_column: list[int] = []
    parents: list[int] = []
    waiting = [(entry, NO_PARENT) for entry in entries(0, len(tree))]
    while waiting:
        entry, parent = waiting.pop()
        node = len(places)
        parents.append(parent)
        if entry < 0:
            fold_column.append(-1 - entry)
            places.append(members[-1 - entry][0])
            waiting.extend((member, node) for member in reversed(members[-1 - entry]))
        else:
            fold_column.append(NO_FOLD)
            places.append(entry)
            if after[entry] > entry + 1:
                waiting.extend((below, node) for below in entries(entry + 1, after[entry]))
    return np.array(places, np.int32), np.array(fold_column, np.int32), np.array(parents, np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows from top to bottom: `nodes` that nothing closed hides.

    Spans are open and folds closed, but for those that a person `toggled`.
    """

    tree: RowTree
    nodes: Int32Array
    toggled: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.nodes)

    def __getitem__(self, number: int) -> Row:
        tree, node = self.tree, int(self.nodes[number])
        return Row(
            node=node,
            place=int(tree.place[node]),
            depth=int(tree.depth[node]),
            is_open=self._is_open(node) if tree.has_below(node) else None,
            members=tree.folds.of(int(tree.fold[node])) if tree.is_fold(node) else NONE,
        )

    def number_of(self, node: int) -> int:
        """The row of a node, or -1 where something hides it."""
        number = int(np.searchsorted(self.nodes, node))
        return number if number < len(self.nodes) and self.nodes[number] == node else -1

    def nearest(self, node: int) -> int:
        """The row of a node or of the nearest one above it that is shown; -1 without any row."""
        while node != NO_PARENT and (number := self.number_of(node)) < 0:
            node = int(self.tree.parent[node])
        return number if node != NO_PARENT else min(0, len(self) - 1)

    def with_toggled(self, node: int) -> Rows:
        """The same with one node opened or closed; one without anything below changes nothing."""
        return shown_rows(self.tree, self.toggled ^ {node}) if self.tree.has_below(node) else self

    def revealing(self, node: int) -> Rows:
        """The same with everything open that hides a node."""
        toggled, above = self.toggled, int(self.tree.parent[node])
        while above != NO_PARENT:
            if not self._is_open(above):
                toggled ^= {above}
            above = int(self.tree.parent[above])
        return shown_rows(self.tree, toggled) if toggled != self.toggled else self

    def _is_open(self, node: int) -> bool:
        return self.tree.is_fold(node) == (node in self.toggled)


def shown_rows(tree: RowTree, toggled: frozenset[int] = frozenset()) -> Rows:
    """The rows with these nodes opened or closed, against what they are by themselves."""
    closed: NDArray[np.bool_] = tree.fold != NO_FOLD
    if toggled:
        changed = np.fromiter(toggled, np.int32, len(toggled))
        closed = closed.copy()
        closed[changed] ^= True
    shut = np.flatnonzero(closed & (tree.after > np.arange(1, len(tree) + 1)))
    # Each closed node hides a stretch of nodes; a node is shown where no stretch is open.
    steps = np.zeros(len(tree) + 1, np.int32)
    np.add.at(steps, shut + 1, 1)
    np.add.at(steps, tree.after[shut], -1)
    return Rows(tree, np.flatnonzero(np.cumsum(steps[:-1]) == 0).astype(np.int32), toggled)


_NO_TIMES: Int64Array = np.empty(0, np.int64)
NO_ROWS = Rows(
    RowTree(
        folds=Folds(NONE, NONE, np.zeros(1, np.int32)),
        place=NONE,
        fold=NONE,
        parent=NONE,
        depth=NONE,
        after=NONE,
        node_of_span=NONE,
        start_ns=_NO_TIMES,
        end_ns=_NO_TIMES,
        total_ns=_NO_TIMES,
    ),
    NONE,
)
"""The rows of no trace."""
