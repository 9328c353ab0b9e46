"""Every event in a sentence, as the facilitator reads it: names of things, never their ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.control.chaos_words import target_text
from app.theme import Status
from app.time_axis import THIN
from protos.drill.v1.records import Event, Snapshot

Words = tuple[Status, str]
Fields = Mapping[str, Any]
_ALERTS = {"critical": Status.CRITICAL, "warning": Status.WARNING}


def told(event: Event, snapshot: Snapshot) -> Words:
    """Status and sentence of an event; a kind without a sentence of its own is shown by its name."""
    if event.kind in _NAMED:
        return _NAMED[event.kind](event.fields, snapshot)
    status, template = _PLAIN.get(event.kind, (Status.IDLE, event.kind))
    return status, template.format(**event.fields)


_PLAIN: Mapping[str, Words] = {
    "RunResumed": (Status.INFO, "Engine went on with the run"),
    "RunClosed": (Status.IDLE, "Run closed"),
    "WorkshopEnded": (Status.INFO, "Workshop ended"),
    "PhaseExtended": (Status.INFO, "Segment extended by {minutes} min"),
    "ClockHeld": (Status.IDLE, "Clock held"),
    "ClockReleased": (Status.IDLE, "Clock released"),
    "HintReleased": (Status.INFO, "Hint released: {text}"),
    "MomentMarked": (Status.INFO, "Marked: {text}"),
    "ServiceFailed": (Status.WARNING, "{problem}"),
    "ServiceRecovered": (Status.OK, "{service} runs again"),
    "FixProposed": (Status.INFO, "Proposed: {title}"),
    "FixDeployed": (Status.INFO, "Deployed {commit:.8}"),
    "DeployFailed": (Status.WARNING, "{service} did not start with {commit:.8}"),
    "VerificationCancelled": (Status.IDLE, "Verification cancelled"),
    "ReportWritten": (Status.OK, "Report written"),
}


def _opened(fields: Fields, snapshot: Snapshot) -> Words:
    level = fields.get("level")
    at = f", level {level}" if level else ""
    return Status.IDLE, f"Run opened with seed {fields['seed']}{at}"


def _phase(fields: Fields, snapshot: Snapshot) -> Words:
    names = {segment.id: segment.name for segment in snapshot.agenda}
    return Status.INFO, f"Segment started: {names.get(fields['phase'], fields['phase'])}"


def _triggered(fields: Fields, snapshot: Snapshot) -> Words:
    return Status.CRITICAL, f"Incident triggered: {_scenario(fields['pack'], snapshot)}"


def _stopped(fields: Fields, snapshot: Snapshot) -> Words:
    return Status.IDLE, f"Incident stopped: {_scenario(fields['pack'], snapshot)}"


def _symptom(fields: Fields, snapshot: Snapshot) -> Words:
    return Status.CRITICAL, f"Symptom of {_scenario(fields['pack'], snapshot)}: {fields['measured']}"


def _chaos_started(fields: Fields, snapshot: Snapshot) -> Words:
    status = Status.HERRING if fields["herring"] else Status.INFO
    kind = "Red herring" if fields["herring"] else "Chaos"
    return status, f"{kind}: {fields['title']}, {target_text(fields['target'])}"


def _chaos_observed(fields: Fields, snapshot: Snapshot) -> Words:
    status = Status.INFO if fields["visible"] else Status.IDLE
    return status, f"{_chaos(fields['chaos'], snapshot)}: {fields['effect']}"


def _chaos_ended(fields: Fields, snapshot: Snapshot) -> Words:
    return Status.IDLE, f"{_chaos(fields['chaos'], snapshot)} is off: {fields['how']}"


def _stress_started(fields: Fields, snapshot: Snapshot) -> Words:
    seconds = f"{fields['seconds']:.0f}{THIN}s"
    return Status.INFO, f"Stress test of {_scenario(fields['scenario'], snapshot)} for {seconds}"


def _stress_finished(fields: Fields, snapshot: Snapshot) -> Words:
    return Status.INFO, f"Stress test of {_scenario(fields['scenario'], snapshot)}: {fields['measured']}"


def _alert_fired(fields: Fields, snapshot: Snapshot) -> Words:
    return _ALERTS.get(fields["severity"], Status.INFO), f"Alert: {fields['title']}"


def _alert_over(fields: Fields, snapshot: Snapshot) -> Words:
    return Status.OK, f"Alert over: {_alert(fields['alert'], snapshot)}"


def _alert_taken(fields: Fields, snapshot: Snapshot) -> Words:
    return Status.INFO, f"Alert acknowledged: {_alert(fields['alert'], snapshot)}"


def _asked_judge(fields: Fields, snapshot: Snapshot) -> Words:
    on = f" on {_scenario(fields['scenario'], snapshot)}" if fields.get("scenario") else ""
    return Status.INFO, f"Verification of {fields['commit']:.8} asked for{on}"


def _judged(fields: Fields, snapshot: Snapshot) -> Words:
    by = f" by {fields['probe']}" if fields["probe"] else ""
    known = {one.id: one.scenario for one in snapshot.verifications}
    codename = known.get(fields.get("verification", ""), "")
    several = len(snapshot.scenarios) > 1 and codename
    of = f" on {_scenario(codename, snapshot)}" if several else ""
    right = fields["verdict"] == "right"
    return (Status.OK if right else Status.WARNING), f"Verdict{of}: {fields['verdict']}{by}"


_NAMED: Mapping[str, Callable[[Fields, Snapshot], Words]] = {
    "RunOpened": _opened,
    "PhaseStarted": _phase,
    "ScenarioTriggered": _triggered,
    "ScenarioStopped": _stopped,
    "SymptomConfirmed": _symptom,
    "ChaosStarted": _chaos_started,
    "ChaosObserved": _chaos_observed,
    "ChaosEnded": _chaos_ended,
    "StressStarted": _stress_started,
    "StressFinished": _stress_finished,
    "AlertFired": _alert_fired,
    "AlertResolved": _alert_over,
    "AlertAcknowledged": _alert_taken,
    "VerificationRequested": _asked_judge,
    "VerificationFinished": _judged,
}


def _scenario(name: str, snapshot: Snapshot) -> str:
    """The title of the scenario with that pack or codename."""
    return next((one.title for one in snapshot.scenarios if name in (one.pack, one.codename)), name)


def _chaos(chaos_id: str, snapshot: Snapshot) -> str:
    found = next((one for one in snapshot.chaos if one.id == chaos_id), None)
    return f"{found.title}, {target_text(found.target)}" if found is not None else "Chaos"


def _alert(alert_id: str, snapshot: Snapshot) -> str:
    return next((one.title for one in snapshot.alerts if one.id == alert_id), alert_id)
