"""Exports as any OpenTelemetry SDK could send them, well formed or strange."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, settings
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

# How long an example takes says more about the machine than about the code.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class SpanSpec:
    """One span to send."""

    trace: bytes
    span: bytes
    parent: bytes = b""
    name: str = "POST /charges"
    kind: int = 2
    start_ns: int = 1_700_000_000_000_000_000
    end_ns: int = 1_700_000_000_100_000_000
    error: bool = False
    service: str = "gateway"
    attributes: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineSpec:
    """One log record to send."""

    body: str
    at_ns: int = 1_700_000_000_000_000_000
    severity: int = 9
    service: str = "gateway"
    trace: bytes = b""
    span: bytes = b""
    attributes: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GaugeSpec:
    """One metric point to send."""

    name: str
    value: float
    service: str = "billing"
    at_ns: int = 1_700_000_000_000_000_000
    is_sum: bool = False
    attributes: Mapping[str, Value] = field(default_factory=dict)


class Otlp:
    """Builds serialized export requests."""

    Span = SpanSpec
    Line = LineSpec
    Gauge = GaugeSpec

    def spans(self, specs: Sequence[SpanSpec]) -> bytes:
        """An ExportTraceServiceRequest."""
        request = ExportTraceServiceRequest()
        for spec in specs:
            resource = request.resource_spans.add()
            resource.resource.attributes.append(_pair("service.name", spec.service))
            span = resource.scope_spans.add().spans.add(
                trace_id=spec.trace,
                span_id=spec.span,
                parent_span_id=spec.parent,
                name=spec.name,
                kind=spec.kind,
                start_time_unix_nano=spec.start_ns,
                end_time_unix_nano=spec.end_ns,
            )
            span.attributes.extend(_pair(key, value) for key, value in spec.attributes.items())
            if spec.error:
                span.status.code = 2
                span.status.message = "it failed"
        return request.SerializeToString()

    def logs(self, specs: Sequence[LineSpec]) -> bytes:
        """An ExportLogsServiceRequest."""
        request = ExportLogsServiceRequest()
        for spec in specs:
            resource = request.resource_logs.add()
            resource.resource.attributes.append(_pair("service.name", spec.service))
            scope = resource.scope_logs.add()
            scope.scope.name = "app"
            record = scope.log_records.add(
                time_unix_nano=spec.at_ns,
                severity_number=spec.severity,
                trace_id=spec.trace,
                span_id=spec.span,
            )
            record.body.string_value = spec.body
            record.attributes.extend(_pair(key, value) for key, value in spec.attributes.items())
        return request.SerializeToString()

    def metrics(self, specs: Sequence[GaugeSpec]) -> bytes:
        """An ExportMetricsServiceRequest with all points in one resource a service."""
        request = ExportMetricsServiceRequest()
        for service in dict.fromkeys(spec.service for spec in specs):
            resource = request.resource_metrics.add()
            resource.resource.attributes.append(_pair("service.name", service))
            scope = resource.scope_metrics.add()
            for spec in specs:
                if spec.service == service:
                    metric = scope.metrics.add(name=spec.name)
                    points = metric.sum.data_points if spec.is_sum else metric.gauge.data_points
                    point = points.add(time_unix_nano=spec.at_ns, as_double=spec.value)
                    point.attributes.extend(_pair(key, value) for key, value in spec.attributes.items())
        return request.SerializeToString()


def _pair(key: str, value: Value) -> KeyValue:
    pair = KeyValue(key=key)
    if isinstance(value, bool):
        pair.value.bool_value = value
    elif isinstance(value, int):
        pair.value.int_value = value
    elif isinstance(value, float):
        pair.value.double_value = value
    else:
        pair.value.string_value = value
    return pair


@pytest.fixture(scope="session")
def otlp() -> Otlp:
    """The builder of exports."""
    return Otlp()
