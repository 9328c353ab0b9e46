from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReadSeriesRequest(_message.Message):
    __slots__ = ("names", "from_ns", "to_ns", "max_points")
    NAMES_FIELD_NUMBER: _ClassVar[int]
    FROM_NS_FIELD_NUMBER: _ClassVar[int]
    TO_NS_FIELD_NUMBER: _ClassVar[int]
    MAX_POINTS_FIELD_NUMBER: _ClassVar[int]
    names: _containers.RepeatedScalarFieldContainer[str]
    from_ns: int
    to_ns: int
    max_points: int
    def __init__(self, names: _Optional[_Iterable[str]] = ..., from_ns: _Optional[int] = ..., to_ns: _Optional[int] = ..., max_points: _Optional[int] = ...) -> None: ...

class WatchSeriesRequest(_message.Message):
    __slots__ = ("names", "from_ns")
    NAMES_FIELD_NUMBER: _ClassVar[int]
    FROM_NS_FIELD_NUMBER: _ClassVar[int]
    names: _containers.RepeatedScalarFieldContainer[str]
    from_ns: int
    def __init__(self, names: _Optional[_Iterable[str]] = ..., from_ns: _Optional[int] = ...) -> None: ...

class Series(_message.Message):
    __slots__ = ("name", "at_s", "values")
    NAME_FIELD_NUMBER: _ClassVar[int]
    AT_S_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    name: str
    at_s: bytes
    values: bytes
    def __init__(self, name: _Optional[str] = ..., at_s: _Optional[bytes] = ..., values: _Optional[bytes] = ...) -> None: ...

class SeriesSet(_message.Message):
    __slots__ = ("series", "now_ns")
    SERIES_FIELD_NUMBER: _ClassVar[int]
    NOW_NS_FIELD_NUMBER: _ClassVar[int]
    series: _containers.RepeatedCompositeFieldContainer[Series]
    now_ns: int
    def __init__(self, series: _Optional[_Iterable[_Union[Series, _Mapping]]] = ..., now_ns: _Optional[int] = ...) -> None: ...

class ListMetricsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class MetricSeries(_message.Message):
    __slots__ = ("base", "attributes_json")
    BASE_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_JSON_FIELD_NUMBER: _ClassVar[int]
    base: str
    attributes_json: str
    def __init__(self, base: _Optional[str] = ..., attributes_json: _Optional[str] = ...) -> None: ...

class Metric(_message.Message):
    __slots__ = ("name", "kind", "unit", "sent_unit", "text", "parts", "series")
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    SENT_UNIT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SERIES_FIELD_NUMBER: _ClassVar[int]
    name: str
    kind: str
    unit: str
    sent_unit: str
    text: str
    parts: _containers.RepeatedScalarFieldContainer[str]
    series: _containers.RepeatedCompositeFieldContainer[MetricSeries]
    def __init__(self, name: _Optional[str] = ..., kind: _Optional[str] = ..., unit: _Optional[str] = ..., sent_unit: _Optional[str] = ..., text: _Optional[str] = ..., parts: _Optional[_Iterable[str]] = ..., series: _Optional[_Iterable[_Union[MetricSeries, _Mapping]]] = ...) -> None: ...

class MetricList(_message.Message):
    __slots__ = ("metrics",)
    METRICS_FIELD_NUMBER: _ClassVar[int]
    metrics: _containers.RepeatedCompositeFieldContainer[Metric]
    def __init__(self, metrics: _Optional[_Iterable[_Union[Metric, _Mapping]]] = ...) -> None: ...

class ReadExemplarsRequest(_message.Message):
    __slots__ = ("series", "from_ns", "to_ns")
    SERIES_FIELD_NUMBER: _ClassVar[int]
    FROM_NS_FIELD_NUMBER: _ClassVar[int]
    TO_NS_FIELD_NUMBER: _ClassVar[int]
    series: _containers.RepeatedScalarFieldContainer[str]
    from_ns: int
    to_ns: int
    def __init__(self, series: _Optional[_Iterable[str]] = ..., from_ns: _Optional[int] = ..., to_ns: _Optional[int] = ...) -> None: ...

class Exemplar(_message.Message):
    __slots__ = ("series", "at_ns", "value", "trace_id")
    SERIES_FIELD_NUMBER: _ClassVar[int]
    AT_NS_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    series: str
    at_ns: int
    value: float
    trace_id: str
    def __init__(self, series: _Optional[str] = ..., at_ns: _Optional[int] = ..., value: _Optional[float] = ..., trace_id: _Optional[str] = ...) -> None: ...

