"""The drill as a fold over its log. What is shown, scored or reported comes from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from engine.drill import events as e
from engine.drill.agenda import MINUTE_MS, Agenda


@dataclass(frozen=True, slots=True)
class DrillClock:
    """Drill time: it began at 0 with the first segment and stands while held."""

    running: bool = False
    held: bool = False
    at_wall_ns: int = 0
    at_drill_ms: int = 0
    phase: str = ""
    phase_started_ms: int = 0
    phase_extra_ms: int = 0
    three_am_ms: int | None = None
    """drill time at which the segment of 3 a.m. really started"""
    ended: bool = False

    def drill_ms(self, wall_ns: int) -> int:
        """Drill time at that wall time."""
        if not self.running or self.held:
            return self.at_drill_ms
        return self.at_drill_ms + max(0, wall_ns - self.at_wall_ns) // 1_000_000


@dataclass(frozen=True, slots=True)
class ScenarioState:
    """An incident of the run, in drill milliseconds."""

    pack: str
    running: bool = False
    triggered_ms: int | None = None
    triggered_wall_ns: int = 0
    symptom_ms: int | None = None
    symptom_wall_ns: int = 0
    measured: str = ""


@dataclass(frozen=True, slots=True)
class ChaosState:
    """A chaos action as it went; `ended_ns` is None while it is on, `observed` while its effect is looked for."""

    started: e.ChaosStarted
    started_ns: int
    observed: e.ChaosObserved | None = None
    ended_ns: int | None = None
    how: str = ""


@dataclass(frozen=True, slots=True)
class StressState:
    """A live stress test; `measured` is empty while it runs."""

    scenario: str
    started_ns: int
    seconds: float
    measured: str = ""


@dataclass(frozen=True, slots=True)
class AlertState:
    """An alert that fired. `resolved_ns` is None while it is open."""

    fired: e.AlertFired
    fired_ns: int
    resolved_ns: int | None = None
    acknowledged_by: str = ""


@dataclass(frozen=True, slots=True)
class DeployState:
    """A commit that was deployed or failed to start."""

    commit: str
    title: str
    services: tuple[str, ...]
    wall_ns: int
    failure: e.DeployFailed | None = None


@dataclass(frozen=True, slots=True)
class VerificationState:
    """A judgement: asked for, cancelled or finished."""

    id: str
    commit: str
    scenario: str
    """its codename"""
    requested_ns: int
    cancelled: bool = False
    finished: e.VerificationFinished | None = None
    finished_ns: int = 0


@dataclass(frozen=True, slots=True)
class DrillState:
    """All that the log says. Replaced, never changed in place."""

    sequence: int = 0
    opened: e.RunOpened | None = None
    opened_ns: int = 0
    closed: bool = False
    clock: DrillClock = DrillClock()
    scenarios: Mapping[str, ScenarioState] = field(default_factory=dict)
    chaos: Mapping[str, ChaosState] = field(default_factory=dict)
    stress: tuple[StressState, ...] = ()
    alerts: tuple[AlertState, ...] = ()
    rules: Mapping[str, e.AlertRuleSaved] = field(default_factory=dict)
    """alert rules of people's own, by id"""
    deploys: tuple[DeployState, ...] = ()
    proposals: Mapping[str, e.FixProposed] = field(default_factory=dict)
    marks: tuple[tuple[str, str, int], ...] = ()
    """text, actor, wall time in ns"""
    hints: tuple[e.HintReleased, ...] = ()
    verifications: Mapping[str, VerificationState] = field(default_factory=dict)
    failed_services: Mapping[str, str] = field(default_factory=dict)

    @property
    def deployed_commit(self) -> str | None:
        """The commit that should run now; None while the original source runs."""
        return next((deploy.commit for deploy in reversed(self.deploys) if deploy.failure is None), None)

    @property
    def open_alerts(self) -> frozenset[str]:
        """Ids of alerts that fire now."""
        return frozenset(alert.fired.alert for alert in self.alerts if alert.resolved_ns is None)


def fold(agenda: Agenda, log: tuple[e.Recorded, ...]) -> DrillState:
    """The state after a whole log."""
    state = DrillState()
    for recorded in log:
        state = apply(agenda, state, recorded)
    return state


def apply(agenda: Agenda, state: DrillState, recorded: e.Recorded) -> DrillState:
    """The state after one more event."""
    state = replace(state, sequence=recorded.sequence)
    event = recorded.event
    match event:
        case e.RunOpened():
            return replace(state, opened=event, opened_ns=recorded.wall_ns)
        case e.RunResumed() | e.RunClosed() | e.PhaseStarted() | e.WorkshopEnded() | e.PhaseExtended():
            return _apply_clock(agenda, state, recorded)
        case e.ClockHeld() | e.ClockReleased():
            return _apply_clock(agenda, state, recorded)
        case e.ScenarioTriggered() | e.ScenarioStopped() | e.SymptomConfirmed():
            return _apply_scenario(state, recorded, event)
        case e.ChaosStarted() | e.ChaosObserved() | e.ChaosEnded():
            return _apply_chaos(state, recorded, event)
        case e.StressStarted():
            started = StressState(event.scenario, recorded.wall_ns, event.seconds)
            return replace(state, stress=(*state.stress, started))
        case e.StressFinished():
            return replace(state, stress=tuple(_finished(one, event) for one in state.stress))
        case e.AlertFired():
            return replace(state, alerts=(*state.alerts, AlertState(event, recorded.wall_ns)))
        case e.AlertResolved():
            return _change_alert(state, event.alert, resolved_ns=recorded.wall_ns)
        case e.AlertAcknowledged():
            return _change_alert(state, event.alert, acknowledged_by=recorded.actor)
        case e.AlertRuleSaved():
            return replace(state, rules={**state.rules, event.rule: event})
        case e.AlertRuleRemoved():
            rules = {name: rule for name, rule in state.rules.items() if name != event.rule}
            return replace(state, rules=rules)
        case e.HintReleased():
            return replace(state, hints=(*state.hints, event))
        case e.MomentMarked():
            return replace(state, marks=(*state.marks, (event.text, recorded.actor, event.at_ns)))
        case e.ServiceFailed():
            return replace(state, failed_services={**state.failed_services, event.service: event.problem})
        case e.ServiceRecovered():
            rest = {name: why for name, why in state.failed_services.items() if name != event.service}
            return replace(state, failed_services=rest)
        case e.FixProposed():
            return replace(state, proposals={**state.proposals, event.commit: event})
        case e.FixDeployed() | e.DeployFailed():
            return _apply_deploy(state, recorded, event)
        case e.VerificationRequested() | e.VerificationCancelled() | e.VerificationFinished():
            return _apply_verification(state, recorded, event)
        case e.ReportWritten():
            return state
        case _ as unreachable:
            assert_never(unreachable)


