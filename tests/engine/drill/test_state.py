"""The drill as a fold: clocks, scenarios, alerts, deploys."""

from __future__ import annotations

from engine.drill import events as e
from engine.drill.agenda import MINUTE_MS, Agenda, Segment
from engine.drill.state import DrillState, apply

AGENDA = Agenda(
    "short",
    "Short",
    (Segment("hello", "Hello", 10, "", ""), Segment("dark", "Dark room", 45, "", "")),
    "dark",
)
START_NS = 1_700_000_000_000_000_000
SECOND_NS = 1_000_000_000


def play(*steps: tuple[float, e.Event]) -> DrillState:
    """The state after events at the given seconds."""
    state = DrillState()
    for number, (at_s, event) in enumerate(steps, start=1):
        wall_ns = START_NS + round(at_s * SECOND_NS)
        drill_ms = state.clock.drill_ms(wall_ns)
        state = apply(AGENDA, state, e.Recorded(number, wall_ns, drill_ms, "lead", "facilitator", event))
    return state


def drill_s(state: DrillState, at_s: float) -> float:
    """Drill seconds at that second."""
    return state.clock.drill_ms(START_NS + round(at_s * SECOND_NS)) / 1000


def test_that_the_clock_stands_before_the_first_segment() -> None:
    state = play((0, e.RunOpened(("p",), 1, "short", "0", 2)))
    assert drill_s(state, 100) == 0


def test_that_the_clock_runs_from_the_first_segment_and_stands_while_held() -> None:
    state = play((0, e.PhaseStarted("hello")), (10, e.ClockHeld()), (70, e.ClockReleased()))
    assert drill_s(state, 75) == 15


def test_that_three_am_is_when_its_segment_really_started() -> None:
    state = play((0, e.PhaseStarted("hello")), (300, e.PhaseStarted("dark")))
    assert state.clock.three_am_ms == 300_000


def test_that_a_second_start_of_the_dark_room_does_not_move_three_am() -> None:
    state = play((0, e.PhaseStarted("dark")), (60, e.PhaseStarted("hello")), (90, e.PhaseStarted("dark")))
    assert state.clock.three_am_ms == 0


def test_that_an_extension_belongs_to_its_own_segment() -> None:
    state = play((0, e.PhaseStarted("hello")), (5, e.PhaseExtended(5)))
    assert state.clock.phase_extra_ms == 5 * MINUTE_MS
    assert (
        play(
            (0, e.PhaseStarted("hello")), (5, e.PhaseExtended(5)), (9, e.PhaseStarted("dark"))
        ).clock.phase_extra_ms
        == 0
    )


def test_that_the_clock_stands_while_a_run_is_closed_and_runs_through_a_crash() -> None:
    closed = play((0, e.PhaseStarted("hello")), (10, e.RunClosed()), (500, e.RunResumed(after_crash=False)))
    crashed = play((0, e.PhaseStarted("hello")), (500, e.RunResumed(after_crash=True)))
    assert drill_s(closed, 505) == 15
    assert drill_s(crashed, 505) == 505


def test_that_a_resumed_run_that_was_held_stays_held() -> None:
    state = play(
        (0, e.PhaseStarted("hello")),
        (10, e.ClockHeld()),
        (20, e.RunClosed()),
        (30, e.RunResumed(after_crash=False)),
    )
    assert drill_s(state, 100) == 10


def test_that_an_alert_can_fire_again_after_it_was_resolved() -> None:
    fired = e.AlertFired("drift", "Drift", "", "critical", "billing")
    state = play((0, fired), (1, e.AlertResolved("drift")), (2, fired), (3, e.AlertAcknowledged("drift")))
    assert [alert.resolved_ns is None for alert in state.alerts] == [False, True]
    assert [alert.acknowledged_by for alert in state.alerts] == ["", "lead"]
    assert state.open_alerts == {"drift"}


def test_that_a_failed_deploy_does_not_change_what_should_run() -> None:
    state = play(
        (0, e.FixDeployed("aaa", ("billing",))),
        (1, e.DeployFailed("bbb", "billing", "It did not start.", "Traceback", "billing/app.py", 3)),
    )
    assert state.deployed_commit == "aaa"


def test_that_a_new_trigger_waits_for_its_own_symptom() -> None:
    state = play(
        (0, e.PhaseStarted("dark")),
        (1, e.ScenarioTriggered("p")),
        (4, e.SymptomConfirmed("p", "1 cent")),
        (9, e.ScenarioStopped("p")),
        (20, e.ScenarioTriggered("p")),
    )
    assert state.scenarios["p"].running
    assert state.scenarios["p"].symptom_ms is None
    assert state.scenarios["p"].triggered_ms == 20_000