class ExemplarList(_message.Message):
    __slots__ = ("exemplars",)
    EXEMPLARS_FIELD_NUMBER: _ClassVar[int]
    exemplars: _containers.RepeatedCompositeFieldContainer[Exemplar]
    def __init__(self, exemplars: _Optional[_Iterable[_Union[Exemplar, _Mapping]]] = ...) -> None: ...

class EndpointsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Endpoints(_message.Message):
    __slots__ = ("otlp_grpc", "otlp_http", "metrics")
    OTLP_GRPC_FIELD_NUMBER: _ClassVar[int]
    OTLP_HTTP_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    otlp_grpc: str
    otlp_http: str
    metrics: str
    def __init__(self, otlp_grpc: _Optional[str] = ..., otlp_http: _Optional[str] = ..., metrics: _Optional[str] = ...) -> None: ...

class ListTracesRequest(_message.Message):
    __slots__ = ("query", "from_ns", "to_ns", "limit")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    FROM_NS_FIELD_NUMBER: _ClassVar[int]
    TO_NS_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    query: str
    from_ns: int
    to_ns: int
    limit: int
    def __init__(self, query: _Optional[str] = ..., from_ns: _Optional[int] = ..., to_ns: _Optional[int] = ..., limit: _Optional[int] = ...) -> None: ...

class TraceSummary(_message.Message):
    __slots__ = ("trace_id", "start_ns", "duration_ns", "entry", "service", "spans", "errors")
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    START_NS_FIELD_NUMBER: _ClassVar[int]
    DURATION_NS_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    trace_id: str
    start_ns: int
    duration_ns: int
    entry: str
    service: str
    spans: int
    errors: int
    def __init__(self, trace_id: _Optional[str] = ..., start_ns: _Optional[int] = ..., duration_ns: _Optional[int] = ..., entry: _Optional[str] = ..., service: _Optional[str] = ..., spans: _Optional[int] = ..., errors: _Optional[int] = ...) -> None: ...

class TraceList(_message.Message):
    __slots__ = ("traces", "matched", "total", "problem")
    TRACES_FIELD_NUMBER: _ClassVar[int]
    MATCHED_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    traces: _containers.RepeatedCompositeFieldContainer[TraceSummary]
    matched: int
    total: int
    problem: QueryProblem
    def __init__(self, traces: _Optional[_Iterable[_Union[TraceSummary, _Mapping]]] = ..., matched: _Optional[int] = ..., total: _Optional[int] = ..., problem: _Optional[_Union[QueryProblem, _Mapping]] = ...) -> None: ...

class QueryProblem(_message.Message):
    __slots__ = ("message", "at", "length")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    LENGTH_FIELD_NUMBER: _ClassVar[int]
    message: str
    at: int
    length: int
    def __init__(self, message: _Optional[str] = ..., at: _Optional[int] = ..., length: _Optional[int] = ...) -> None: ...

class GetTraceRequest(_message.Message):
    __slots__ = ("trace_id",)
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    trace_id: str
    def __init__(self, trace_id: _Optional[str] = ...) -> None: ...

class SpanColumns(_message.Message):
    __slots__ = ("texts", "ids", "parents", "start_ns", "duration_ns", "services", "places", "titles", "alike", "kinds", "flags")
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    PARENTS_FIELD_NUMBER: _ClassVar[int]
    START_NS_FIELD_NUMBER: _ClassVar[int]
    DURATION_NS_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    PLACES_FIELD_NUMBER: _ClassVar[int]
    TITLES_FIELD_NUMBER: _ClassVar[int]
    ALIKE_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    texts: _containers.RepeatedScalarFieldContainer[str]
    ids: bytes
    parents: bytes
    start_ns: bytes
    duration_ns: bytes
    services: bytes
    places: bytes
    titles: bytes
    alike: bytes
    kinds: bytes
    flags: bytes
    def __init__(self, texts: _Optional[_Iterable[str]] = ..., ids: _Optional[bytes] = ..., parents: _Optional[bytes] = ..., start_ns: _Optional[bytes] = ..., duration_ns: _Optional[bytes] = ..., services: _Optional[bytes] = ..., places: _Optional[bytes] = ..., titles: _Optional[bytes] = ..., alike: _Optional[bytes] = ..., kinds: _Optional[bytes] = ..., flags: _Optional[bytes] = ...) -> None: ...