def _apply_clock(agenda: Agenda, state: DrillState, recorded: e.Recorded) -> DrillState:
    event, clock = recorded.event, state.clock
    clock = replace(clock, at_drill_ms=clock.drill_ms(recorded.wall_ns), at_wall_ns=recorded.wall_ns)
    match event:
        case e.RunClosed():
            return replace(state, closed=True, clock=replace(clock, running=False))
        case e.RunResumed():
            going = bool(clock.phase) and not clock.ended
            return replace(state, closed=False, clock=replace(clock, running=going))
        case e.PhaseStarted():
            clock = replace(
                clock, running=True, phase=event.phase, phase_started_ms=clock.at_drill_ms, phase_extra_ms=0
            )
            if event.phase == agenda.three_am and clock.three_am_ms is None:
                clock = replace(clock, three_am_ms=clock.at_drill_ms)
        case e.WorkshopEnded():
            clock = replace(clock, running=False, ended=True)
        case e.PhaseExtended():
            clock = replace(clock, phase_extra_ms=clock.phase_extra_ms + event.minutes * MINUTE_MS)
        case e.ClockHeld():
            clock = replace(clock, held=True)
        case e.ClockReleased():
            clock = replace(clock, held=False)
    return replace(state, clock=clock)


def _apply_scenario(
    state: DrillState,
    recorded: e.Recorded,
    event: e.ScenarioTriggered | e.ScenarioStopped | e.SymptomConfirmed,
) -> DrillState:
    scenario = state.scenarios.get(event.pack, ScenarioState(event.pack))
    match event:
        case e.ScenarioTriggered():
            scenario = ScenarioState(event.pack, True, recorded.drill_ms, recorded.wall_ns)
        case e.ScenarioStopped():
            scenario = replace(scenario, running=False)
        case e.SymptomConfirmed():
            scenario = replace(
                scenario,
                symptom_ms=recorded.drill_ms,
                symptom_wall_ns=recorded.wall_ns,
                measured=event.measured,
            )
    return replace(state, scenarios={**state.scenarios, event.pack: scenario})


def _apply_chaos(
    state: DrillState, recorded: e.Recorded, event: e.ChaosStarted | e.ChaosObserved | e.ChaosEnded
) -> DrillState:
    match event:
        case e.ChaosStarted():
            changed = ChaosState(event, recorded.wall_ns)
        case e.ChaosObserved():
            changed = replace(state.chaos[event.chaos], observed=event)
        case e.ChaosEnded():
            changed = replace(state.chaos[event.chaos], ended_ns=recorded.wall_ns, how=event.how)
    return replace(state, chaos={**state.chaos, event.chaos: changed})


def _finished(stress: StressState, event: e.StressFinished) -> StressState:
    is_meant = stress.scenario == event.scenario and not stress.measured
    return replace(stress, measured=event.measured) if is_meant else stress


def _change_alert(state: DrillState, alert_id: str, **changes: Any) -> DrillState:
    alerts = tuple(
        replace(alert, **changes) if alert.fired.alert == alert_id and alert.resolved_ns is None else alert
        for alert in state.alerts
    )
    return replace(state, alerts=alerts)


def _apply_deploy(
    state: DrillState, recorded: e.Recorded, event: e.FixDeployed | e.DeployFailed
) -> DrillState:
    proposal = state.proposals.get(event.commit)
    title = proposal.title if proposal else event.commit[:8]
    if isinstance(event, e.DeployFailed):
        deploy = DeployState(event.commit, title, (event.service,), recorded.wall_ns, event)
    else:
        deploy = DeployState(event.commit, title, event.services, recorded.wall_ns)
    return replace(state, deploys=(*state.deploys, deploy))


def _apply_verification(
    state: DrillState,
    recorded: e.Recorded,
    event: e.VerificationRequested | e.VerificationCancelled | e.VerificationFinished,
) -> DrillState:
    match event:
        case e.VerificationRequested():
            changed = VerificationState(event.verification, event.commit, event.scenario, recorded.wall_ns)
        case e.VerificationCancelled():
            changed = replace(state.verifications[event.verification], cancelled=True)
        case e.VerificationFinished():
            changed = replace(
                state.verifications[event.verification], finished=event, finished_ns=recorded.wall_ns
            )
    return replace(state, verifications={**state.verifications, event.verification: changed})
