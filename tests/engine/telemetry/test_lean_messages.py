"""The lean messages have OTLP's own field numbers."""

from __future__ import annotations

import pytest
from google.protobuf.descriptor import Descriptor
from opentelemetry.proto.logs.v1 import logs_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

from engine.telemetry.wire import lean_pb2


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lean_pb2.Span.DESCRIPTOR, trace_pb2.Span.DESCRIPTOR),
        (lean_pb2.OpenedSpan.DESCRIPTOR, trace_pb2.Span.DESCRIPTOR),
        (lean_pb2.OpenedStatus.DESCRIPTOR, trace_pb2.Status.DESCRIPTOR),
        (lean_pb2.ScopeSpans.DESCRIPTOR, trace_pb2.ScopeSpans.DESCRIPTOR),
        (lean_pb2.ResourceSpans.DESCRIPTOR, trace_pb2.ResourceSpans.DESCRIPTOR),
        (lean_pb2.Spans.DESCRIPTOR, trace_pb2.TracesData.DESCRIPTOR),
        (lean_pb2.LogRecord.DESCRIPTOR, logs_pb2.LogRecord.DESCRIPTOR),
        (lean_pb2.ScopeLogs.DESCRIPTOR, logs_pb2.ScopeLogs.DESCRIPTOR),
        (lean_pb2.ResourceLogs.DESCRIPTOR, logs_pb2.ResourceLogs.DESCRIPTOR),
        (lean_pb2.Logs.DESCRIPTOR, logs_pb2.LogsData.DESCRIPTOR),
    ],
)
def test_that_field_names_have_the_numbers_of_otlp(ours: Descriptor, theirs: Descriptor) -> None:
    for field in ours.fields:
        assert theirs.fields_by_name[field.name].number == field.number
