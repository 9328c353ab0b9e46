"""What the questions return: frozen records and numpy columns; times are int64 nanoseconds, ids hex text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]
Int32 = NDArray[np.int32]
Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]
AttributeValue = str | bool | int | float | Sequence["AttributeValue"] | Mapping[str, "AttributeValue"] | None
Attributes = Mapping[str, AttributeValue]


class SpanKind(IntEnum):
    """OTLP's span kinds."""

    UNSPECIFIED = 0
    INTERNAL = 1
    SERVER = 2
    CLIENT = 3
    PRODUCER = 4
    CONSUMER = 5


class SpanStatus(IntEnum):
    """OTLP's status codes."""

    UNSET = 0
    OK = 1
    ERROR = 2


class Level(StrEnum):
    """Log levels, from OTLP severity numbers."""

    TRACE = "trace"
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


LEVELS: tuple[Level, ...] = tuple(Level)
"""From low to high; the row order of `LogCounts.counts`."""


@dataclass(frozen=True, slots=True)
class TraceFilter:
    """Which traces: `query` is in the trace language (language.py); the other fields narrow it further."""

    query: str = ""
    service: str = ""
    route: str = ""
    errors_only: bool = False
    min_duration_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class TraceSummary:
    """One row of the trace list; `entry` is the root span's name, for example `POST /charges`."""

    trace_id: str
    start_ns: int
    duration_ms: float
    entry: str
    entry_service: str
    services: tuple[str, ...]
    spans: int
    errors: int


@dataclass(frozen=True, slots=True)
class TracePage:
    """Newest first. `next` continues the list (empty: this was the end); `total` traces are in the range.

    `matched` of them are known to match (with a query on attributes only those that were looked at). `complete`
    is False where the search stopped at its budget; `sampled` where part of the range is older than the raw
    retention.
    """

    traces: tuple[TraceSummary, ...]
    next: str
    matched: int
    total: int
    complete: bool
    sampled: bool


@dataclass(frozen=True, slots=True)
class Scatter:
    """One point a trace by start; errors and the slowest are always kept, `dropped` counts the rest."""

    start_ns: Int64
    duration_ms: Float64
    error: Bool
    trace_ids: tuple[str, ...]
    dropped: int


@dataclass(frozen=True, slots=True)
class SpanEvent:
    """Something noted within a span, for example an exception."""

    name: str
    at_ns: int
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class LogLine:
    """One log record; `id` grows with arrival."""

    id: int
    at_ns: int
    level: Level
    service: str
    body: str
    trace_id: str
    span_id: str
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class LogPage:
    """Newest first. `more`: older ones match; `complete` is False where the search met its budget."""

    lines: tuple[LogLine, ...]
    more: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which lines: `query` is text in the log language (language.py); the other fields narrow it further."""

    query: str = ""
    service: str = ""
    min_level: Level | None = None
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class LogCounts:
    """Lines per bin and level: `counts[i, j]` lines of `LEVELS[i]` from `start_ns[j]` on, for `bin_ns`.

    `total` lines were looked at, `matched` of them match.
    """

    start_ns: Int64
    bin_ns: int
    counts: Int64
    matched: int
    total: int
    complete: bool


@dataclass(frozen=True, slots=True)
class RouteStats:
    """Server spans of one route over a range; `route` is the span's name."""

    service: str
    route: str
    requests: int
    errors: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class MapNode:
    """A service (or a database) in the map; rates over the window."""

    name: str
    requests_per_s: float
    errors_per_s: float
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class MapEdge:
    """Measured calls from `source` to `target`; `source` is `clients` for requests without a calling span.

    `calls_per_request`: calls of this edge for each request that `source` served (NaN for `clients`).
    """

    source: str
    target: str
    calls_per_s: float
    errors_per_s: float
    p95_ms: float
    calls_per_request: float


@dataclass(frozen=True, slots=True)
class ServiceMap:
    """What called what, from spans alone."""

    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one series in order of time, reduced by minimum and maximum; NaN is a gap."""

    name: str
    at_s: Int64
    values: Float64


@dataclass(frozen=True, slots=True)
class TelemetryCounters:
    """Everything received, refused and dropped since the run began."""

    exports: int = 0
    spans: int = 0
    log_lines: int = 0
    metric_points: int = 0
    refused_malformed: int = 0
    refused_too_large: int = 0
    refused_busy: int = 0
    dropped_spans: int = 0
    """without a valid trace or span id"""
    dropped_log_lines: int = 0
    dropped_metric_points: int = 0
    """of series beyond the limit, or too far from now"""
    unread_metric_points: int = 0
    """that cannot be charted: summaries, and histograms whose buckets do not fit"""
    mended_spans: int = 0
    """ended before they started, or by a clock that is off"""
    retired_spans: int = 0
    """older than the raw retention and not among those kept"""
    retired_log_lines: int = 0
    not_written_batches: int = 0
    """that the disk did not take"""
    not_forwarded_exports: int = 0
    """that the collector did not take"""
    bytes_on_disk: int = 0


@dataclass(frozen=True, slots=True)
class SpanTable:
    """The spans of one trace in tree order (a parent before its children, siblings by start).

    `parent_index` is -1 for a root and for a span whose parent never came (or that is its own ancestor);
    `parent_ids` are as sent. `titles` tell spans apart, `places` say where their work is done (the database for
    its calls); spans with the same number in `alike` do the same thing there.
    """

    span_ids: tuple[str, ...]
    parent_ids: tuple[str, ...]
    services: tuple[str, ...]
    names: tuple[str, ...]
    titles: tuple[str, ...]
    places: tuple[str, ...]
    alike: Int32
    parent_index: Int32
    kinds: Int32
    start_ns: Int64
    duration_ns: Int64
    statuses: Int32

    def __len__(self) -> int:
        return len(self.span_ids)


@dataclass(frozen=True, slots=True)
class SpanDetails:
    """All that is known of one span."""

    span_id: str
    parent_id: str
    service: str
    name: str
    kind: SpanKind
    start_ns: int
    duration_ns: int
    status: SpanStatus
    status_message: str
    attributes: Attributes
    events: tuple[SpanEvent, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """One trace, opened, with its log lines in order of time."""

    summary: TraceSummary
    spans: SpanTable
    logs: tuple[LogLine, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """What changed since the last update of a feed: changed points by series, and how much else arrived."""

    series: tuple[Series, ...]
    spans: int
    log_lines: int
