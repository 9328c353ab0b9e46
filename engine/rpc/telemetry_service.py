"""The contract's `Telemetry` service: questions to the open run's telemetry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from engine.rpc.gate import caller
from engine.rpc.telemetry_encoding import (
    encode_edge,
    encode_line,
    encode_metric,
    encode_node,
    encode_problem,
    encode_series,
    encode_span,
    encode_trace,
)
from engine.runner.engine import Engine
from engine.telemetry.questions.language import QueryError
from engine.telemetry.records import Level, LogFilter, TraceFilter
from engine.telemetry.telemetry import Telemetry
from protos.drill.v1 import telemetry_pb2 as pb
from protos.drill.v1.telemetry_pb2_grpc import TelemetryServicer

MAX_POINTS = 2_000
MAX_TRACES = 5_000
MAX_LINES = 2_000
MAX_SPANS = 100
MAX_SERIES = 200
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
                answer.series.append(encode_series(name, seconds, values))
            yield answer

    async def ListMetrics(self, request: pb.ListMetricsRequest, context: Any) -> pb.MetricList:
        return pb.MetricList(metrics=[encode_metric(entry) for entry in self._telemetry.metrics()])

    async def ReadExemplars(self, request: pb.ReadExemplarsRequest, context: Any) -> pb.ExemplarList:
        to_ns = request.to_ns or self._engine.run.clock.wall_ns()
        found = self._telemetry.exemplars.read(request.series[:MAX_SERIES], request.from_ns, to_ns)
        return pb.ExemplarList(
            exemplars=[
                pb.Exemplar(series=name, at_ns=one.at_ns, value=one.value, trace_id=one.trace_id)
                for name, some in found.items()
                for one in some
            ]
        )

    async def GetEndpoints(self, request: pb.EndpointsRequest, context: Any) -> pb.Endpoints:
        http = f"http://{self._telemetry.http_endpoint}"
        return pb.Endpoints(
            otlp_grpc=f"http://{self._telemetry.endpoint}", otlp_http=http, metrics=f"{http}/metrics"
        )

    async def ListTraces(self, request: pb.ListTracesRequest, context: Any) -> pb.TraceList:
        limit = min(request.limit or 1000, MAX_TRACES)
        to_ns = request.to_ns or self._engine.run.clock.wall_ns()
        queries = self._telemetry.queries
        try:
            page = await queries.list_traces(TraceFilter(request.query), request.from_ns, to_ns, limit)
        except QueryError as error:
            return pb.TraceList(problem=encode_problem(error))
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
        trace = await self._telemetry.queries.trace(request.trace_id)
        if trace is None:
            return pb.Trace(trace_id=request.trace_id, found=False)
        return await asyncio.to_thread(encode_trace, trace)

    async def ReadSpans(self, request: pb.ReadSpansRequest, context: Any) -> pb.SpanList:
        wanted = request.span_ids[:MAX_SPANS]
        found = await self._telemetry.queries.spans(request.trace_id, wanted)
        return pb.SpanList(spans=[encode_span(span) for span in found])

    async def ExportTrace(self, request: pb.ExportTraceRequest, context: Any) -> pb.TraceExport:
        return pb.TraceExport(text=await self._telemetry.queries.otlp_json(request.trace_id))

    async def ListLogs(self, request: pb.ListLogsRequest, context: Any) -> pb.LogPage:
        limit = min(request.limit or 500, MAX_LINES)
        to_ns = request.to_ns or self._engine.run.clock.wall_ns()
        wanted, queries = LogFilter(request.query), self._telemetry.queries
        before, after = request.before_id or None, request.after_id or None
        try:
            page = await queries.logs(wanted, request.from_ns, to_ns, limit, before, after)
        except QueryError as error:
            return pb.LogPage(problem=encode_problem(error))
        answer = pb.LogPage(
            lines=[encode_line(line) for line in page.lines], total=self._telemetry.counters().log_lines
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
            nodes=[encode_node(node) for node in found.nodes],
            edges=[encode_edge(edge) for edge in found.edges],
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
            queued=self._telemetry.queued_exports,
            not_written=counters.not_written_batches,
            not_forwarded=counters.not_forwarded_exports,
        )

    def _series(self, names: Sequence[str], from_ns: int, to_ns: int, max_points: int) -> pb.SeriesSet:
        now_ns = self._engine.run.clock.wall_ns()
        end_s = (to_ns or now_ns) // 1_000_000_000 + 1
        found = self._telemetry.series.read(tuple(names), from_ns // 1_000_000_000, end_s, max_points)
        series = [encode_series(name, one.at_s, one.values) for name, one in found.items()]
        return pb.SeriesSet(series=series, now_ns=now_ns)
