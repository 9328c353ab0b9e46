"""The series store: what goes in comes out, gaps stay gaps, reduction keeps the extremes."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.telemetry.metrics.series import SeriesStore, reduce_points

START_S = 1_700_000_000
VALUES = st.one_of(st.floats(-1e9, 1e9), st.just(math.nan))


@given(st.dictionaries(st.integers(0, 9_000), VALUES, min_size=1, max_size=60))
def test_that_every_value_is_read_back_and_all_else_is_a_gap(points: dict[int, float]) -> None:
    store = SeriesStore()
    for second, value in points.items():
        store.add("x", START_S + second + 0.7, value)
    values = store.values("x", START_S, START_S + 9_001)
    for second in range(9_001):
        expected = points.get(second, math.nan)
        assert values[second] == expected or (math.isnan(expected) and math.isnan(values[second]))


@given(st.lists(VALUES, min_size=1, max_size=3000), st.integers(4, 400))
def test_that_reduction_keeps_lowest_and_highest_within_its_limit(values: list[float], most: int) -> None:
    array = np.array(values)
    at_s, kept = reduce_points(np.arange(len(values), dtype=np.int64), array, most)
    assert len(kept) <= most
    assert (np.diff(at_s) > 0).all()
    assert np.array_equal(kept, array[at_s], equal_nan=True)
    if not np.isnan(array).all():
        assert np.nanmin(kept) == np.nanmin(array)
        assert np.nanmax(kept) == np.nanmax(array)


def test_that_a_reduced_curve_still_shows_a_long_gap() -> None:
    values = np.arange(4000, dtype=float)
    values[1000:2000] = np.nan
    _, kept = reduce_points(np.arange(4000, dtype=np.int64), values, 200)
    assert np.isnan(kept).any()


def test_that_reading_is_cut_to_where_the_series_has_values() -> None:
    store = SeriesStore()
    store.add("x", START_S, 1.0)
    store.add("x", START_S + 2, 3.0)
    found = store.read(["x", "unknown"], 0, 1 << 40)
    assert found["x"].at_s.tolist() == [START_S, START_S + 1, START_S + 2]
    assert found["x"].values[0] == 1.0
    assert math.isnan(found["x"].values[1])
    assert len(found["unknown"].values) == 0


def test_that_a_follower_gets_each_change_once_and_is_told_when_it_missed_some() -> None:
    store = SeriesStore()
    store.add("a", START_S, 1.0)
    cursor = store.changes
    store.add("a", START_S, 2.0)
    store.add("a", START_S, 3.0)
    store.add("b", START_S + 1, 4.0)
    newest, changed, complete = store.changed_since(cursor)
    assert changed == {"a": {START_S: 3.0}, "b": {START_S + 1: 4.0}}
    assert complete
    assert store.changed_since(newest) == (newest, {}, True)
    for second in range(70_000):
        store.add("a", START_S + second, 0.0)
    assert not store.changed_since(newest)[2]


def test_that_series_and_their_time_are_bounded_and_the_rest_is_counted() -> None:
    store = SeriesStore(max_series=2)
    assert store.add("a", START_S, 1.0)
    assert store.add("b", START_S, 1.0)
    assert not store.add("c", START_S, 1.0)
    for day in range(30):
        store.add("a", START_S + day * 86_400 * 30, 1.0)
    for hour in range(24 * 20):
        store.add("b", START_S + hour * 3600, 1.0)
    assert store.dropped_points > 1
    assert store.names() == ("a", "b")
