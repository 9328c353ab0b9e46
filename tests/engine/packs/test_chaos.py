"""The description of every chaos action: names, limits, and where it is seen."""

from __future__ import annotations

import pytest

from engine.lab.actuators.table import ACTUATORS
from engine.lab.proxy.impairments import KINDS
from engine.packs.chaos import (
    ACTIONS,
    ChaosRefused,
    Direction,
    SeenIn,
    action_named,
    checked_duration_s,
    checked_intensity,
    seen_in,
)


def test_that_every_action_is_carried_out_by_exactly_one_part_of_the_lab() -> None:
    assert set(ACTIONS) == set(KINDS) | set(ACTUATORS)
    assert not set(KINDS) & set(ACTUATORS)


def test_that_every_action_can_be_ordered_as_it_stands() -> None:
    for action in ACTIONS.values():
        assert checked_intensity(action, {}) == {field.name: field.default for field in action.intensity}
        assert checked_duration_s(action, None) == action.longest_s
        assert action.seen_in


def test_that_what_is_left_out_gets_its_default() -> None:
    found = checked_intensity(action_named("latency"), {"delay_ms": 5})
    assert found == {"delay_ms": 5.0, "jitter_ms": 0.0, "both_ways": 0.0}


@pytest.mark.parametrize(
    ("action", "given", "words"),
    [
        ("cpu_spike", {"percent": 101.0}, "percent = 101 is out of bounds. Allowed: 5 to 100 % of one core"),
        ("cpu_spike", {"percent": float("nan")}, "is out of bounds"),
        ("cpu_spike", {"percent": True}, "must be a number, not True"),
        ("kill", {"percent": 1.0}, "kill has no intensity 'percent'. It has none."),
    ],
)
def test_that_an_intensity_out_of_bounds_is_refused_in_words(
    action: str, given: dict[str, float], words: str
) -> None:
    with pytest.raises(ChaosRefused) as refused:
        checked_intensity(action_named(action), given)
    assert words in str(refused.value)


@pytest.mark.parametrize("lasts_s", [0.0, -1.0, 120.5, float("inf"), float("nan")])
def test_that_a_duration_out_of_bounds_is_refused(lasts_s: float) -> None:
    with pytest.raises(ChaosRefused, match="more than 0 and up to 120 s"):
        checked_duration_s(action_named("freeze"), lasts_s)


def test_that_an_unknown_action_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ChaosRefused, match="There are: latency, loss"):
        action_named("meteor")


def test_that_the_series_to_watch_have_the_names_of_the_target() -> None:
    edges = ("clients->a", "a->b", "c->b")
    assert seen_in(action_named("latency"), "a->b", edges) == (
        SeenIn("edge.a-to-b.latency_ms", Direction.UP),
    )
    assert [seen.series for seen in seen_in(action_named("loss"), "clients->a", edges)] == [
        "edge.clients-to-a.lost_per_s"
    ]
    assert [seen.series for seen in seen_in(action_named("freeze"), "b", edges)] == [
        "service.b.in_flight",
        "edge.a-to-b.in_flight",
        "edge.c-to-b.in_flight",
        "service.b.requests_per_s",
    ]
    assert [seen.series for seen in seen_in(action_named("cpu_spike"), "", edges)] == ["host.cpu_percent"]
