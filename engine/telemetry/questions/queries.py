"""Questions about traces, logs and services; the same for a live drill and a recorded one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from engine.telemetry.questions.log_queries import LogQueries
from engine.telemetry.questions.map_queries import MapQueries
from engine.telemetry.questions.trace_queries import TraceQueries, summary_of
from engine.telemetry.records import (
    LogCounts,
    LogFilter,
    LogPage,
    RouteStats,
    Scatter,
    ServiceMap,
    SpanDetails,
    Trace,
    TraceFilter,
    TracePage,
)
from engine.telemetry.wire.columns import fixed_id
from engine.telemetry.wire.opened import span_details, span_table
from engine.telemetry.wire.otlp_json import trace_json


class Queries:
    """All times are wall-clock nanoseconds, `from_ns` included and `to_ns` not.

    A query text with an error raises `language.QueryError`, which has the position.
    """

    def __init__(
        self,
        traces: TraceQueries,
        logs: LogQueries,
        services: MapQueries,
        newest_s: Callable[[], int],
        raw_from_ns: Callable[[], int],
    ) -> None:
        self._traces = traces
        self._logs = logs
        self._services = services
        self._newest_s = newest_s
        self._raw_from_ns = raw_from_ns

    async def list_traces(
        self, wanted: TraceFilter, from_ns: int, to_ns: int, limit: int = 100, before: str = ""
    ) -> TracePage:
        """Summaries, newest first; `before` is the `next` of the page before."""
        return await self._traces.list_traces(wanted, from_ns, to_ns, limit, before, self._raw_from_ns())

    async def scatter(self, wanted: TraceFilter, from_ns: int, to_ns: int, max_points: int = 5000) -> Scatter:
        """Duration over start, one point a trace."""
        return await self._traces.scatter(wanted, from_ns, to_ns, max_points)

    async def trace(self, trace_id: str) -> Trace | None:
        """A trace with its spans and log lines; None where nothing of it is kept."""
        trace = _id_of(trace_id, 16)
        return await asyncio.to_thread(self._open, trace) if trace else None

    async def spans(self, trace_id: str, span_ids: Sequence[str]) -> tuple[SpanDetails, ...]:
        """All that is known of some spans of a trace, in the order asked for; those not kept are left out."""
        trace = _id_of(trace_id, 16)
        wanted = [_id_of(span_id, 8) for span_id in span_ids]
        return await asyncio.to_thread(self._details, trace, wanted)

    async def otlp_json(self, trace_id: str) -> str:
        """A trace as OTLP JSON with all that was sent; an empty text where nothing of it is kept."""
        trace = _id_of(trace_id, 16)
        return await asyncio.to_thread(lambda: trace_json(self._traces.payloads(trace), trace))

    async def logs(
        self,
        wanted: LogFilter,
        from_ns: int,
        to_ns: int,
        limit: int = 200,
        before: int | None = None,
        after: int | None = None,
    ) -> LogPage:
        """Lines, newest first, with an id below `before` or above `after` (following: the newest `limit`)."""
        return await self._logs.logs(wanted, from_ns, to_ns, limit, before, after)

    async def log_counts(self, wanted: LogFilter, from_ns: int, to_ns: int, bins: int = 60) -> LogCounts:
        """How many lines match, by time and level."""
        return await self._logs.log_counts(wanted, from_ns, to_ns, bins)

    async def service_map(self, window_s: float, until_ns: int | None = None) -> ServiceMap:
        """Rates and P95 of services and edges in the window that ends at `until_ns` (None: the newest)."""
        until_s = self._newest_s() if until_ns is None else until_ns // 1_000_000_000
        from_s = until_s - max(1, round(window_s))
        return await asyncio.to_thread(self._services.service_map, from_s, until_s)

    async def routes(self, from_s: int, to_s: int) -> tuple[RouteStats, ...]:
        """Requests, errors and percentiles of each route from the rollups, which are kept for ever."""
        return await asyncio.to_thread(self._services.routes, from_s, to_s)

    def forget_opened(self) -> None:
        """Read batches anew: retention has rewritten some."""
        self._traces.forget_opened()
        self._logs.forget_opened()

    def _open(self, trace: bytes) -> Trace | None:
        spans = self._traces.spans(trace)
        if not spans:
            return None
        table = span_table(spans)
        return Trace(summary_of(trace.hex(), table), table, self._logs.of_trace(trace))

    def _details(self, trace: bytes, wanted: Sequence[bytes]) -> tuple[SpanDetails, ...]:
        by_id = {fixed_id(span.message.span_id, 8): span for span in self._traces.spans(trace)}
        return tuple(span_details(by_id[span_id]) for span_id in wanted if span_id in by_id)


def _id_of(text: str, length: int) -> bytes:
    """An id from its hex text; empty where it is none."""
    try:
        raw = bytes.fromhex(text.strip())
    except ValueError:
        return b""
    return raw if len(raw) == length else b""
