"""What people may do: each act looks at the state and returns the event that it causes, or is refused."""

from __future__ import annotations

import math
from dataclasses import replace

from engine.drill import events as e
from engine.drill.agenda import Agenda
from engine.drill.errors import DrillError, Refusal
from engine.drill.state import DrillState

LONGEST_EXTENSION_MIN = 120
LONGEST_TEXT = 500
LONGEST_TITLE = 80
LONGEST_RULE_S = 3600
MOST_RULES = 50
OPERATORS = (">", ">=", "<", "<=")
SEVERITIES = ("warning", "critical")


def start_phase(agenda: Agenda, state: DrillState, phase: str) -> e.Event:
    """Start a segment by its id."""
    if agenda.segment(phase) is None:
        known = ", ".join(segment.id for segment in agenda.segments)
        raise DrillError(f"There is no segment “{phase}” in this agenda. It has: {known}.", Refusal.NOT_FOUND)
    if state.clock.phase == phase and not state.clock.ended:
        raise DrillError(f"“{phase}” is already the current segment.", Refusal.NOT_NOW)
    return e.PhaseStarted(phase)


def end_phase(agenda: Agenda, state: DrillState) -> e.Event:
    """End the current segment: the next one starts, or the workshop ends. Before the first: start it."""
    if state.clock.ended:
        raise DrillError("The workshop has ended; start a segment to go back to it.", Refusal.NOT_NOW)
    following = agenda.after(state.clock.phase)
    return e.PhaseStarted(following.id) if following else e.WorkshopEnded()


def hold_clock(state: DrillState) -> e.Event:
    """Stop the drill's clock."""
    if state.clock.held:
        raise DrillError("The clock is held already.", Refusal.NOT_NOW)
    return e.ClockHeld()


def release_clock(state: DrillState) -> e.Event:
    """Let the drill's clock run."""
    if not state.clock.held:
        raise DrillError("The clock is running already.", Refusal.NOT_NOW)
    return e.ClockReleased()


def extend_phase(state: DrillState, minutes: int) -> e.Event:
    """Give the current segment more (or, negative, less) time."""
    if not state.clock.phase or state.clock.ended:
        raise DrillError("No segment is running, so there is none to extend.", Refusal.NOT_NOW)
    if minutes == 0 or abs(minutes) > LONGEST_EXTENSION_MIN:
        raise DrillError(
            f"A segment can be extended by 1 to {LONGEST_EXTENSION_MIN} minutes, not by {minutes}."
        )
    return e.PhaseExtended(minutes)


def trigger(state: DrillState, pack: str, known: frozenset[str]) -> e.Event:
    """Start an incident."""
    _check_pack(pack, known)
    if pack in state.scenarios and state.scenarios[pack].running:
        raise DrillError("This scenario is running already. Stop it first.", Refusal.NOT_NOW)
    return e.ScenarioTriggered(pack)


def stop(state: DrillState, pack: str, known: frozenset[str]) -> e.Event:
    """End an incident's traffic."""
    _check_pack(pack, known)
    if pack not in state.scenarios or not state.scenarios[pack].running:
        raise DrillError("This scenario is not running.", Refusal.NOT_NOW)
    return e.ScenarioStopped(pack)


def acknowledge(state: DrillState, alert: str) -> e.Event:
    """Take on an alert that fires."""
    for known in reversed(state.alerts):
        if known.fired.alert == alert and known.resolved_ns is None:
            if known.acknowledged_by:
                raise DrillError(
                    f"{known.acknowledged_by} has acknowledged this alert already.", Refusal.NOT_NOW
                )
            return e.AlertAcknowledged(alert)
    raise DrillError("This alert is not firing any more.", Refusal.NOT_NOW)


def save_rule(state: DrillState, rule: e.AlertRuleSaved) -> e.Event:
    """Make an alert rule, or change the one with that id."""
    title = " ".join(rule.title.split())
    if not title:
        raise DrillError("An alert rule needs a name: it is what people read when it fires.")
    if len(title) > LONGEST_TITLE:
        raise DrillError(f"A rule's name has at most {LONGEST_TITLE} characters; this one has {len(title)}.")
    if rule.op not in OPERATORS:
        raise DrillError(f"A rule compares by one of {' '.join(OPERATORS)}, not by “{rule.op}”.")
    if not math.isfinite(rule.value):
        raise DrillError("A rule compares with a number.")
    if not 0 <= rule.for_s <= LONGEST_RULE_S:
        raise DrillError(f"A rule may wait for 0 to {LONGEST_RULE_S} seconds, not for {rule.for_s:g}.")
    if rule.severity not in SEVERITIES:
        raise DrillError(f"A rule's severity is {' or '.join(SEVERITIES)}, not “{rule.severity}”.")
    if rule.rule not in state.rules and len(state.rules) >= MOST_RULES:
        raise DrillError(f"There are {MOST_RULES} rules already; remove one.", Refusal.NOT_NOW)
    return replace(rule, title=title)


def remove_rule(state: DrillState, rule: str) -> e.Event:
    """Remove an alert rule."""
    if rule not in state.rules:
        raise DrillError("There is no such alert rule; somebody may have removed it.", Refusal.NOT_FOUND)
    return e.AlertRuleRemoved(rule)


def mark(text: str, at_ns: int) -> e.Event:
    """Mark a moment with a short text."""
    clean = " ".join(text.split())
    if not clean:
        raise DrillError("A mark needs a few words, so that others know what you saw.")
    if len(clean) > LONGEST_TEXT:
        raise DrillError(f"A mark has at most {LONGEST_TEXT} characters; this one has {len(clean)}.")
    return e.MomentMarked(clean, at_ns)


def cancel_verification(state: DrillState, verification: str) -> e.Event:
    """Stop a judgement that has not finished."""
    found = state.verifications.get(verification)
    if found is None:
        raise DrillError("There is no such verification.", Refusal.NOT_FOUND)
    if found.finished or found.cancelled:
        raise DrillError("This verification has ended already.", Refusal.NOT_NOW)
    return e.VerificationCancelled(verification)


def _check_pack(pack: str, known: frozenset[str]) -> None:
    if pack not in known:
        raise DrillError(f"The scenario “{pack}” is not part of this run.", Refusal.NOT_FOUND)