class Trace(_message.Message):
    __slots__ = ("trace_id", "spans", "logs", "found")
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    LOGS_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    trace_id: str
    spans: SpanColumns
    logs: _containers.RepeatedCompositeFieldContainer[LogLine]
    found: bool
    def __init__(self, trace_id: _Optional[str] = ..., spans: _Optional[_Union[SpanColumns, _Mapping]] = ..., logs: _Optional[_Iterable[_Union[LogLine, _Mapping]]] = ..., found: _Optional[bool] = ...) -> None: ...

class ReadSpansRequest(_message.Message):
    __slots__ = ("trace_id", "span_ids")
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    SPAN_IDS_FIELD_NUMBER: _ClassVar[int]
    trace_id: str
    span_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, trace_id: _Optional[str] = ..., span_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class Span(_message.Message):
    __slots__ = ("span_id", "parent_id", "service", "name", "kind", "start_ns", "duration_ns", "error", "status", "attributes_json", "events_json")
    SPAN_ID_FIELD_NUMBER: _ClassVar[int]
    PARENT_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    START_NS_FIELD_NUMBER: _ClassVar[int]
    DURATION_NS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_JSON_FIELD_NUMBER: _ClassVar[int]
    EVENTS_JSON_FIELD_NUMBER: _ClassVar[int]
    span_id: str
    parent_id: str
    service: str
    name: str
    kind: str
    start_ns: int
    duration_ns: int
    error: bool
    status: str
    attributes_json: str
    events_json: str
    def __init__(self, span_id: _Optional[str] = ..., parent_id: _Optional[str] = ..., service: _Optional[str] = ..., name: _Optional[str] = ..., kind: _Optional[str] = ..., start_ns: _Optional[int] = ..., duration_ns: _Optional[int] = ..., error: _Optional[bool] = ..., status: _Optional[str] = ..., attributes_json: _Optional[str] = ..., events_json: _Optional[str] = ...) -> None: ...

class SpanList(_message.Message):
    __slots__ = ("spans",)
    SPANS_FIELD_NUMBER: _ClassVar[int]
    spans: _containers.RepeatedCompositeFieldContainer[Span]
    def __init__(self, spans: _Optional[_Iterable[_Union[Span, _Mapping]]] = ...) -> None: ...

class ExportTraceRequest(_message.Message):
    __slots__ = ("trace_id",)
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    trace_id: str
    def __init__(self, trace_id: _Optional[str] = ...) -> None: ...

class TraceExport(_message.Message):
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...

class ListLogsRequest(_message.Message):
    __slots__ = ("query", "from_ns", "to_ns", "limit", "after_id", "before_id", "histogram_bins")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    FROM_NS_FIELD_NUMBER: _ClassVar[int]
    TO_NS_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    AFTER_ID_FIELD_NUMBER: _ClassVar[int]
    BEFORE_ID_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_BINS_FIELD_NUMBER: _ClassVar[int]
    query: str
    from_ns: int
    to_ns: int
    limit: int
    after_id: int
    before_id: int
    histogram_bins: int
    def __init__(self, query: _Optional[str] = ..., from_ns: _Optional[int] = ..., to_ns: _Optional[int] = ..., limit: _Optional[int] = ..., after_id: _Optional[int] = ..., before_id: _Optional[int] = ..., histogram_bins: _Optional[int] = ...) -> None: ...

class LogLine(_message.Message):
    __slots__ = ("id", "time_ns", "level", "service", "trace_id", "span_id", "message", "fields_json")
    ID_FIELD_NUMBER: _ClassVar[int]
    TIME_NS_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    SPAN_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    FIELDS_JSON_FIELD_NUMBER: _ClassVar[int]
    id: int
    time_ns: int
    level: str
    service: str
    trace_id: str
    span_id: str
    message: str
    fields_json: str
    def __init__(self, id: _Optional[int] = ..., time_ns: _Optional[int] = ..., level: _Optional[str] = ..., service: _Optional[str] = ..., trace_id: _Optional[str] = ..., span_id: _Optional[str] = ..., message: _Optional[str] = ..., fields_json: _Optional[str] = ...) -> None: ...

