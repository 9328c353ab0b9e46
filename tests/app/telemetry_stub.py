"""The contract's `Telemetry` service over lists that a test fills: traces, log lines, and one query that is wrong."""

from __future__ import annotations

import time
from typing import Any

from protos.drill.v1 import telemetry_pb2 as pb
from protos.drill.v1.telemetry_pb2_grpc import TelemetryServicer

WRONG = "nonsense:"
MESSAGE = "there is no field nonsense: (fields are service:, level:)"


class TelemetryStub(TelemetryServicer):
    """Answers from `traces` and `lines`; a query must be a substring of the entry or message. Counts its calls."""

    def __init__(self) -> None:
        self.traces: list[pb.Trace] = []
        self.lines: list[pb.LogLine] = []
        self.asked: list[str] = []

    def add_trace(self, trace: pb.Trace) -> None:
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
        found = next((trace for trace in self.traces if trace.trace_id == request.trace_id), None)
        return found if found is not None else pb.Trace(trace_id=request.trace_id, found=False)

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


def summary_of(trace: pb.Trace) -> pb.TraceSummary:
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
