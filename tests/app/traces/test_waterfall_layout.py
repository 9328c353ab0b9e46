"""The layout of a waterfall holds for every set of spans: trees, folds, critical paths and pixels."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.traces.again import entered_again
from app.traces.critical_path import critical_path, heaviest, self_times
from app.traces.rows import FOLD_FROM, NO_FOLD, RowTree, build_rows, shown_rows
from app.traces.time_view import TimeView, pixel_runs, tick_text, ticks_ns, whole_view
from app.traces.tree import NO_PARENT, SpanTree, build_tree
from protos.drill.v1 import telemetry_pb2 as pb
from protos.drill.v1.decoding import decode
from protos.drill.v1.records import SpanColumns
from tests.app.telemetry_stub import columns_of
from tests.app.telemetry_stub import made_span as span

MS = 1_000_000


def tree_of(*spans: pb.Span) -> SpanTree:
    """The tree of spans that are given in its order."""
    return build_tree(decode(SpanColumns, columns_of(spans)))


def does(tree: SpanTree, place: int) -> str:
    return tree.title(place)


@st.composite
def any_tree(draw: st.DrawFn) -> SpanTree:
    """Spans in tree order with times as bad as they come: negative durations, clocks that differ."""
    spans: list[pb.Span] = []
    above: list[str] = []
    for number in range(draw(st.integers(0, 40))):
        del above[draw(st.integers(0, len(above))) :]
        start, duration = draw(st.integers(-50, 200)), draw(st.integers(-20, 300))
        parent = above[-1] if above else draw(st.sampled_from(["", "gone"]))
        kind, service = draw(st.sampled_from("ab")), draw(st.sampled_from(["billing", "ledger"]))
        spans.append(span(str(number), parent, start, duration, kind, service))
        above.append(str(number))
    return tree_of(*spans)


@given(any_tree())
def test_that_the_descendants_of_a_span_are_those_behind_it(tree: SpanTree) -> None:
    for place in range(len(tree)):
        below = [other for other in range(len(tree)) if place in tree.ancestors(other)]
        assert below == list(range(place + 1, int(tree.after[place])))
        assert tree.depth[place] == len(tree.ancestors(place))
        assert 0 <= tree.start_ns[place] <= tree.end_ns[place] <= tree.length_ns
        assert tree.place_of(tree.span_id(place)) == place


@given(any_tree())
def test_that_own_times_on_the_critical_path_add_up_to_the_request(tree: SpanTree) -> None:
    path = critical_path(tree)
    assert int(path.own_ns.sum()) == path.length_ns
    for place in np.flatnonzero(path.low_ns >= 0).tolist():
        low, high = path.low_ns[place], path.high_ns[place]
        assert tree.start_ns[place] <= low <= high <= tree.end_ns[place]
        assert 0 <= path.own_ns[place] <= high - low
        assert tree.parent[place] in path or place == tree.main_root


@given(any_tree())
def test_that_self_time_is_what_no_child_covers(tree: SpanTree) -> None:
    own = self_times(tree)
    for place in range(len(tree)):
        covered: set[int] = set()
        for child in tree.children(place).tolist():
            covered |= set(range(tree.start_ns[child] // MS, tree.end_ns[child] // MS))
        whole = set(range(tree.start_ns[place] // MS, tree.end_ns[place] // MS))
        assert own[place] == len(whole - covered) * MS


def hidden_by(rows: RowTree, node: int, is_open: set[int]) -> bool:
    """Whether any node above is closed, by walking up."""
    above = int(rows.parent[node])
    while above != NO_PARENT:
        if above not in is_open:
            return True
        above = int(rows.parent[above])
    return False


@given(any_tree(), st.data())
@settings(deadline=None)
def test_that_exactly_the_rows_are_shown_that_nothing_closed_hides(
    tree: SpanTree, data: st.DataObject
) -> None:
    rows = shown_rows(build_rows(tree))
    for _ in range(data.draw(st.integers(0, 6))):
        if len(rows):
            rows = rows.with_toggled(data.draw(st.sampled_from(list(rows))).node)
    nodes = rows.tree
    is_open = {node for node in range(len(nodes)) if (nodes.fold[node] != NO_FOLD) == (node in rows.toggled)}
    expected = [node for node in range(len(nodes)) if not hidden_by(nodes, node, is_open)]
    assert rows.nodes.tolist() == expected
    for number, row in enumerate(rows):
        assert rows.number_of(row.node) == number
        assert row.is_open is (row.node in is_open if nodes.after[row.node] > row.node + 1 else None)


@given(any_tree())
@settings(deadline=None)
def test_that_every_span_is_one_node_and_folds_hold_five_siblings_that_are_alike(tree: SpanTree) -> None:
    rows = build_rows(tree)
    spans = rows.place[rows.fold == NO_FOLD]
    assert sorted(spans.tolist()) == list(range(len(tree)))
    assert rows.place[rows.node_of_span].tolist() == list(range(len(tree)))
    families: dict[tuple[int, str, str], list[int]] = {}
    for place in range(len(tree)):
        family = int(tree.parent[place]), does(tree, place), tree.service(place)
        families.setdefault(family, []).append(place)
    expected = sorted(members for members in families.values() if len(members) >= FOLD_FROM)
    assert sorted(rows.folds.of(fold).tolist() for fold in range(len(rows.folds))) == expected
    for node in np.flatnonzero(rows.fold != NO_FOLD).tolist():
        members = rows.folds.of(int(rows.fold[node]))
        below = [other for other in range(len(rows)) if rows.parent[other] == node]
        assert rows.place[below].tolist() == members.tolist()
        assert (rows.start_ns[node], rows.end_ns[node]) == (
            tree.start_ns[members].min(),
            tree.end_ns[members].max(),
        )
        assert rows.total_ns[node] == (tree.end_ns[members] - tree.start_ns[members]).sum()


@given(any_tree(), st.data())
@settings(deadline=None)
def test_that_revealing_a_span_shows_it_and_closing_leaves_what_hides_it(
    tree: SpanTree, data: st.DataObject
) -> None:
    if not len(tree):
        return
    nodes = build_rows(tree)
    any_node = st.integers(0, len(nodes) - 1)
    rows = shown_rows(nodes, data.draw(st.frozensets(any_node)))
    node = data.draw(any_node)
    assert rows.number_of(node) in (-1, rows.nearest(node))
    assert rows.nearest(node) >= 0
    assert rows.revealing(node).number_of(node) >= 0


@given(
    st.floats(0, 1e12),
    st.lists(st.tuples(st.floats(0.1, 10), st.floats(-2, 2)), max_size=8),
    st.floats(0, 1e12),
    st.floats(0, 1e12),
)
def test_that_no_zoom_or_pan_leaves_the_trace_and_bars_stay_on_the_canvas(
    length: float, moves: list[tuple[float, float]], start: float, duration: float
) -> None:
    view = whole_view(length)
    for factor, share in moves:
        view = view.zoomed(factor).panned(share)
        assert view.low_ns >= 0
        assert view.high_ns <= view.length_ns * (1 + 1e-9)
        assert view.shown_ns > 0
    bar = view.bar(start, start + duration, 300.0, 700.0)
    if bar is not None:
        assert bar.left >= 300.0
        assert bar.right <= 1000.0 + 1e-6
        assert bar.width >= 2.0 - 1e-6


@given(st.floats(1e3, 1e11), st.floats(200, 2000))
def test_that_ticks_are_round_far_enough_apart_and_differ_in_words(length: float, width: float) -> None:
    view = whole_view(length)
    marks = ticks_ns(view, width, 100)
    places = [view.x_of(mark, 0, width) for mark in marks]
    assert all(after - before >= 99 for before, after in pairwise(places))
    if len(marks) > 1:
        words = [tick_text(mark, marks[1] - marks[0]) for mark in marks]
        assert len(set(words)) == len(words)


def test_that_the_path_follows_what_ended_last_and_leaves_out_what_ran_beside_it() -> None:
    tree = tree_of(
        span("root", "", 0, 100),
        span("first", "root", 10, 20),
        span("beside", "root", 12, 10),
        span("last", "root", 40, 50, service="ledger"),
    )
    path = critical_path(tree)
    assert (path.own_ns // MS).tolist() == [30, 20, 0, 50]
    assert 2 not in path
    assert heaviest(tree, path) == ("billing", 50 * MS)


def test_that_a_child_that_outlives_its_parent_counts_up_to_the_parents_end() -> None:
    path = critical_path(tree_of(span("root", "", 0, 100), span("late", "root", 80, 100)))
    assert (path.low_ns[1], path.high_ns[1]) == (80 * MS, 100 * MS)


def test_that_five_alike_siblings_fold_and_four_do_not() -> None:
    def rows(count: int) -> list[tuple[int, bool]]:
        calls = [span(f"s{n}", "root", n, 1, "SELECT") for n in range(count)]
        tree = tree_of(span("root", "", 0, 100), *calls, span("other", "root", 2, 1, "INSERT"))
        return [(len(row.members), row.is_fold) for row in shown_rows(build_rows(tree))]

    assert rows(4) == [(0, False)] * 6
    assert rows(5) == [(0, False), (5, True), (0, False)]


def test_that_a_service_that_is_entered_again_on_its_own_path_is_found() -> None:
    tree = tree_of(
        span("order", service="orders"),
        span("own work", "order", service="orders"),
        span("ask", "own work", service="orders"),
        span("reserve", "ask", service="inventory"),
        span("price", "reserve", service="orders"),
        span("deeper", "price", service="orders"),
        span("beside", "order", service="inventory"),
    )
    assert np.flatnonzero(entered_again(tree)).tolist() == [4]


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), max_size=30),
    st.floats(0.05, 1.0),
    st.floats(-1, 1),
    st.integers(1, 60),
)
def test_that_covered_pixels_are_those_of_each_stretch(
    stretches: list[tuple[int, int]], zoom: float, pan: float, width: int
) -> None:
    view = whole_view(1000 * MS).zoomed(zoom).panned(pan)
    lows = np.array([min(pair) * MS for pair in stretches], np.int64)
    highs = np.array([max(pair) * MS for pair in stretches], np.int64)
    expected: set[int] = set()
    for low, high in zip(lows.tolist(), highs.tolist(), strict=True):
        if high >= view.low_ns and low <= view.high_ns:
            ends = [int(min(max(view.x_of(at, 0, width), 0), width - 1)) for at in (low, high)]
            expected |= set(range(ends[0], ends[1] + 1))
    runs = pixel_runs(view, lows, highs, width)
    covered = [pixel for first, count in runs for pixel in range(first, first + count)]
    assert covered == sorted(expected)
    assert all(first + count < later for (first, count), (later, _) in pairwise(runs))


def test_that_zooming_keeps_the_moment_under_the_pointer() -> None:
    view = whole_view(1000 * MS).zoomed(0.5, 400 * MS)
    assert round(view.x_of(400 * MS, 0, 1000)) == 400
    assert view.showing(100 * MS, 200 * MS) == TimeView(1000 * MS, 87.5 * MS, 212.5 * MS)
