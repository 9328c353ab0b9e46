"""The contract's `Telemetry` service: questions to the open run's telemetry."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Sequence
from typing import Any

import numpy as np

from engine.rpc.gate import caller
from engine.runner.engine import Engine
from engine.telemetry.language import QueryError
from engine.telemetry.records import Level, LogFilter, LogLine, MapEdge, MapNode, SpanKind, Trace, TraceFilter
from engine.telemetry.telemetry import Telemetry
from protos.drill.v1 import telemetry_pb2 as pb
from protos.drill.v1.telemetry_pb2_grpc import TelemetryServicer

MAX_POINTS = 2_000
MAX_TRACES = 5_000
MAX_LINES = 2_000
UPDATE_EVERY_S = 0.25


class TelemetryService(TelemetryServicer):
    """Answers for the run that the engine has open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._refused_before = 0

    @property
    def _telemetry(self) -> Telemetry:
        return self._engine.run.telemetry

    async def ReadSeries(self, request: pb.ReadSeriesRequest, context: Any) -> pb.SeriesSet:
        points = min(request.max_points or MAX_POINTS, MAX_POINTS)
        return self._series(request.names, request.from_ns, request.to_ns, points)

    async def WatchSeries(self, request: pb.WatchSeriesRequest, context: Any) -> AsyncIterator[pb.SeriesSet]:
        caller.get()
        store, names = self._telemetry.series, set(request.names)
        yield self._series(request.names, request.from_ns, 0, MAX_POINTS)
        number = store.changes
        while True:
            await asyncio.sleep(UPDATE_EVERY_S)
            number, changed, complete = store.changed_since(number)
            if not complete:
                yield self._series(request.names, request.from_ns, 0, MAX_POINTS)
                continue
            answer = pb.SeriesSet(now_ns=self._engine.run.clock.wall_ns())
            for name in sorted(names & changed.keys()):
                seconds = sorted(changed[name])
                values = [changed[name][second] for second in seconds]
                answer.series.append(_series(name, seconds, values))
            yield answer

    async def ListTraces(self, request: pb.ListTracesRequest, context: Any) -> pb.TraceList:
        limit = min(request.limit or 1000, MAX_TRACES)
        to_ns = request.to_ns or self._engine.run.clock.wall_ns()
        queries = self._telemetry.queries
        try:
            page = await queries.list_traces(TraceFilter(request.query), request.from_ns, to_ns, limit)
        except QueryError as error:
            return pb.TraceList(problem=_problem(error))
        return pb.TraceList(
            traces=[
                pb.TraceSummary(
                    trace_id=trace.trace_id,
                    start_ns=trace.start_ns,
                    duration_ns=round(trace.duration_ms * 1e6),
                    entry=trace.entry,
                    service=trace.entry_service,
                    spans=trace.spans,
                    errors=trace.errors,
                )
                for trace in page.traces
            ],
            matched=page.matched,
            total=page.total,
        )

    async def GetTrace(self, request: pb.GetTraceRequest, context: Any) -> pb.Trace:
        trace = await self._telemetry.queries.trace(request.trace_id.strip().lower())
        if trace is None:
            return pb.Trace(trace_id=request.trace_id, found=False)
        return _trace(trace)

    async def ListLogs(self, request: pb.ListLogsRequest, context: Any) -> pb.LogPage:
        limit = min(request.limit or 500, MAX_LINES)
        to_ns = request.to_ns or self._engine.run.clock.wall_ns()
        wanted, queries = LogFilter(request.query), self._telemetry.queries
        before, after = request.before_id or None, request.after_id or None
        try:
            page = await queries.logs(wanted, request.from_ns, to_ns, limit, before, after)
        except QueryError as error:
            return pb.LogPage(problem=_problem(error))
        answer = pb.LogPage(
            lines=[_line(line) for line in page.lines], total=self._telemetry.counters().log_lines
        )
        if request.histogram_bins:
            bins = min(request.histogram_bins, 500)
            counts = await queries.log_counts(wanted, request.from_ns, to_ns, bins)
            levels = list(Level)
            info = counts.counts[: levels.index(Level.WARNING)].sum(axis=0)
            warn = counts.counts[levels.index(Level.WARNING)]
            error_rows = counts.counts[levels.index(Level.ERROR) :].sum(axis=0)
            answer.matched = int(counts.counts.sum())
            for start, *row in zip(counts.start_ns, info, warn, error_rows, strict=True):
                values = [int(value) for value in row]
                answer.histogram.append(
                    pb.HistogramBin(start_ns=int(start), info=values[0], warn=values[1], error=values[2])
                )
        return answer

    async def GetServiceMap(self, request: pb.ServiceMapRequest, context: Any) -> pb.ServiceMap:
        found = await self._telemetry.queries.service_map(request.window_s or 30.0)
        return pb.ServiceMap(
            nodes=[_node(node) for node in found.nodes], edges=[_edge(edge) for edge in found.edges]
        )

    async def GetCounters(self, request: pb.CountersRequest, context: Any) -> pb.Counters:
        counters = self._telemetry.counters()
        refused = counters.refused_malformed + counters.refused_too_large + counters.refused_busy
        # An export that is being read just now looks like one that was refused unread: told when it stays so.
        settled, self._refused_before = min(refused, self._refused_before), refused
        return pb.Counters(
            spans=counters.spans,
            logs=counters.log_lines,
            points=counters.metric_points,
            dropped=counters.dropped_spans + counters.dropped_log_lines + counters.dropped_metric_points,
            refused=settled,
        )

    def _series(self, names: Sequence[str], from_ns: int, to_ns: int, max_points: int) -> pb.SeriesSet:
        now_ns = self._engine.run.clock.wall_ns()
        end_s = (to_ns or now_ns) // 1_000_000_000 + 1
        found = self._telemetry.series.read(tuple(names), from_ns // 1_000_000_000, end_s, max_points)
        series = [_series(name, one.at_s, one.values) for name, one in found.items()]
        return pb.SeriesSet(series=series, now_ns=now_ns)


def _series(name: str, at_s: Any, values: Any) -> pb.Series:
    return pb.Series(
        name=name,
        at_s=np.asarray(at_s, dtype="<f8").tobytes(),
        values=np.asarray(values, dtype="<f8").tobytes(),
    )


def _problem(error: QueryError) -> pb.QueryProblem:
    return pb.QueryProblem(message=error.message, at=error.start, length=max(1, error.end - error.start))


def _finite(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def _node(node: MapNode) -> pb.ServiceNode:
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


def _edge(edge: MapEdge) -> pb.ServiceEdge:
    percent = 100 * edge.errors_per_s / edge.calls_per_s if edge.calls_per_s else 0.0
    return pb.ServiceEdge(
        source=edge.source,
        target=edge.target,
        calls_per_s=edge.calls_per_s,
        p95_ms=_finite(edge.p95_ms),
        error_percent=percent,
        calls_per_request=_finite(edge.calls_per_request),
    )


def _line(line: LogLine) -> pb.LogLine:
    return pb.LogLine(
        id=line.id,
        time_ns=line.at_ns,
        level=line.level,
        service=line.service,
        trace_id=line.trace_id,
        span_id=line.span_id,
        message=line.body,
        fields_json=json.dumps(dict(line.attributes), ensure_ascii=False, default=str),
    )


def _trace(trace: Trace) -> pb.Trace:
    spans, answer = trace.spans, pb.Trace(trace_id=trace.summary.trace_id, found=True)
    for i in range(len(spans)):
        events = [
            {"name": event.name, "at_ns": event.at_ns, "attributes": dict(event.attributes)}
            for event in spans.events[i]
        ]
        answer.spans.add(
            span_id=spans.span_ids[i],
            parent_id=spans.parent_ids[i],
            service=spans.services[i],
            name=spans.names[i],
            kind=SpanKind(int(spans.kinds[i])).name.lower(),
            start_ns=int(spans.start_ns[i]),
            duration_ns=int(spans.duration_ns[i]),
            error=int(spans.statuses[i]) == 2,
            status=spans.status_messages[i],
            attributes_json=json.dumps(dict(spans.attributes[i]), ensure_ascii=False, default=str),
            events_json=json.dumps(events, ensure_ascii=False, default=str),
        )
    answer.logs.extend(_line(line) for line in trace.logs)
    return answer
