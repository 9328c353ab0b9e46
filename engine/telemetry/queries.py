"""Questions about traces, logs and services; the same for a live drill and a recorded one."""

from __future__ import annotations

from typing import Protocol

from engine.telemetry.records import (
    LogCounts,
    LogFilter,
    LogPage,
    RouteStats,
    Scatter,
    ServiceMap,
    Trace,
    TraceFilter,
    TracePage,
)


class Queries(Protocol):
    """All times are wall-clock nanoseconds, `from_ns` included and `to_ns` not.

    A query text with an error raises `language.QueryError`, which has the position.
    """

    async def list_traces(
        self, wanted: TraceFilter, from_ns: int, to_ns: int, limit: int = 100, before: str = ""
    ) -> TracePage:
        """Summaries, newest first; `before` is the `next` of the page before."""
        ...

    async def scatter(self, wanted: TraceFilter, from_ns: int, to_ns: int, max_points: int = 5000) -> Scatter:
        """Duration over start, one point a trace."""
        ...

    async def trace(self, trace_id: str) -> Trace | None:
        """A trace with its spans and log lines; None where nothing of it is kept."""
        ...

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
        ...

    async def log_counts(self, wanted: LogFilter, from_ns: int, to_ns: int, bins: int = 60) -> LogCounts:
        """How many lines match, by time and level."""
        ...

    async def service_map(self, window_s: float, until_ns: int | None = None) -> ServiceMap:
        """Rates and P95 of services and edges in the window that ends at `until_ns` (None: the newest)."""
        ...

    async def routes(self, from_s: int, to_s: int) -> tuple[RouteStats, ...]:
        """Requests, errors and percentiles of each route from the rollups, which are kept for ever."""
        ...
