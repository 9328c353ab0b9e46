"""Conditions on series: held for their time, tolerant of late exports, silent without data."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.packs.records import Condition
from engine.telemetry.metrics.conditions import GAP_S, Firing, evaluate, firings
from engine.telemetry.metrics.series import SeriesStore

NOW_S = 1_700_000_100


def _store(values: list[float]) -> SeriesStore:
    store = SeriesStore()
    for index, value in enumerate(values):
        store.add("drift", NOW_S - len(values) + 1 + index, value)
    return store


@given(st.lists(st.integers(0, 10), min_size=1, max_size=40), st.integers(0, 20))
def test_that_it_is_held_exactly_when_the_newest_values_satisfied_it_long_enough(
    values: list[int], for_s: int
) -> None:
    state = evaluate(Condition("drift", ">=", 5, for_s), _store([float(v) for v in values]), NOW_S)
    stretch = next((i for i, v in enumerate(reversed(values)) if v < 5), len(values))
    assert state.held == (stretch >= max(for_s, 1))
    assert state.value == values[-1]
    assert state.since_s == (NOW_S - stretch + 1 if stretch else None)


@pytest.mark.parametrize(("op", "held"), [(">", False), (">=", True), ("<", False), ("<=", True)])
def test_that_each_operator_compares_as_written(op: str, held: bool) -> None:
    assert evaluate(Condition("drift", op, 1, 0), _store([1.0]), NOW_S).held is held


def test_that_a_short_gap_belongs_to_the_stretch_and_a_long_one_ends_it() -> None:
    condition = Condition("drift", ">", 0, 6)
    gap = [math.nan]
    assert evaluate(condition, _store([1.0] * 3 + gap * 2 + [1.0] * 3), NOW_S).held
    assert not evaluate(condition, _store([1.0] * 8 + gap * 20 + [1.0]), NOW_S).held


def test_that_old_values_say_nothing_about_now() -> None:
    state = evaluate(Condition("drift", ">", 0, 1), _store([1.0] * 5 + [math.nan] * 30), NOW_S)
    assert (state.held, state.value) == (False, None)
    assert not evaluate(Condition("unknown", ">", 0, 1), SeriesStore(), NOW_S).held


def test_that_an_unknown_operator_is_refused() -> None:
    with pytest.raises(ValueError, match="none of"):
        evaluate(Condition("drift", "==", 0, 1), SeriesStore(), NOW_S)


@given(
    st.lists(st.one_of(st.integers(0, 3), st.just(math.nan)), min_size=1, max_size=60),
    st.integers(0, 6),
)
@example([2, 2, *[math.nan] * (GAP_S + 1), 2], 2)
def test_that_a_trial_on_the_past_fires_as_the_monitor_would_have(values: list[float], for_s: int) -> None:
    condition = Condition("drift", ">=", 2, for_s)
    start_s = NOW_S - len(values) + 1
    store = _store([])
    is_firing, expected = False, []
    for index, value in enumerate(values):
        second = start_s + index
        if not math.isnan(value):
            store.add("drift", second, value)
        state = evaluate(condition, store, second)
        if state.held and not is_firing:
            is_firing = True
            expected.append([second, None])
        elif is_firing and not state.held and state.value is not None:
            is_firing = False
            expected[-1][1] = second
    # A gap at the end of a stretch lets the monitor's stretch run on: only seconds with values are judged here.
    found = firings(condition, np.array(values, float), start_s)
    assert [[one.from_s, one.to_s] for one in found] == expected


def test_that_a_trial_names_the_first_second_and_the_one_at_which_it_was_over() -> None:
    values = np.array([0, 5, 5, 5, 0, math.nan, 5, 5], float)
    condition = Condition("drift", ">", 1, 2)
    assert firings(condition, values, 100) == (Firing(102, 104), Firing(107, None))
    late = np.concatenate((values, np.full(GAP_S + 1, math.nan), [5.0]))
    assert firings(Condition("drift", ">", 1, 3), late, 100) == (Firing(103, 104),)
