"""Decoding spans: nothing that parses can upset it, and what is wrong is counted."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from engine.telemetry.memory.traces import summarize
from engine.telemetry.wire.columns import classify_new, decode_spans, id_starts, trace_bytes
from engine.telemetry.wire.lean_pb2 import Spans
from engine.telemetry.wire.opened import span_table, spans_by_trace, without_duplicates
from engine.telemetry.wire.signatures import OTHER, Signatures

TIMES = st.one_of(st.integers(0, 2**64 - 1), st.integers(1_700_000_000 * 10**9, 1_700_000_100 * 10**9))
IDS = st.binary(max_size=20)


@st.composite
def any_export(draw: Any) -> bytes:
    """An export whose spans have any ids, times, kinds, names and status."""
    request = ExportTraceServiceRequest()
    for _ in range(draw(st.integers(0, 3))):
        scope = request.resource_spans.add().scope_spans.add()
        for _ in range(draw(st.integers(0, 5))):
            span = scope.spans.add(
                trace_id=draw(IDS),
                span_id=draw(IDS),
                parent_span_id=draw(IDS),
                name=draw(st.text(max_size=8)),
                start_time_unix_nano=draw(TIMES),
                end_time_unix_nano=draw(TIMES),
            )
            span.kind = draw(st.integers(-(2**31), 2**31 - 1))
            if draw(st.booleans()):
                span.status.code = draw(st.integers(-5, 99))
    return request.SerializeToString()


@given(any_export())
def test_that_any_export_becomes_columns_and_opens(payload: bytes) -> None:
    signatures = Signatures()
    message = Spans.FromString(payload)
    decoded = decode_spans(message, signatures)
    sent = sum(len(scope.spans) for resource in message.resource_spans for scope in resource.scope_spans)
    assert len(decoded.columns) + decoded.dropped == sent
    assert (decoded.columns.end_ns >= decoded.columns.start_ns).all()
    assert (decoded.columns.span != 0).all()
    classify_new(payload, signatures)
    parts = summarize(decoded.columns, signatures)
    assert int(parts["spans"].sum()) == len(decoded.columns)
    opened = {trace: spans for trace, spans in spans_by_trace(payload).items() if any(trace)}
    assert {raw.tobytes() for raw in parts["trace"]} == set(opened)
    for spans in opened.values():
        table = span_table(without_duplicates(spans))
        assert (table.duration_ns >= 0).all()


@given(st.binary(max_size=200))
def test_that_bytes_are_an_export_or_refused_and_nothing_else(payload: bytes) -> None:
    with suppress(DecodeError):
        message = Spans.FromString(payload)
        signatures = Signatures()
        decode_spans(message, signatures)
        classify_new(payload, signatures)
        spans_by_trace(payload)


def test_that_an_end_before_the_start_is_mended_and_counted(otlp: Any) -> None:
    spec = otlp.Span(b"t" * 16, b"s" * 8, start_ns=2000, end_ns=1000)
    decoded = decode_spans(Spans.FromString(otlp.spans([spec])), Signatures())
    assert decoded.mended == 1
    assert decoded.columns.duration_us.tolist() == [0]


def test_that_a_span_without_valid_ids_is_dropped_and_counted(otlp: Any) -> None:
    specs = [
        otlp.Span(b"", b"s" * 8),
        otlp.Span(b"t" * 16, b""),
        otlp.Span(b"\0" * 16, b"s" * 8),
        otlp.Span(b"t" * 16, b"s" * 8),
    ]
    decoded = decode_spans(Spans.FromString(otlp.spans(specs)), Signatures())
    assert (len(decoded.columns), decoded.dropped) == (1, 3)


def test_that_an_id_is_found_by_the_beginning_of_its_hex_text(otlp: Any) -> None:
    trace = bytes(range(16))
    columns = decode_spans(Spans.FromString(otlp.spans([otlp.Span(trace, b"s" * 8)])), Signatures()).columns
    ids = np.stack([columns.trace_high, columns.trace_low], axis=1)
    for length in range(33):
        assert id_starts(ids, trace.hex()[:length]).tolist() == [True]
    assert id_starts(ids, trace.hex() + "0").tolist() == [False]
    assert id_starts(ids, "1").tolist() == [False]
    assert trace_bytes(columns.trace_high, columns.trace_low) == [trace]


def test_that_too_many_span_names_become_one_other_a_service(otlp: Any) -> None:
    signatures = Signatures(limit=3)
    specs = [otlp.Span(b"t" * 16, bytes([i + 1]) * 8, name=f"GET /users/{i}") for i in range(50)]
    columns = decode_spans(Spans.FromString(otlp.spans(specs)), signatures).columns
    assert len(signatures) == 4
    assert signatures[int(columns.signature[-1])].name == OTHER
    assert np.unique(columns.signature).size == 4


def test_that_a_client_span_is_told_to_call_a_database_by_its_attributes(otlp: Any) -> None:
    signatures = Signatures()
    payload = otlp.spans(
        [
            otlp.Span(b"t" * 16, b"a" * 8, name="SELECT", kind=3, attributes={"db.system": "postgresql"}),
            otlp.Span(b"t" * 16, b"b" * 8, name="POST", kind=3, attributes={"http.method": "POST"}),
        ]
    )
    decode_spans(Spans.FromString(payload), signatures)
    classify_new(payload, signatures)
    assert [signatures[0].peer, signatures[1].peer] == ["postgres", ""]
    assert not signatures.unclassified()
