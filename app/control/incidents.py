"""The incidents in words, computed from the snapshot: the cards, their red herrings, the stress test."""

from __future__ import annotations

from dataclasses import dataclass

from app.control.chaos_words import ends_in
from app.drill_time import clock_s_of, clock_text
from app.theme import Status
from app.time_axis import THIN
from protos.drill.v1.records import Chaos, Herring, Scenario, Snapshot

NS = 1_000_000_000
STRESS_SECONDS = (10, 20, 30)
STRESS_IDLE = "A burst of the scenario's own stress traffic on the live system, and what it did."


@dataclass(frozen=True, slots=True)
class IncidentCard:
    """An incident's state in words, and which button fits."""

    pack: str
    title: str
    codename: str
    status: Status
    word: str
    when: str
    symptom: str
    running: bool


def incident_card(scenario: Scenario, snapshot: Snapshot) -> IncidentCard:
    """What the scenario's card says."""
    running = scenario.state == "running"
    return IncidentCard(
        pack=scenario.pack,
        title=scenario.title,
        codename=scenario.codename,
        status=Status.CRITICAL if running else Status.IDLE,
        word=scenario.state,
        when=_when(scenario, snapshot),
        symptom=_symptom(scenario),
        running=running,
    )


def _when(scenario: Scenario, snapshot: Snapshot) -> str:
    if scenario.state == "ready":
        return "Not triggered yet"
    at = clock_text(clock_s_of(snapshot.clock, scenario.triggered_drill_ms))
    return f"Triggered {at}" if scenario.state == "running" else f"Stopped; triggered {at}"


def _symptom(scenario: Scenario) -> str:
    if scenario.symptom_drill_ms:
        after_s = (scenario.symptom_drill_ms - scenario.triggered_drill_ms) / 1000
        return f"Symptom after {after_s:.0f}{THIN}s: {scenario.symptom}"
    if scenario.state == "running":
        return f"Not measured yet: {scenario.symptom}"
    return f"Expected: {scenario.symptom}"


def chosen_scenario(snapshot: Snapshot, pack: str) -> Scenario | None:
    """The scenario of that pack, else the first."""
    found = next((one for one in snapshot.scenarios if one.pack == pack), None)
    return found or next(iter(snapshot.scenarios), None)


def ready_packs(snapshot: Snapshot) -> tuple[str, ...]:
    """The packs that `Trigger all` would start."""
    return tuple(one.pack for one in snapshot.scenarios if one.state != "running")


@dataclass(frozen=True, slots=True)
class HerringRow:
    """A red herring: why it is innocent, and how it stands. `chaos` is the id of its action while it is on."""

    id: str
    title: str
    text: str
    chaos: str
    state: str
    effect: str
    seen: Status


def herring_rows(scenario: Scenario, snapshot: Snapshot, now_ns: int) -> tuple[HerringRow, ...]:
    """The scenario's red herrings as they stand at `now_ns`."""
    return tuple(_herring(one, snapshot, now_ns) for one in scenario.herrings)


def _herring(herring: Herring, snapshot: Snapshot, now_ns: int) -> HerringRow:
    action = _action_of(herring, snapshot)
    state, effect, seen = "", "", Status.IDLE
    if action is not None:
        effect = action.effect or ("" if action.ended_ns else "looking for its effect…")
        seen = Status.OK if action.visible else Status.IDLE
        state = "Last time" if action.ended_ns else f"is on, {ends_in(action.ends_ns, now_ns)}"
    elif herring.chaos:
        state = "is on"
    return HerringRow(
        herring.id, herring.title, " ".join(herring.text.split()), herring.chaos, state, effect, seen
    )


def _action_of(herring: Herring, snapshot: Snapshot) -> Chaos | None:
    """Its action while it is on, else its last one, if no other scenario has a herring of that name."""
    for action in snapshot.chaos:
        if herring.chaos and action.id == herring.chaos:
            return action
    namesakes = sum(one.id == herring.id for scenario in snapshot.scenarios for one in scenario.herrings)
    over = [action for action in snapshot.chaos if action.herring == herring.id and action.ended_ns]
    return (
        max(over, key=lambda action: action.ended_ns)
        if over and namesakes == 1 and not herring.chaos
        else None
    )


@dataclass(frozen=True, slots=True)
class StressWords:
    """The last stress test of a scenario in one line."""

    status: Status
    text: str
    running: bool


def stress_words(snapshot: Snapshot, codename: str, now_ns: int) -> StressWords:
    """How the scenario's last stress test stands at `now_ns`."""
    mine = [one for one in snapshot.stress if one.scenario == codename]
    if not mine:
        return StressWords(Status.IDLE, STRESS_IDLE, False)
    last = max(mine, key=lambda one: one.started_ns)
    if last.measured:
        return StressWords(Status.INFO, f"{last.seconds:.0f}{THIN}s: {last.measured}", False)
    left_s = last.seconds - (now_ns - last.started_ns) / NS
    text = f"Sending, {left_s:.0f}{THIN}s left" if left_s >= 0.5 else "Sent; measuring what it did"
    return StressWords(Status.WARNING, text, True)
