"""Scales, ticks, gaps and columns."""

from __future__ import annotations

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from engine.reports.axis import Scale, columns, runs, time_ticks, value_range, value_ticks

FINITE = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


@given(st.lists(FINITE, min_size=1, max_size=30), st.one_of(st.none(), st.floats(0, 1e9)))
def test_that_every_value_lies_within_the_range_and_the_ticks_are_few(
    values: list[float], limit: float | None
) -> None:
    assume(max(map(abs, values)) == 0 or max(map(abs, values)) > 1e-6)
    low, high = value_range(values, limit)
    assert low <= min(values)
    assert max(values) <= high
    ticks = value_ticks(low, high)
    assert 2 <= len(ticks) <= 7
    assert all(low - (high - low) * 1e-6 <= tick <= high + (high - low) * 1e-6 for tick in ticks)


def test_that_a_limit_far_above_the_data_does_not_press_the_curve_flat() -> None:
    assert value_range([10.0, 50.0], 2000.0)[1] < 60
    assert value_range([10.0, 50.0], 180.0)[1] > 180


def test_that_time_ticks_stand_on_round_clock_readings() -> None:
    ticks, step = time_ticks(0, 3300, zero_s=2 * 3600 + 55 * 60, most=9)
    assert step == 600
    assert [(tick + 2 * 3600 + 55 * 60) % 600 for tick in ticks] == [0] * len(ticks)
    assert len(ticks) <= 9


def test_that_a_gap_parts_a_curve_and_a_lone_point_survives() -> None:
    nan = math.nan
    assert runs([0, 1, 2, 3, 4, 5], [1, 2, nan, 3, nan, 4]) == [[(0, 1), (1, 2)], [(3, 3)], [(5, 4)]]
    assert runs([0, 1], [nan, math.inf]) == []


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=400))
def test_that_columns_keep_the_highest_and_the_lowest_value(values: list[float]) -> None:
    points = [(index * 0.1, value) for index, value in enumerate(values)]
    found = columns(points, 1.6)
    assert max(column.high for column in found) == max(values)
    assert min(column.low for column in found) == min(values)
    assert len(found) <= len(values) * 0.1 / 1.6 + 2


def test_that_a_scale_may_fall() -> None:
    assert Scale(0, 10, 100, 0).at(2.5) == 75
