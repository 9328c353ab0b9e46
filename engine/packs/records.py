"""What a pack is, once read: frozen records, each field with its unit in its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from engine.packs.levels import USUAL_LEVEL, Level, LoadProfile, changed
from engine.packs.topology import CLIENTS, Edge, Protocol, ServiceSpec, Topology


class Severity(StrEnum):
    """How an alert is shown; `CRITICAL` pages."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class Verdict(StrEnum):
    """What the judge says of a fix; earlier ones take precedence over later ones."""

    NOT_RUN = "not-run"
    WRONG = "wrong"
    MASKED = "masked"
    PARTIAL = "partial"
    RIGHT = "right"


class Cheat(StrEnum):
    """Ways to look fixed without being it; the judge must find each of them out."""

    SWITCHED_OFF = "switched-off"
    CONSTANT_ANSWER = "constant-answer"
    TELEMETRY_REMOVED = "telemetry-removed"
    THRESHOLD_RAISED = "threshold-raised"
    AFTER_THE_RESPONSE = "after-the-response"
    THROTTLED = "throttled"
    EXCEPTION_SWALLOWED = "exception-swallowed"
    CONSTRAINT_DROPPED = "constraint-dropped"
    CACHED_FOR_EVER = "cached-for-ever"


class HintLevel(StrEnum):
    """How much a hint gives away."""

    NUDGE = "nudge"
    POINTER = "pointer"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Condition:
    """`series op value`, held for `for_s` seconds; `series` is a name of the telemetry store."""

    series: str
    op: str
    """one of > >= < <="""
    value: float
    for_s: float


@dataclass(frozen=True, slots=True)
class Symptom:
    """What must be measured within `within_s` seconds of the trigger."""

    condition: Condition
    within_s: float
    text: str
    title: str = ""
    """what is measured, in a few words, for reports"""
    unit: str = "count"
    """as a chart's"""


@dataclass(frozen=True, slots=True)
class AlertSpec:
    """An alert of the team's monitoring. `detail` may hold `{value}`, the measured value."""

    id: str
    title: str
    detail: str
    severity: Severity
    service: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One line of a chart; `style`: line, area, bars, errors (below zero), heat; `colour`: a token name or empty."""

    series: str
    label: str
    style: str
    colour: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One row of the Signals stack; `slo` draws a dashed line at that value."""

    id: str
    title: str
    caption: str
    unit: str
    """ms, per_s, cents, percent, count"""
    series: tuple[ChartSeries, ...]
    slo: float | None
    slo_label: str


@dataclass(frozen=True, slots=True)
class Hint:
    """Help that the facilitator may release; `cost` is in points."""

    level: HintLevel
    text: str
    cost: int


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """What the facilitator knows. Never sent to a participant."""

    component: str
    mechanism: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Herring:
    """Something that catches the eye and is not the cause: a chaos action beside the incident.

    It begins `after_s` seconds after the trigger and ends by itself after `lasts_s`.
    """

    id: str
    title: str
    text: str
    """why it is innocent; for the facilitator"""
    action: str
    target: str
    """an edge `a->b`, a service, or empty for the host"""
    intensity: Mapping[str, float]
    after_s: float
    lasts_s: float
    tolerance: float = 2.0
    """how many times higher or lower the symptom's measure may be with it: less than that proves nothing"""


@dataclass(frozen=True, slots=True)
class ReferenceFix:
    """A fix that the pack's author judged: `folder` overlays `services/`; the judge must agree with `verdict`.

    `folder/files/<service>/...` replaces files of that service.
    """

    name: str
    folder: Path
    verdict: Verdict
    decided_by: str
    """the probe that must decide it (empty where all held)"""
    summary: str
    cheat: Cheat | None = None
    """what it only pretends by, where it is a cheat"""


@dataclass(frozen=True, slots=True)
class Pack:
    """One scenario. `id` is for authors and facilitators; participants, processes and spans see `codename` only."""

    id: str
    folder: Path
    codename: str
    title: str
    story: str
    severity: str
    services: tuple[ServiceSpec, ...]
    edges: tuple[Edge, ...]
    entry: str
    """the service that clients call"""
    profiles: tuple[LoadProfile, ...]
    trigger_profile: str
    """the profile that the trigger adds to `base`"""
    warmup_s: float
    symptom: Symptom
    alerts: tuple[AlertSpec, ...]
    charts: tuple[Chart, ...]
    baseline: tuple[Condition, ...]
    """what must hold before the trigger (the SLOs)"""
    hints: tuple[Hint, ...]
    answer: AnswerKey
    fixes: tuple[ReferenceFix, ...]
    reference_fix: str
    """the name of the fix that a rehearsal applies"""
    goodput: Condition | None = None
    """what a fixed system must still achieve under the judge's stress, on what its goodput probe measures"""
    standard: bool = False
    """one of those that the standard workshop runs side by side"""
    levels: tuple[Level, ...] = ()
    all_herrings: tuple[Herring, ...] = ()
    level: int = USUAL_LEVEL
    origin: str = ""
    """the folder that it comes from, absolute; empty for a pack of the tree"""

    @property
    def word(self) -> str:
        """By which it is found again: its id, or its folder where it comes from outside the tree."""
        return self.origin or self.id

    @property
    def topology(self) -> Topology:
        """Its services and edges, the one from the clients to the entry among them."""
        entry = Edge(CLIENTS, self.entry, Protocol.HTTP)
        known = any((edge.source, edge.target) == (CLIENTS, self.entry) for edge in self.edges)
        return Topology(self.services, self.edges if known else (entry, *self.edges))

    @property
    def herrings(self) -> tuple[Herring, ...]:
        """The red herrings of its level."""
        wanted = next((level.herrings for level in self.levels if level.number == self.level), ())
        return tuple(herring for herring in self.all_herrings if herring.id in wanted)

    def at_level(self, number: int) -> Pack:
        """The same pack, harder or easier. Raises KeyError for a level that it does not have."""
        if number == self.level == USUAL_LEVEL:
            return self
        level = next((level for level in self.levels if level.number == number), None)
        if level is None:
            raise KeyError(number)
        within_s = self.symptom.within_s if level.within_s is None else level.within_s
        return replace(
            self,
            level=number,
            symptom=replace(self.symptom, within_s=within_s),
            profiles=tuple(changed(profile, level.profiles.get(profile.name)) for profile in self.profiles),
            services=tuple(changed(service, level.services.get(service.name)) for service in self.services),
        )

    def service(self, name: str) -> ServiceSpec:
        """The service of that name. Raises KeyError."""
        return self.topology.service(name)

    def profile(self, name: str) -> LoadProfile:
        """The load profile of that name. Raises KeyError."""
        for profile in self.profiles:
            if profile.name == name:
                return profile
        raise KeyError(name)

    def fix(self, name: str) -> ReferenceFix:
        """The reference fix of that name. Raises KeyError."""
        for fix in self.fixes:
            if fix.name == name:
                return fix
        raise KeyError(name)

    @property
    def databases(self) -> tuple[str, ...]:
        """The names of the databases, in the order of their services, each once."""
        return self.topology.databases