class LogPage(_message.Message):
    __slots__ = ("lines", "matched", "total", "problem", "histogram")
    LINES_FIELD_NUMBER: _ClassVar[int]
    MATCHED_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_FIELD_NUMBER: _ClassVar[int]
    lines: _containers.RepeatedCompositeFieldContainer[LogLine]
    matched: int
    total: int
    problem: QueryProblem
    histogram: _containers.RepeatedCompositeFieldContainer[HistogramBin]
    def __init__(self, lines: _Optional[_Iterable[_Union[LogLine, _Mapping]]] = ..., matched: _Optional[int] = ..., total: _Optional[int] = ..., problem: _Optional[_Union[QueryProblem, _Mapping]] = ..., histogram: _Optional[_Iterable[_Union[HistogramBin, _Mapping]]] = ...) -> None: ...

class HistogramBin(_message.Message):
    __slots__ = ("start_ns", "info", "warn", "error")
    START_NS_FIELD_NUMBER: _ClassVar[int]
    INFO_FIELD_NUMBER: _ClassVar[int]
    WARN_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    start_ns: int
    info: int
    warn: int
    error: int
    def __init__(self, start_ns: _Optional[int] = ..., info: _Optional[int] = ..., warn: _Optional[int] = ..., error: _Optional[int] = ...) -> None: ...

class ServiceMapRequest(_message.Message):
    __slots__ = ("window_s",)
    WINDOW_S_FIELD_NUMBER: _ClassVar[int]
    window_s: float
    def __init__(self, window_s: _Optional[float] = ...) -> None: ...

class ServiceNode(_message.Message):
    __slots__ = ("name", "requests_per_s", "p95_ms", "error_percent", "state")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUESTS_PER_S_FIELD_NUMBER: _ClassVar[int]
    P95_MS_FIELD_NUMBER: _ClassVar[int]
    ERROR_PERCENT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    name: str
    requests_per_s: float
    p95_ms: float
    error_percent: float
    state: str
    def __init__(self, name: _Optional[str] = ..., requests_per_s: _Optional[float] = ..., p95_ms: _Optional[float] = ..., error_percent: _Optional[float] = ..., state: _Optional[str] = ...) -> None: ...

class ServiceEdge(_message.Message):
    __slots__ = ("source", "target", "calls_per_s", "p95_ms", "error_percent", "calls_per_request")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    CALLS_PER_S_FIELD_NUMBER: _ClassVar[int]
    P95_MS_FIELD_NUMBER: _ClassVar[int]
    ERROR_PERCENT_FIELD_NUMBER: _ClassVar[int]
    CALLS_PER_REQUEST_FIELD_NUMBER: _ClassVar[int]
    source: str
    target: str
    calls_per_s: float
    p95_ms: float
    error_percent: float
    calls_per_request: float
    def __init__(self, source: _Optional[str] = ..., target: _Optional[str] = ..., calls_per_s: _Optional[float] = ..., p95_ms: _Optional[float] = ..., error_percent: _Optional[float] = ..., calls_per_request: _Optional[float] = ...) -> None: ...

class ServiceMap(_message.Message):
    __slots__ = ("nodes", "edges")
    NODES_FIELD_NUMBER: _ClassVar[int]
    EDGES_FIELD_NUMBER: _ClassVar[int]
    nodes: _containers.RepeatedCompositeFieldContainer[ServiceNode]
    edges: _containers.RepeatedCompositeFieldContainer[ServiceEdge]
    def __init__(self, nodes: _Optional[_Iterable[_Union[ServiceNode, _Mapping]]] = ..., edges: _Optional[_Iterable[_Union[ServiceEdge, _Mapping]]] = ...) -> None: ...

class CountersRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Counters(_message.Message):
    __slots__ = ("spans", "logs", "points", "dropped", "refused", "queued", "not_written", "not_forwarded")
    SPANS_FIELD_NUMBER: _ClassVar[int]
    LOGS_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    QUEUED_FIELD_NUMBER: _ClassVar[int]
    NOT_WRITTEN_FIELD_NUMBER: _ClassVar[int]
    NOT_FORWARDED_FIELD_NUMBER: _ClassVar[int]
    spans: int
    logs: int
    points: int
    dropped: int
    refused: int
    queued: int
    not_written: int
    not_forwarded: int
    def __init__(self, spans: _Optional[int] = ..., logs: _Optional[int] = ..., points: _Optional[int] = ..., dropped: _Optional[int] = ..., refused: _Optional[int] = ..., queued: _Optional[int] = ..., not_written: _Optional[int] = ..., not_forwarded: _Optional[int] = ...) -> None: ...
