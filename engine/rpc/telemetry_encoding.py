"""Records of telemetry as messages."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.telemetry.metrics.catalogue import PARTS, MetricEntry
from engine.telemetry.questions.language import QueryError
from engine.telemetry.records import LogLine, MapEdge, MapNode, SpanDetails, SpanStatus, SpanTable, Trace
from protos.drill.v1 import telemetry_pb2 as pb
from protos.drill.v1.records import DETACHED, FAILED


def encode_series(name: str, at_s: Any, values: Any) -> pb.Series:
    """Points of one series."""
    return pb.Series(
        name=name,
        at_s=np.asarray(at_s, dtype="<f8").tobytes(),
        values=np.asarray(values, dtype="<f8").tobytes(),
    )


def encode_problem(error: QueryError) -> pb.QueryProblem:
    """Where a query is malformed."""
    return pb.QueryProblem(message=error.message, at=error.start, length=max(1, error.end - error.start))


def _finite(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def encode_node(node: MapNode) -> pb.ServiceNode:
    """A service with its state."""
    percent = 100 * node.errors_per_s / node.requests_per_s if node.requests_per_s else 0.0
    state = (
        "idle"
        if not node.requests_per_s
        else "critical"
        if percent >= 5
        else "warning"
        if percent >= 1
        else "ok"
    )
    return pb.ServiceNode(
        name=node.name,
        requests_per_s=node.requests_per_s,
        p95_ms=_finite(node.p95_ms),
        error_percent=percent,
        state=state,
    )


def encode_edge(edge: MapEdge) -> pb.ServiceEdge:
    """Measured calls."""
    percent = 100 * edge.errors_per_s / edge.calls_per_s if edge.calls_per_s else 0.0
    return pb.ServiceEdge(
        source=edge.source,
        target=edge.target,
        calls_per_s=edge.calls_per_s,
        p95_ms=_finite(edge.p95_ms),
        error_percent=percent,
        calls_per_request=_finite(edge.calls_per_request),
    )


def encode_line(line: LogLine) -> pb.LogLine:
    """One log line."""
    return pb.LogLine(
        id=line.id,
        time_ns=line.at_ns,
        level=line.level,
        service=line.service,
        trace_id=line.trace_id,
        span_id=line.span_id,
        message=line.body,
        fields_json=_json(dict(line.attributes)),
    )


def encode_metric(entry: MetricEntry) -> pb.Metric:
    """A metric with its series."""
    series = [
        pb.MetricSeries(base=one.base, attributes_json=_json(dict(one.attributes))) for one in entry.series
    ]
    return pb.Metric(
        name=entry.name,
        kind=entry.kind,
        unit=entry.unit,
        sent_unit=entry.sent_unit,
        text=entry.text,
        parts=PARTS[entry.kind],
        series=series,
    )


def encode_trace(trace: Trace) -> pb.Trace:
    """A trace with its spans as columns."""
    return pb.Trace(
        trace_id=trace.summary.trace_id,
        spans=_columns(trace.spans),
        logs=[encode_line(line) for line in trace.logs],
        found=True,
    )


def encode_span(span: SpanDetails) -> pb.Span:
    """One span with all that is known of it."""
    events = [
        {"name": event.name, "at_ns": event.at_ns, "attributes": dict(event.attributes)}
        for event in span.events
    ]
    return pb.Span(
        span_id=span.span_id,
        parent_id=span.parent_id,
        service=span.service,
        name=span.name,
        kind=span.kind.name.lower(),
        start_ns=span.start_ns,
        duration_ns=span.duration_ns,
        error=span.status == SpanStatus.ERROR,
        status=span.status_message,
        attributes_json=_json(dict(span.attributes)),
        events_json=_json(events),
    )


class _Texts:
    """Each text once, and its number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def column(self, texts: Sequence[str]) -> bytes:
        """The numbers of these texts."""
        numbers = self._numbers
        return _packed([numbers.setdefault(text, len(numbers)) for text in texts], "<u4")

    def all(self) -> list[str]:
        """The texts in the order of their numbers."""
        return list(self._numbers)


def _columns(spans: SpanTable) -> pb.SpanColumns:
    texts = _Texts()
    has_parent = np.array([bool(parent) for parent in spans.parent_ids], np.bool_)
    failed = spans.statuses == SpanStatus.ERROR
    detached = has_parent & (spans.parent_index < 0)
    columns = {
        "services": texts.column(spans.services),
        "places": texts.column(spans.places),
        "titles": texts.column(spans.titles),
    }
    return pb.SpanColumns(
        texts=texts.all(),
        ids=_packed(np.frombuffer(bytes.fromhex("".join(spans.span_ids)), ">u8"), "<u8"),
        parents=_packed(spans.parent_index, "<i4"),
        start_ns=_packed(spans.start_ns, "<i8"),
        duration_ns=_packed(spans.duration_ns, "<i8"),
        alike=_packed(spans.alike, "<u4"),
        kinds=_packed(spans.kinds, "u1"),
        flags=_packed(failed * FAILED + detached * DETACHED, "u1"),
        **columns,
    )


def _packed(values: Any, kind: str) -> bytes:
    return np.asarray(values).astype(kind).tobytes()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
