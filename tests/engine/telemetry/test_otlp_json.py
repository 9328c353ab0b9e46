"""A trace as OTLP JSON: what another tool reads is what was sent."""

from __future__ import annotations

import base64
import json
from typing import Any

from google.protobuf.json_format import ParseDict
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from engine.telemetry.wire.otlp_json import trace_json

TRACE, OTHER = b"t" * 16, b"o" * 16


def test_that_ids_are_hex_times_are_text_and_enums_are_numbers(otlp: Any) -> None:
    spec = otlp.Span(TRACE, b"s" * 8, parent=b"p" * 8, error=True, attributes={"traceId": "kept", "n": 7})
    told = json.loads(trace_json([otlp.spans([spec])], TRACE))
    (span,) = told["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert (span["traceId"], span["spanId"], span["parentSpanId"]) == ("74" * 16, "73" * 8, "70" * 8)
    assert span["startTimeUnixNano"] == "1700000000000000000"
    assert (span["kind"], span["status"]["code"]) == (2, 2)
    assert {"key": "traceId", "value": {"stringValue": "kept"}} in span["attributes"]


def test_that_only_the_spans_of_the_trace_are_told_each_once_and_the_last_as_sent(otlp: Any) -> None:
    first = otlp.spans([otlp.Span(TRACE, b"a" * 8, name="early"), otlp.Span(OTHER, b"x" * 8)])
    second = otlp.spans(
        [otlp.Span(TRACE, b"a" * 8, name="late"), otlp.Span(TRACE, b"b" * 8, service="ledger")]
    )
    told = json.loads(trace_json([first, b"\xff damaged", second], TRACE))
    for part in told["resourceSpans"]:
        for scope in part["scopeSpans"]:
            for span in scope.get("spans", ()):
                for key in ("traceId", "spanId"):
                    span[key] = base64.b64encode(bytes.fromhex(span[key])).decode()
    data = ParseDict(told, TracesData())
    spans = [span for part in data.resource_spans for scope in part.scope_spans for span in scope.spans]
    assert sorted((span.span_id, span.name) for span in spans) == [
        (b"a" * 8, "late"),
        (b"b" * 8, "POST /charges"),
    ]


def test_that_a_trace_that_is_not_kept_is_an_empty_text(otlp: Any) -> None:
    assert trace_json([otlp.spans([otlp.Span(OTHER, b"x" * 8)])], TRACE) == ""
