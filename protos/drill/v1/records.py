"""What the engine's answers are, as frozen records: nothing above this package sees a protobuf message.

Field names, units and meanings are those of the .proto files beside this one; `..._json` fields come decoded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Fields = Mapping[str, Any]
FloatArray = NDArray[np.float64]
Int64Array = NDArray[np.int64]
Int32Array = NDArray[np.int32]
UInt64Array = NDArray[np.uint64]
UInt32Array = NDArray[np.uint32]
ByteArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class HelloReply:
    """Who answered, and which run it has open."""

    version: str
    role: str
    run: str
    state: str
    process_id: int


@dataclass(frozen=True, slots=True)
class PackSummary:
    """A scenario that can be opened."""

    id: str
    codename: str
    title: str
    story: str
    severity: str
    services: int
    problem: str
    levels: tuple[Level, ...]
    origin: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class AddedPack:
    """A scenario from outside that is listed now, with what to show before it is trusted."""

    pack: PackSummary
    files: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Level:
    """How hard a scenario may be, and what differs."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A recorded run; `problem` says why it cannot be opened."""

    name: str
    title: str
    started_ns: int
    changed_ns: int
    phase: str
    problem: str


@dataclass(frozen=True, slots=True)
class PreflightCheck:
    """One line of the preflight."""

    name: str
    status: str
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class OpenRunProgress:
    """A step of opening a run."""

    step: str
    detail: str
    finished: bool
    run: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, with its number in the caller's audience."""

    number: int
    wall_ns: int
    drill_ms: int
    actor: str
    role: str
    kind: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Clock:
    """The drill's clock at `wall_ns`."""

    held: bool
    drill_ms: int
    wall_ns: int
    phase: str
    phase_started_drill_ms: int
    phase_minutes_ms: int
    three_am_drill_ms: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of the agenda."""

    id: str
    name: str
    activities: str
    notes: str
    minutes_ms: int
    state: str
    is_break: bool


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario of this run, for the facilitator."""

    pack: str
    codename: str
    title: str
    state: str
    triggered_drill_ms: int
    symptom_drill_ms: int
    symptom: str
    herrings: tuple[Herring, ...]


@dataclass(frozen=True, slots=True)
class Herring:
    """A red herring of a scenario; `chaos` is the id of its action while it is on."""

    id: str
    title: str
    text: str
    chaos: str


@dataclass(frozen=True, slots=True)
class Chaos:
    """One chaos action as it went; `ended_ns` is 0 while it is on, `effect` empty while it is looked for."""

    id: str
    action: str
    title: str
    target: str
    intensity: str
    started_ns: int
    ends_ns: int
    ended_ns: int
    effect: str
    visible: bool
    end: str
    herring: str


@dataclass(frozen=True, slots=True)
class Stress:
    """A live stress test; `measured` is empty while it runs."""

    scenario: str
    started_ns: int
    seconds: float
    measured: str


@dataclass(frozen=True, slots=True)
class ChaosIntensity:
    """A number of a chaos action and its bounds."""

    name: str
    unit: str
    usual: float
    least: float
    most: float
    text: str


@dataclass(frozen=True, slots=True)
class ChaosAction:
    """A chaos action that can be started, and on what."""

    name: str
    title: str
    text: str
    target_kind: str
    targets: tuple[str, ...]
    intensity: tuple[ChaosIntensity, ...]
    longest_s: float


