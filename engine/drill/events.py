"""What can happen in a drill, as it is kept: append-only, numbered, replayable.

An event says what happened, never what to do. Adding one: write its class here, put it into `Event`, give it
a row in `audience.AUDIENCES`, and fold it in `state.apply`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RunOpened:
    """A new run of scenario packs: by id, or by folder for one from outside. `version` is the program's."""

    packs: tuple[str, ...]
    seed: int
    agenda: str
    version: str
    level: int


@dataclass(frozen=True, slots=True)
class RunResumed:
    """The engine carries on with a recorded run; `after_crash` when it had not been closed."""

    after_crash: bool


@dataclass(frozen=True, slots=True)
class RunClosed:
    """The run was closed on purpose: its clock stands until it is resumed."""


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """A segment of the agenda began, which ends the one before."""

    phase: str


@dataclass(frozen=True, slots=True)
class WorkshopEnded:
    """The last segment ended."""


@dataclass(frozen=True, slots=True)
class PhaseExtended:
    """The current segment got more time."""

    minutes: int


@dataclass(frozen=True, slots=True)
class ClockHeld:
    """The drill's clock stands."""


@dataclass(frozen=True, slots=True)
class ClockReleased:
    """The drill's clock runs again."""


@dataclass(frozen=True, slots=True)
class ScenarioTriggered:
    """The incident's traffic began."""

    pack: str


@dataclass(frozen=True, slots=True)
class ScenarioStopped:
    """The incident's traffic ended."""

    pack: str


@dataclass(frozen=True, slots=True)
class SymptomConfirmed:
    """The expected symptom was measured."""

    pack: str
    measured: str


@dataclass(frozen=True, slots=True)
class ChaosStarted:
    """A chaos action began; it ends by itself at `ends_ns`. `herring` is the id of the red herring that it is.

    `target` is an edge `a->b`, a service, or empty for the host; `intensity` has the numbers by name.
    """

    chaos: str
    action: str
    title: str
    target: str
    intensity: Mapping[str, float]
    ends_ns: int
    pack: str
    herring: str


@dataclass(frozen=True, slots=True)
class ChaosObserved:
    """What was measured of a chaos action; not `visible` where nothing was seen of it."""

    chaos: str
    visible: bool
    effect: str


@dataclass(frozen=True, slots=True)
class ChaosEnded:
    """A chaos action is off, as read back; `how` says why, in words."""

    chaos: str
    how: str


@dataclass(frozen=True, slots=True)
class StressStarted:
    """A burst of a scenario's stress traffic began on the live system."""

    scenario: str
    seconds: float


@dataclass(frozen=True, slots=True)
class StressFinished:
    """What the live system did under the burst, in words."""

    scenario: str
    measured: str


@dataclass(frozen=True, slots=True)
class AlertFired:
    """An alert's condition held for its time."""

    alert: str
    title: str
    detail: str
    severity: str
    service: str


@dataclass(frozen=True, slots=True)
class AlertResolved:
    """An alert's condition no longer holds."""

    alert: str


@dataclass(frozen=True, slots=True)
class AlertAcknowledged:
    """Somebody looks after an alert."""

    alert: str


@dataclass(frozen=True, slots=True)
class AlertRuleSaved:
    """Somebody made or changed an alert rule of their own: it fires while `series op value` holds for `for_s`."""

    rule: str
    title: str
    series: str
    op: str
    value: float
    for_s: float
    severity: str


@dataclass(frozen=True, slots=True)
class AlertRuleRemoved:
    """An alert rule of somebody's own is gone."""

    rule: str


@dataclass(frozen=True, slots=True)
class HintReleased:
    """The facilitator showed a hint; `cost` in points."""

    scenario: str
    index: int
    level: str
    text: str
    cost: int


@dataclass(frozen=True, slots=True)
class MomentMarked:
    """Somebody marked a moment on the charts."""

    text: str
    at_ns: int


@dataclass(frozen=True, slots=True)
class ServiceFailed:
    """A service ended by itself; `problem` says how, in a sentence."""

    service: str
    problem: str


@dataclass(frozen=True, slots=True)
class ServiceRecovered:
    """A service that had ended runs again."""

    service: str


@dataclass(frozen=True, slots=True)
class FixProposed:
    """The workspace was recorded as a commit."""

    commit: str
    title: str
    files: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class FixDeployed:
    """A commit runs in the named services."""

    commit: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeployFailed:
    """A service of that commit did not start; the old version goes on."""

    commit: str
    service: str
    reason: str
    traceback: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class VerificationRequested:
    """Somebody asked to have a commit judged as the fix of a scenario (its codename)."""

    verification: str
    commit: str
    scenario: str


@dataclass(frozen=True, slots=True)
class VerificationCancelled:
    """A judgement was stopped before its end."""

    verification: str


@dataclass(frozen=True, slots=True)
class VerificationFinished:
    """The judge's word. `probes`: name, asks, duty, held, measured, required, seconds, evidence."""

    verification: str
    commit: str
    verdict: str
    probe: str
    measured: str
    required: str
    seconds: float
    probes: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ReportWritten:
    """A report was written; names of its files."""

    files: tuple[str, ...]


Event = (
    RunOpened
    | RunResumed
    | RunClosed
    | PhaseStarted
    | WorkshopEnded
    | PhaseExtended
    | ClockHeld
    | ClockReleased
    | ScenarioTriggered
    | ScenarioStopped
    | SymptomConfirmed
    | ChaosStarted
    | ChaosObserved
    | ChaosEnded
    | StressStarted
    | StressFinished
    | AlertFired
    | AlertResolved
    | AlertAcknowledged
    | AlertRuleSaved
    | AlertRuleRemoved
    | HintReleased
    | MomentMarked
    | ServiceFailed
    | ServiceRecovered
    | FixProposed
    | FixDeployed
    | DeployFailed
    | VerificationRequested
    | VerificationCancelled
    | VerificationFinished
    | ReportWritten
)
EVENTS: Mapping[str, type[Event]] = {kind.__name__: kind for kind in Event.__args__}


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it stands in the log. `drill_ms` is the drill's clock when it happened."""

    sequence: int
    wall_ns: int
    drill_ms: int
    actor: str
    role: str
    event: Event

    @property
    def kind(self) -> str:
        """The event's name."""
        return type(self.event).__name__


def to_fields(event: Event) -> dict[str, Any]:
    """The event's own fields as JSON-able values."""
    return {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}


def from_fields(kind: str, fields: Mapping[str, Any]) -> Event:
    """The event of that kind. Raises KeyError for an unknown kind, TypeError for odd fields."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    build: Callable[..., Event] = EVENTS[kind]
    return build(**values)
