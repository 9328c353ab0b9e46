"""The layout of a waterfall holds for every set of spans: trees, folds, critical paths and pixels."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.traces.critical_path import critical_path, heaviest, self_ns
from app.traces.rows import FOLD_FROM, Folding, find_folds, visible_rows
from app.traces.time_view import TimeView, tick_text, ticks_ns, whole_view
from app.traces.tree import NO_PARENT, build_tree
from protos.drill.v1.records import Span

MS = 1_000_000


def span(
    span_id: str,
    parent_id: str = "",
    start_ms: int = 0,
    duration_ms: int = 1,
    name: str = "work",
    error: bool = False,
) -> Span:
    """A span with what the layout needs."""
    return Span(
        span_id, parent_id, "billing", name, "internal", start_ms * MS, duration_ms * MS, error, "", {}, ()
    )


@st.composite
def any_spans(draw: st.DrawFn) -> list[Span]:
    """Spans as bad as they come: circles, missing parents, ids twice, negative durations, clocks that differ."""
    ids = [f"s{number}" for number in range(draw(st.integers(0, 14)))]
    chosen = st.sampled_from(ids) if ids else st.just("gone")
    found = []
    for _ in range(draw(st.integers(0, 30))):
        parent = draw(st.one_of(st.just(""), st.just("gone"), chosen))
        start, duration = draw(st.integers(-50, 200)), draw(st.integers(-20, 300))
        found.append(span(draw(chosen), parent, start, duration, draw(st.sampled_from(["a", "b"]))))
    return found


@given(any_spans())
def test_that_every_span_stands_in_the_tree_exactly_once(spans: list[Span]) -> None:
    tree = build_tree(spans)
    assert sorted(one.span_id for one in tree.spans) == sorted({one.span_id for one in spans})
    reached: list[int] = []
    waiting = list(tree.roots)
    while waiting:
        place = waiting.pop()
        reached.append(place)
        waiting.extend(tree.children[place])
    assert sorted(reached) == list(range(len(tree)))


@given(any_spans())
def test_that_parents_stand_above_their_children_and_no_time_is_negative(spans: list[Span]) -> None:
    tree = build_tree(spans)
    for place, parent in enumerate(tree.parent):
        assert parent < place
        assert tree.depth[place] == (0 if parent == NO_PARENT else tree.depth[parent] + 1)
        assert 0 <= tree.start_ns[place] <= tree.end_ns[place] <= tree.length_ns


@given(any_spans())
def test_that_own_times_on_the_critical_path_add_up_to_the_request(spans: list[Span]) -> None:
    tree = build_tree(spans)
    path = critical_path(tree)
    assert sum(path.own_ns.values()) == path.length_ns
    for place, (low, high) in path.stretches.items():
        assert tree.start_ns[place] <= low <= high <= tree.end_ns[place]
        assert 0 <= path.own_ns[place] <= high - low
        assert tree.parent[place] in path.stretches or place == tree.main_root


@given(any_spans())
def test_that_self_time_lies_between_nothing_and_the_duration(spans: list[Span]) -> None:
    tree = build_tree(spans)
    for place in range(len(tree)):
        assert 0 <= self_ns(tree, place) <= tree.end_ns[place] - tree.start_ns[place]


@given(any_spans(), st.data())
@settings(deadline=None)
def test_that_rows_and_folds_together_hold_every_span_that_nothing_hides(
    spans: list[Span], data: st.DataObject
) -> None:
    tree = build_tree(spans)
    folds = find_folds(tree, lambda place: tree.spans[place].name)
    folding = Folding()
    for _ in range(data.draw(st.integers(0, 6))):
        rows = visible_rows(tree, folds, folding)
        if rows:
            folding = folding.toggled(data.draw(st.sampled_from(rows)))
    rows = visible_rows(tree, folds, folding)
    shown = [row.place for row in rows if not row.is_fold]
    assert len(shown) == len(set(shown))
    for row in rows:
        assert not row.is_fold or len(row.members) >= FOLD_FROM
        assert len(row.guides) == row.depth
    hidden = {member for row in rows if row.is_fold and not row.is_open for member in row.members}
    hidden |= {row.place for row in rows if row.is_open is False and not row.is_fold}
    for place in range(len(tree)):
        above = set(tree.ancestors(place))
        assert (place in shown) != bool(above & hidden or (place in hidden and place not in shown))


@given(any_spans(), st.data())
def test_that_revealing_a_span_makes_it_visible(spans: list[Span], data: st.DataObject) -> None:
    tree = build_tree(spans)
    if not len(tree):
        return
    folds = find_folds(tree, lambda place: tree.spans[place].name)
    closed = data.draw(st.frozensets(st.integers(0, len(tree) - 1)))
    place = data.draw(st.integers(0, len(tree) - 1))
    folding = Folding(closed).revealing(tree, folds, place)
    assert place in {row.place for row in visible_rows(tree, folds, folding) if not row.is_fold}


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


def test_that_a_circle_of_parents_is_opened_at_its_earliest_span() -> None:
    tree = build_tree([span("a", "c", 20), span("b", "a", 10), span("c", "b", 30)])
    assert [one.span_id for one in tree.spans] == ["b", "c", "a"]
    assert tree.detached == {0}


def test_that_a_span_that_is_its_own_parent_is_a_root() -> None:
    tree = build_tree([span("a", "a")])
    assert tree.roots == (0,)
    assert tree.detached == {0}


def test_that_of_two_spans_with_one_id_the_first_counts() -> None:
    tree = build_tree([span("a", duration_ms=5), span("a", duration_ms=9)])
    assert [one.duration_ns for one in tree.spans] == [5 * MS]


def test_that_the_path_follows_what_ended_last_and_leaves_out_what_ran_beside_it() -> None:
    tree = build_tree(
        [
            span("root", "", 0, 100),
            span("first", "root", 10, 20),
            span("beside", "root", 12, 10),
            span("last", "root", 40, 50),
        ]
    )
    path = critical_path(tree)
    names = {tree.spans[place].span_id: own // MS for place, own in path.own_ns.items()}
    assert names == {"root": 30, "first": 20, "last": 50}
    assert heaviest(tree, path, {place: tree.spans[place].span_id for place in range(4)}) == ("last", 50 * MS)


def test_that_a_child_that_outlives_its_parent_counts_up_to_the_parents_end() -> None:
    tree = build_tree([span("root", "", 0, 100), span("late", "root", 80, 100)])
    path = critical_path(tree)
    assert path.stretches[1] == (80 * MS, 100 * MS)


def test_that_five_alike_siblings_fold_and_four_do_not() -> None:
    def rows(count: int) -> list[tuple[int, bool]]:
        spans = [span("root", "", 0, 100), *(span(f"s{n}", "root", n, 1, "SELECT") for n in range(count))]
        tree = build_tree([*spans, span("other", "root", 2, 1, "INSERT")])
        folds = find_folds(tree, lambda place: tree.spans[place].name)
        return [(len(row.members), row.is_fold) for row in visible_rows(tree, folds)]

    assert rows(4) == [(0, False)] * 6
    assert rows(5) == [(0, False), (5, True), (0, False)]


def test_that_zooming_keeps_the_moment_under_the_pointer() -> None:
    view = whole_view(1000 * MS).zoomed(0.5, 400 * MS)
    assert round(view.x_of(400 * MS, 0, 1000)) == 400
    assert view.showing(100 * MS, 200 * MS) == TimeView(1000 * MS, 87.5 * MS, 212.5 * MS)
