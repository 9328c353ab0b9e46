"""What a pack is, once read: frozen records, each field with its unit in its name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Protocol(StrEnum):
    """What travels on an edge of the service graph."""

    HTTP = "http"
    POSTGRES = "postgres"


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


class HintLevel(StrEnum):
    """How much a hint gives away."""

    NUDGE = "nudge"
    POINTER = "pointer"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """One service: `folder` is `<pack>/services/<name>`; `database` is None for a service without one."""

    name: str
    folder: Path
    editable: bool
    database: str | None
    workers: int
    """threads that serve blocking handlers (the contract's limit is `max_workers`)"""
    connections: int
    max_workers: int
    max_connections: int
    memory_mb: int
    role: str
    """one sentence that participants read"""
    port: int | None = None
    """a fixed port; None: a free one"""


@dataclass(frozen=True, slots=True)
class Edge:
    """One arrow of the service graph; every edge passes through the chaos proxy.

    `source` is a service or `clients`; `target` is a service or `postgres`. The source finds the target's address
    in `<TARGET>_URL` (HTTP) or `DATABASE_URL` (PostgreSQL), which name the proxy's port, never the target's.
    """

    source: str
    target: str
    protocol: Protocol


@dataclass(frozen=True, slots=True)
class LoadProfile:
    """Open-loop traffic: `rate_per_s` requests a second, never more than `max_in_flight` at once."""

    name: str
    rate_per_s: float
    max_in_flight: int
    timeout_s: float


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

    def service(self, name: str) -> ServiceSpec:
        """The service of that name. Raises KeyError."""
        for spec in self.services:
            if spec.name == name:
                return spec
        raise KeyError(name)

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
        return tuple(dict.fromkeys(s.database for s in self.services if s.database))
