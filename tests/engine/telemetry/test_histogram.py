"""Latency histograms: within half a percent of the exact percentile, and merging is adding."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.telemetry.memory.histogram import BUCKETS, SPARSE, buckets_of, merged, percentiles_ms
from engine.telemetry.records import Int64

DURATIONS_US = st.lists(st.integers(1, 4_000_000_000), min_size=1, max_size=300)


def _counts(durations: list[int]) -> Int64:
    return np.bincount(buckets_of(np.array(durations, np.uint32)), minlength=BUCKETS)


@given(DURATIONS_US, st.floats(0.1, 100))
def test_that_a_percentile_is_within_half_a_percent_of_the_exact_one(durations: list[int], p: float) -> None:
    exact = sorted(durations)[max(1, math.ceil(p / 100 * len(durations) - 1e-9)) - 1] / 1000
    (found,) = percentiles_ms(_counts(durations), [p])
    assert abs(found - exact) <= 0.005 * exact + 1e-9


@given(DURATIONS_US, DURATIONS_US)
def test_that_merging_is_the_same_as_having_counted_together(first: list[int], second: list[int]) -> None:
    sparse = []
    for durations in (first, second):
        counts = _counts(durations)
        rows = np.zeros(np.count_nonzero(counts), SPARSE)
        rows["bucket"], rows["count"] = np.flatnonzero(counts), counts[counts > 0]
        sparse.append(rows)
    assert np.array_equal(merged(sparse), _counts(first + second))


def test_that_an_empty_histogram_has_no_percentile() -> None:
    assert all(math.isnan(value) for value in percentiles_ms(merged([]), (50, 99)))


def test_that_no_time_and_endless_time_have_buckets() -> None:
    assert buckets_of(np.array([0, 4_294_967_295], np.uint32)).tolist()[0] == 0
    assert buckets_of(np.array([1e30])).tolist() == [BUCKETS - 1]
