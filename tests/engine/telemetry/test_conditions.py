"""Conditions on series: held for their time, tolerant of late exports, silent without data."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.packs.records import Condition
from engine.telemetry.conditions import ConditionWatch, evaluate
from engine.telemetry.series import SeriesStore

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


def test_that_a_watch_tells_each_change_once_and_keeps_its_mind_without_data() -> None:
    watch = ConditionWatch({"drift": Condition("drift", ">", 0, 2)})
    store = _store([0.0, 1.0, 1.0])
    (began,) = watch.update(store, NOW_S)
    assert (began.name, began.held, began.value) == ("drift", True, 1.0)
    assert watch.update(store, NOW_S) == ()
    assert watch.update(store, NOW_S + 60) == ()
    assert watch.held == {"drift"}
    store.add("drift", NOW_S + 61, 0.0)
    (ended,) = watch.update(store, NOW_S + 61)
    assert not ended.held
