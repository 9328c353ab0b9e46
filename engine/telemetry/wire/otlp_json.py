"""A trace as OTLP JSON: the protobuf JSON mapping with ids in hex and enums as numbers, as the specification asks.

Source: OpenTelemetry Protocol specification, "JSON Protobuf Encoding".
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, TracesData

from engine.telemetry.wire.columns import fixed_id

_IDS = ("traceId", "spanId", "parentSpanId")


def trace_json(payloads: Iterable[bytes], trace: bytes) -> str:
    """The spans of a trace among export requests; of a span sent twice the last. An empty text without any."""
    data = TracesData()
    for payload in payloads:
        # An ExportTraceServiceRequest is a TracesData under another name: the same field, the same number.
        try:
            export = TracesData.FromString(payload)
        except DecodeError:
            continue
        for resource in export.resource_spans:
            _take(data, resource, trace)
    _drop_repeated(data)
    if not data.resource_spans:
        return ""
    told: dict[str, Any] = MessageToDict(data, use_integers_for_enums=True)
    _write_ids_in_hex(told)
    return json.dumps(told, indent=2, ensure_ascii=False)


def _take(data: TracesData, resource: ResourceSpans, trace: bytes) -> None:
    kept = [
        (scope, [span for span in scope.spans if fixed_id(span.trace_id, 16) == trace])
        for scope in resource.scope_spans
    ]
    if not any(spans for _, spans in kept):
        return
    taken = data.resource_spans.add(resource=resource.resource, schema_url=resource.schema_url)
    for scope, spans in kept:
        if spans:
            taken.scope_spans.append(ScopeSpans(scope=scope.scope, schema_url=scope.schema_url, spans=spans))


def _drop_repeated(data: TracesData) -> None:
    seen: set[bytes] = set()
    for resource in reversed(data.resource_spans):
        for scope in reversed(resource.scope_spans):
            last: list[Span] = []
            for span in reversed(scope.spans):
                if span.span_id not in seen:
                    seen.add(span.span_id)
                    last.append(span)
            del scope.spans[:]
            scope.spans.extend(reversed(last))


def _write_ids_in_hex(part: Any) -> None:
    if isinstance(part, list):
        for item in part:
            _write_ids_in_hex(item)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key in _IDS and isinstance(value, str):
                part[key] = base64.b64decode(value).hex()
            elif key != "attributes":
                _write_ids_in_hex(value)