@dataclass(frozen=True, slots=True)
class ChaosMenu:
    """Every chaos action of this run."""

    actions: tuple[ChaosAction, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert of the team's monitoring."""

    id: str
    title: str
    detail: str
    severity: str
    service: str
    fired_ns: int
    resolved_ns: int
    acknowledged_by: str


@dataclass(frozen=True, slots=True)
class Service:
    """A service and what it runs."""

    name: str
    role: str
    state: str
    commit: str
    problem: str
    editable: bool
    restarts: int


@dataclass(frozen=True, slots=True)
class Deploy:
    """A version that was deployed, or failed to start."""

    commit: str
    title: str
    services: tuple[str, ...]
    wall_ns: int
    state: str
    problem: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alert rule that somebody made: it fires while `series op value` has held for `for_s` seconds.

    `id` is empty for a new one; `op` is one of > >= < <=; `severity` is warning or critical.
    """

    id: str
    title: str
    series: str
    op: str
    value: float
    for_s: float
    severity: str


@dataclass(frozen=True, slots=True)
class Firing:
    """A stretch in which a rule would have fired; `to_ns` is 0 where it still holds."""

    from_ns: int
    to_ns: int


@dataclass(frozen=True, slots=True)
class AlertRuleTrial:
    """When a rule would have fired so far."""

    firings: tuple[Firing, ...]


@dataclass(frozen=True, slots=True)
class ExportedText:
    """A file for another tool: its usual name, and what is in it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that somebody marked."""

    text: str
    actor: str
    wall_ns: int


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint; to participants only once released."""

    level: str
    text: str
    cost: int
    released: bool
    index: int


@dataclass(frozen=True, slots=True)
class Probe:
    """One question of the judge, and its answer."""

    name: str
    asks: str
    duty: str
    state: str
    measured: str
    required: str
    seconds: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """One judgement of a fix."""

    id: str
    commit: str
    title: str
    state: str
    verdict: str
    probe: str
    measured: str
    required: str
    probes: tuple[Probe, ...]
    seconds: float
    seconds_left: float
    step: str
    wall_ns: int
    scenario: str


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One line of a chart."""

    series: str
    label: str
    style: str
    colour: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One row of the Signals stack."""

    id: str
    title: str
    caption: str
    unit: str
    series: tuple[ChartSeries, ...]
    slo: float | None
    slo_label: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All of the drill that the caller may see, at event `number`."""

    number: int
    run: str
    codename: str
    title: str
    story: str
    severity: str
    clock: Clock
    agenda: tuple[Segment, ...]
    scenarios: tuple[Scenario, ...]
    alerts: tuple[Alert, ...]
    services: tuple[Service, ...]
    deploys: tuple[Deploy, ...]
    marks: tuple[Mark, ...]
    hints: tuple[Hint, ...]
    verifications: tuple[Verification, ...]
    charts: tuple[Chart, ...]
    entry: str
    started_ns: int
    level: int
    chaos: tuple[Chaos, ...]
    stress: tuple[Stress, ...]
    alert_rules: tuple[AlertRule, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """Events, and the state after the last of them."""

    events: tuple[Event, ...]
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class FacilitatorPage:
    """Answer key, notes and hints of a scenario."""

    component: str
    mechanism: str
    evidence: tuple[str, ...]
    notes: str
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class WriteReportReply:
    """The files that a report consists of."""

    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One series: seconds since 1970-01-01 UTC, and values (NaN is a gap)."""

    name: str
    at_s: FloatArray
    values: FloatArray


@dataclass(frozen=True, slots=True)
class SeriesSet:
    """Several series, and the engine's time."""

    series: tuple[Series, ...]
    now_ns: int


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """One series of a metric: its name but for its part, and what tells it from the others."""

    base: str
    attributes: Fields


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric that has values. Its series are called `base|part`; without parts `base` alone."""

    name: str
    kind: str
    unit: str
    sent_unit: str
    text: str
    parts: tuple[str, ...]
    series: tuple[MetricSeries, ...]


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One measurement of a histogram with its trace, in the unit of the metric's charts."""

    series: str
    at_ns: int
    value: float
    trace_id: str


@dataclass(frozen=True, slots=True)
class Endpoints:
    """URLs to which exporters send, and which Prometheus scrapes."""

    otlp_grpc: str
    otlp_http: str
    metrics: str


@dataclass(frozen=True, slots=True)
class TraceSummary:
    """A trace in a list."""

    trace_id: str
    start_ns: int
    duration_ns: int
    entry: str
    service: str
    spans: int
    errors: int


@dataclass(frozen=True, slots=True)
class QueryProblem:
    """Where a query is malformed."""

    message: str
    at: int
    length: int


@dataclass(frozen=True, slots=True)
class TraceList:
    """Traces that match, newest first."""

    traces: tuple[TraceSummary, ...]
    matched: int
    total: int
    problem: QueryProblem | None


@dataclass(frozen=True, slots=True)
class LogLine:
    """One log record."""

    id: int
    time_ns: int
    level: str
    service: str
    trace_id: str
    span_id: str
    message: str
    fields: Fields


FAILED, DETACHED = 1, 2
"""Bits of `SpanColumns.flags`: the span failed; its parent was not received."""
SPAN_KINDS = ("unspecified", "internal", "server", "client", "producer", "consumer")
"""The words of OTLP's span kinds by their numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class SpanColumns:
    """The spans of a trace, one entry a span: parents before their children, siblings by start.

    `services`, `places` and `titles` count into `texts`. `parents` are places in this order, -1 for a root. Spans
    with an equal number in `alike` do the same thing, statement included.
    """

    texts: tuple[str, ...]
    ids: UInt64Array
    parents: Int32Array
    start_ns: Int64Array
    duration_ns: Int64Array
    services: UInt32Array
    places: UInt32Array
    titles: UInt32Array
    alike: UInt32Array
    kinds: ByteArray
    flags: ByteArray

    def __len__(self) -> int:
        return len(self.ids)

    def span_id(self, place: int) -> str:
        """A span's id in hex."""
        return f"{int(self.ids[place]):016x}"


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A whole trace with its log lines; `found` is false when it is not kept."""

    trace_id: str
    spans: SpanColumns
    logs: tuple[LogLine, ...]
    found: bool


@dataclass(frozen=True, slots=True)
class Span:
    """All that is known of one span of a trace."""

    span_id: str
    parent_id: str
    service: str
    name: str
    kind: str
    start_ns: int
    duration_ns: int
    error: bool
    status: str
    attributes: Fields
    events: tuple[Fields, ...]


@dataclass(frozen=True, slots=True)
class TraceExport:
    """A trace as OTLP JSON; empty where it is not kept."""

    text: str


@dataclass(frozen=True, slots=True)
class HistogramBin:
    """Log lines by level from `start_ns` on."""

    start_ns: int
    info: int
    warn: int
    error: int


@dataclass(frozen=True, slots=True)
class LogPage:
    """Log lines that match, newest first."""

    lines: tuple[LogLine, ...]
    matched: int
    total: int
    problem: QueryProblem | None
    histogram: tuple[HistogramBin, ...]


@dataclass(frozen=True, slots=True)
class ServiceNode:
    """A service as measured."""

    name: str
    requests_per_s: float
    p95_ms: float
    error_percent: float
    state: str


@dataclass(frozen=True, slots=True)
class ServiceEdge:
    """Calls between two services as measured."""

    source: str
    target: str
    calls_per_s: float
    p95_ms: float
    error_percent: float
    calls_per_request: float


@dataclass(frozen=True, slots=True)
class ServiceMap:
    """The measured service graph."""

    nodes: tuple[ServiceNode, ...]
    edges: tuple[ServiceEdge, ...]


@dataclass(frozen=True, slots=True)
class Counters:
    """What the telemetry path received, and what it lost on which way.

    `queued` exports wait to be read. `not_written` batches are seen while they are in memory, and missing in the
    record; `not_forwarded` exports are here, and not at the collector.
    """

    spans: int
    logs: int
    points: int
    dropped: int
    refused: int
    queued: int
    not_written: int
    not_forwarded: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the workspace."""

    path: str
    service: str
    editable: bool
    change: str


@dataclass(frozen=True, slots=True)
class FileList:
    """The workspace, and which commits are deployed and proposed."""

    files: tuple[SourceFile, ...]
    deployed_commit: str
    proposed_commit: str


@dataclass(frozen=True, slots=True)
class FileText:
    """A file's text; `version` guards a later write."""

    path: str
    text: str
    version: str


@dataclass(frozen=True, slots=True)
class Diff:
    """A unified diff."""

    text: str
    files: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A recorded proposal."""

    commit: str
    title: str
    files: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class DeployReply:
    """How a deploy went; `traceback` when a service did not start."""

    running: bool
    service: str
    traceback: str
    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class VerifyReply:
    """The queued verifications."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StackFrame:
    """One frame; `file` is relative to the service's source if `own`."""

    file: str
    line: int
    function: str
    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class StackGroup:
    """Threads that wait at the same place; `waits_for` is empty where they are at work. Innermost frame last."""

    waits_for: str
    threads: tuple[str, ...]
    frames: tuple[StackFrame, ...]


@dataclass(frozen=True, slots=True)
class Stacks:
    """A thread dump of a service, the largest group first."""

    service: str
    wall_ns: int
    groups: tuple[StackGroup, ...]
