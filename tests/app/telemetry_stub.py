"""The contract's `Telemetry` service over lists that a test fills: traces, log lines, and one query that is wrong."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from protos.drill.v1 import telemetry_pb2 as pb
from protos.drill.v1.records import DETACHED, FAILED, SPAN_KINDS
from protos.drill.v1.telemetry_pb2_grpc import TelemetryServicer

WRONG = "nonsense:"
MS = 1_000_000
MESSAGE = "there is no field nonsense: (fields are service:, level:)"


@dataclass
class StubTrace:
    """A trace as a test writes it: spans with all that is known of them, parents before their children."""

    trace_id: str
    spans: list[pb.Span] = field(default_factory=list)
    logs: list[pb.LogLine] = field(default_factory=list)

    def message(self) -> pb.Trace:
        """The trace as it is sent."""
        return pb.Trace(trace_id=self.trace_id, spans=columns_of(self.spans), logs=self.logs, found=True)


def span_id(name: str) -> str:
    """A span's id for a name that says more."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def made_span(
    name: str,
    parent: str = "",
    start_ms: float = 0,
    ms: float = 1,
    does: str = "",
    service: str = "billing",
    kind: str = "internal",
) -> pb.Span:
    """A span with what a waterfall needs; its id is made of `name`, and it is called as what it `does`."""
    return pb.Span(
        span_id=span_id(name),
        parent_id=span_id(parent) if parent else "",
        service=service,
        name=does or name,
        start_ns=round(start_ms * MS),
        duration_ns=round(ms * MS),
        kind=kind,
    )


def columns_of(spans: Sequence[pb.Span]) -> pb.SpanColumns:
    """The columns of spans that stand in the order of a waterfall; equal names and statements are alike."""
    places = {span.span_id: place for place, span in enumerate(spans)}
    texts: dict[str, int] = {}
    alike: dict[tuple[str, ...], int] = {}

    def number(text: str) -> int:
        return texts.setdefault(text, len(texts))

    def parent(span: pb.Span) -> int:
        return places.get(span.parent_id, -1) if span.parent_id else -1

    def flags(span: pb.Span) -> int:
        return FAILED * span.error + DETACHED * (bool(span.parent_id) and parent(span) < 0)

    def likeness(span: pb.Span) -> int:
        statement = str(json.loads(span.attributes_json or "{}").get("db.query.text", ""))
        return alike.setdefault((span.service, span.name, statement), len(alike))

    def place(span: pb.Span) -> str:
        return "postgres" if "db.query.text" in span.attributes_json else span.service

    def packed(values: Sequence[int], kind: str) -> bytes:
        return np.array(values, kind).tobytes()

    columns = {
        "services": packed([number(span.service) for span in spans], "<u4"),
        "places": packed([number(place(span)) for span in spans], "<u4"),
        "titles": packed([number(span.name) for span in spans], "<u4"),
    }
    return pb.SpanColumns(
        texts=list(texts),
        ids=packed([int(span.span_id, 16) for span in spans], "<u8"),
        parents=packed([parent(span) for span in spans], "<i4"),
        start_ns=packed([span.start_ns for span in spans], "<i8"),
        duration_ns=packed([span.duration_ns for span in spans], "<i8"),
        alike=packed([likeness(span) for span in spans], "<u4"),
        kinds=packed([SPAN_KINDS.index(span.kind) if span.kind else 1 for span in spans], "u1"),
        flags=packed([flags(span) for span in spans], "u1"),
        **columns,
    )


