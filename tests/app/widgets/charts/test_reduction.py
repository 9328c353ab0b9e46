"""Fewer points for the same picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.widgets.charts.reduction import (
    Reduction,
    bucket_means,
    finite_runs,
    min_max,
    round_up_step,
    steady_bucket,
    value_at,
    visible_slice,
    with_gaps,
)

values = arrays(np.float64, st.integers(1, 300), elements=st.floats(-1e6, 1e6))
START = 1_800_000_000.0


@given(y=values, bucket=st.sampled_from([2.0, 5.0, 60.0]))
def test_that_no_spike_is_lost(y: np.ndarray, bucket: float) -> None:
    x = START + np.arange(len(y), dtype=float)
    some_x, some_y = min_max(x, y, bucket)
    assert some_y.max() == y.max()
    assert some_y.min() == y.min()
    assert len(some_x) <= 2 * (len(y) / bucket + 2)
    assert (np.diff(some_x) > 0).all()


def test_that_buckets_stay_where_they_are_when_time_moves_on() -> None:
    random = np.random.default_rng(1)
    x = START + np.arange(500, dtype=float)
    y = random.normal(size=500)
    one, _ = min_max(x[:400], y[:400], 7.0)
    other, _ = min_max(x[50:], y[50:], 7.0)
    common = np.intersect1d(one, other)
    assert len(common) >= 90


def test_that_a_bucket_without_values_stays_a_gap() -> None:
    x = np.arange(9, dtype=float)
    y = np.array([1.0, 2, 3, np.nan, np.nan, np.nan, 4, 5, 6])
    _, some = min_max(x, y, 3.0)
    assert np.isnan(some).tolist() == [False, False, True, True, False, False]


@given(
    grows=st.lists(st.tuples(st.integers(1, 40), st.integers(0, 30), st.integers(0, 60)), max_size=12),
    bucket=st.sampled_from([0.5, 2.0, 7.0]),
)
def test_that_a_kept_reduction_is_that_of_all_samples(
    grows: list[tuple[int, int, int]], bucket: float
) -> None:
    """It grows, misses samples and loses its oldest ones; only the first bucket may know more than is left."""
    random = np.random.default_rng(len(grows))
    x, y, reduction = np.arange(50.0), random.normal(size=50), Reduction()
    for more, missing, lost in grows:
        x = np.concatenate((x, x[-1] + 1 + missing + np.arange(more)))[lost:]
        y = np.concatenate((y, np.where(random.random(more) < 0.1, np.nan, random.normal(size=more))))[lost:]
        if not len(x):
            return
        some_x, some_y = reduction.of(x, y, bucket)
        all_x, all_y = min_max(x, y, bucket)
        np.testing.assert_array_equal(some_x, all_x)
        np.testing.assert_array_equal(some_y[2:], all_y[2:])


def test_that_other_values_are_not_taken_for_the_kept_ones() -> None:
    x, reduction = np.arange(100.0), Reduction()
    reduction.of(x, np.zeros(100), 5.0)
    assert (reduction.of(x, np.ones(100), 5.0)[1] == 1).all()
    assert len(reduction.of(x, np.ones(100), 10.0)[0]) == 20


def test_that_missing_samples_are_a_gap_also_between_buckets() -> None:
    x = np.concatenate((np.arange(20.0), np.arange(60.0, 80.0)))
    _, some = min_max(x, np.ones(40), 5.0)
    assert np.flatnonzero(np.isnan(some)).tolist() == [8]
    assert finite_runs(some) == [(0, 8), (9, 17)]


def test_that_missing_samples_become_a_gap() -> None:
    x = np.concatenate((np.arange(10.0), np.arange(60.0, 70.0)))
    with_x, with_y = with_gaps(x, np.ones(20))
    assert len(with_x) == 21
    assert np.flatnonzero(np.isnan(with_y)).tolist() == [10]
    assert 9 < with_x[10] < 60


def test_that_a_steady_series_has_no_gap() -> None:
    x = np.arange(10.0)
    assert with_gaps(x, x)[0] is x


def test_that_a_visible_slice_reaches_past_both_edges() -> None:
    x = np.arange(100.0)
    part = visible_slice(x, 10.5, 20.5)
    assert (x[part][0], x[part][-1]) == (10, 21)
    assert len(x[visible_slice(x, 200, 300)]) <= 1


@given(y=values)
def test_that_means_keep_the_total(y: np.ndarray) -> None:
    x = START + np.arange(len(y), dtype=float)
    starts, means = bucket_means(x, y, 10.0)
    counts = np.array([((x >= start) & (x < start + 10)).sum() for start in starts])
    assert (means * counts).sum() == pytest.approx(y.sum(), abs=1e-3)


def test_that_unknown_values_do_not_spoil_a_mean() -> None:
    _, means = bucket_means(np.arange(4.0), np.array([1.0, np.nan, 3.0, np.nan]), 10.0)
    assert means.tolist() == [2.0]
    assert len(bucket_means(np.arange(2.0), np.array([np.nan, np.nan]), 10.0)[0]) == 0


def test_that_the_value_at_a_moment_is_the_newest_one_known() -> None:
    x = np.array([0.0, 1, 2, 3, 30, 31])
    y = np.array([10.0, 11, 12, 13, 40, 41])
    assert value_at(x, y, 2.9) == 12
    assert np.isnan(value_at(x, y, -1))
    assert np.isnan(value_at(x, y, 20))
    assert value_at(x, y, 30.5) == 40


def test_that_finite_runs_are_found() -> None:
    assert finite_runs(np.array([np.nan, 1, 2, np.nan, 3])) == [(1, 3), (4, 5)]
    assert finite_runs(np.array([np.nan])) == []


def test_that_steps_are_round() -> None:
    assert [round_up_step(s) for s in (0.01, 1.2, 5.3, 61, 9e9)] == [0.1, 2.0, 10.0, 120.0, 3600.0]


def test_that_buckets_stay_while_a_window_grows_a_little() -> None:
    assert steady_bucket(22.5) == steady_bucket(22.5 + 1e-9) == 22.5
    assert {steady_bucket(2 * (3600 + second) / 960) for second in range(60)} == {7.5, 7.75}
    assert steady_bucket(0.001) == 0.25
