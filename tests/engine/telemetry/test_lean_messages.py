"""The lean messages: OTLP's own field numbers, and generated code that is fresh."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor
from opentelemetry.proto.logs.v1 import logs_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

from engine.telemetry import lean_pb2

ROOT = Path(__file__).resolve().parents[3]


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


def test_that_the_generated_code_is_fresh(tmp_path: Path) -> None:
    arguments = [
        "-I",
        ".",
        f"--python_out={tmp_path}",
        f"--pyi_out={tmp_path}",
        "engine/telemetry/lean.proto",
    ]
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", *arguments], cwd=ROOT, check=True, timeout=60)
    for name in ("lean_pb2.py", "lean_pb2.pyi"):
        generated = (tmp_path / "engine" / "telemetry" / name).read_text()
        assert generated == (ROOT / "engine" / "telemetry" / name).read_text()