class TelemetryStub(TelemetryServicer):
    """Answers from `traces` and `lines`; a query must be a substring of the entry or message. Counts its calls."""

    def __init__(self) -> None:
        self.traces: list[StubTrace] = []
        self.lines: list[pb.LogLine] = []
        self.asked: list[str] = []

    def add_trace(self, trace: StubTrace) -> None:
        """Have one more trace, with its log lines."""
        self.traces.append(trace)
        self.lines.extend(trace.logs)

    def ListTraces(self, request: pb.ListTracesRequest, context: Any) -> pb.TraceList:
        self.asked.append(f"traces {request.query}")
        if WRONG in request.query:
            at = request.query.index(WRONG)
            return pb.TraceList(problem=pb.QueryProblem(message=MESSAGE, at=at, length=len(WRONG) - 1))
        to_ns = request.to_ns or time.time_ns()
        found = [summary_of(trace) for trace in self.traces]
        found = [
            one for one in found if request.from_ns <= one.start_ns < to_ns and _matches(request, one.entry)
        ]
        found.sort(key=lambda one: one.start_ns, reverse=True)
        return pb.TraceList(traces=found[: request.limit], matched=len(found), total=len(self.traces))

    def GetTrace(self, request: pb.GetTraceRequest, context: Any) -> pb.Trace:
        self.asked.append(f"trace {request.trace_id}")
        found = self._trace(request.trace_id)
        return found.message() if found is not None else pb.Trace(trace_id=request.trace_id, found=False)

    def ReadSpans(self, request: pb.ReadSpansRequest, context: Any) -> pb.SpanList:
        found = self._trace(request.trace_id)
        by_id = {span.span_id: span for span in found.spans} if found is not None else {}
        return pb.SpanList(spans=[by_id[wanted] for wanted in request.span_ids if wanted in by_id])

    def ExportTrace(self, request: pb.ExportTraceRequest, context: Any) -> pb.TraceExport:
        found = self._trace(request.trace_id)
        told = {"resourceSpans": [span.name for span in found.spans]} if found is not None else None
        return pb.TraceExport(text=json.dumps(told) if told else "")

    def _trace(self, trace_id: str) -> StubTrace | None:
        return next((trace for trace in self.traces if trace.trace_id == trace_id), None)

    def ListLogs(self, request: pb.ListLogsRequest, context: Any) -> pb.LogPage:
        self.asked.append(f"logs {request.query}")
        if WRONG in request.query:
            at = request.query.index(WRONG)
            return pb.LogPage(problem=pb.QueryProblem(message=MESSAGE, at=at, length=len(WRONG) - 1))
        to_ns = request.to_ns or time.time_ns()
        found = [
            line
            for line in self.lines
            if request.from_ns <= line.time_ns < to_ns
            and line.id > request.after_id
            and (not request.before_id or line.id < request.before_id)
            and _matches(request, f"{line.message} trace:{line.trace_id} span:{line.span_id}")
        ]
        found.sort(key=lambda line: (line.time_ns, line.id), reverse=True)
        page = pb.LogPage(lines=found[: request.limit], total=len(self.lines))
        if request.histogram_bins:
            self._count(page, found, request.from_ns, to_ns, request.histogram_bins)
        return page

    def _count(self, page: pb.LogPage, lines: list[pb.LogLine], from_ns: int, to_ns: int, bins: int) -> None:
        step = max(1, -(-(to_ns - from_ns) // bins))
        counts = [[0, 0, 0] for _ in range(bins)]
        for line in lines:
            level = 2 if line.level in ("error", "critical") else 1 if line.level == "warning" else 0
            counts[(line.time_ns - from_ns) // step][level] += 1
        for number, (info, warn, error) in enumerate(counts):
            page.histogram.add(start_ns=from_ns + number * step, info=info, warn=warn, error=error)
        page.matched = len(lines)


def summary_of(trace: StubTrace) -> pb.TraceSummary:
    """What a list says of a trace."""
    root = next((span for span in trace.spans if not span.parent_id), trace.spans[0])
    return pb.TraceSummary(
        trace_id=trace.trace_id,
        start_ns=root.start_ns,
        duration_ns=root.duration_ns,
        entry=root.name,
        service=root.service,
        spans=len(trace.spans),
        errors=sum(span.error for span in trace.spans),
    )


def _matches(request: Any, text: str) -> bool:
    """Words side by side must all occur, OR between groups of them; fields but trace and span are not looked at."""
    groups = request.query.replace("(", " ").replace(")", " ").split(" OR ")
    ignored = ("status:", "level:", "service:", "duration:")
    return any(
        all(word in text for word in group.split() if not word.startswith(ignored)) for group in groups
    )
