"""What people may do, and how they are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.drill import acts
from engine.drill import events as e
from engine.drill.errors import DrillError, Refusal
from engine.drill.state import AlertState, DrillClock, DrillState, ScenarioState
from engine.packs.agendas import read_agenda

AGENDA = read_agenda()
KNOWN = frozenset({"p"})


def test_that_ending_goes_through_the_whole_agenda_and_then_ends() -> None:
    state, seen = DrillState(), []
    for _ in AGENDA.segments:
        event = acts.end_phase(AGENDA, state)
        assert isinstance(event, e.PhaseStarted)
        seen.append(event.phase)
        state = DrillState(clock=DrillClock(phase=event.phase))
    assert seen == [segment.id for segment in AGENDA.segments]
    assert acts.end_phase(AGENDA, state) == e.WorkshopEnded()


def test_that_the_agenda_takes_180_minutes() -> None:
    assert sum(segment.minutes for segment in AGENDA.segments) == 180


def test_that_an_unknown_segment_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(DrillError, match="phase-1") as refused:
        acts.start_phase(AGENDA, DrillState(), "nonsense")
    assert refused.value.refusal is Refusal.NOT_FOUND


def test_that_a_held_clock_cannot_be_held_again() -> None:
    with pytest.raises(DrillError):
        acts.hold_clock(DrillState(clock=DrillClock(held=True)))
    with pytest.raises(DrillError):
        acts.release_clock(DrillState())


@pytest.mark.parametrize("minutes", [0, 121, -500])
def test_that_an_odd_extension_is_refused(minutes: int) -> None:
    with pytest.raises(DrillError):
        acts.extend_phase(DrillState(clock=DrillClock(phase="phase-1")), minutes)


def test_that_a_running_scenario_is_not_triggered_twice() -> None:
    running = DrillState(scenarios={"p": ScenarioState("p", running=True)})
    with pytest.raises(DrillError):
        acts.trigger(running, "p", KNOWN)
    with pytest.raises(DrillError):
        acts.stop(DrillState(), "p", KNOWN)
    with pytest.raises(DrillError):
        acts.trigger(DrillState(), "other", KNOWN)


def test_that_an_alert_is_acknowledged_once_and_only_while_it_fires() -> None:
    fired = e.AlertFired("a", "A", "", "warning", "billing")
    assert acts.acknowledge(DrillState(alerts=(AlertState(fired, 1),)), "a") == e.AlertAcknowledged("a")
    with pytest.raises(DrillError, match="Ines"):
        acts.acknowledge(DrillState(alerts=(AlertState(fired, 1, acknowledged_by="Ines"),)), "a")
    with pytest.raises(DrillError):
        acts.acknowledge(DrillState(alerts=(AlertState(fired, 1, resolved_ns=2),)), "a")


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 501])
def test_that_a_mark_needs_a_few_words(text: str) -> None:
    with pytest.raises(DrillError):
        acts.mark(text, 1)


RULE = e.AlertRuleSaved("r1", "Slow checkout", "client.latency.p95_ms", ">", 400.0, 10.0, "warning")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": "  "}, "name"),
        ({"title": "x" * 81}, "80 characters"),
        ({"op": "=="}, "compares by"),
        ({"value": float("nan")}, "number"),
        ({"for_s": -1.0}, "3600 seconds"),
        ({"for_s": 3601.0}, "3600 seconds"),
        ({"severity": "info"}, "warning or critical"),
    ],
)
def test_that_a_rule_that_nobody_can_use_is_refused_in_words(change: dict[str, Any], words: str) -> None:
    with pytest.raises(DrillError, match=words):
        acts.save_rule(DrillState(), replace(RULE, **change))


def test_that_a_rule_is_saved_changed_and_removed() -> None:
    assert acts.save_rule(DrillState(), replace(RULE, title=" Slow   checkout ")) == RULE
    state = DrillState(rules={"r1": RULE})
    assert acts.save_rule(state, replace(RULE, value=500.0)) == replace(RULE, value=500.0)
    assert acts.remove_rule(state, "r1") == e.AlertRuleRemoved("r1")
    with pytest.raises(DrillError, match="no such alert rule"):
        acts.remove_rule(DrillState(), "r1")


def test_that_there_is_an_end_to_new_rules_but_not_to_changes() -> None:
    state = DrillState(rules={str(n): replace(RULE, rule=str(n)) for n in range(acts.MOST_RULES)})
    with pytest.raises(DrillError, match="remove one"):
        acts.save_rule(state, RULE)
    assert acts.save_rule(state, replace(RULE, rule="3")) == replace(RULE, rule="3")
