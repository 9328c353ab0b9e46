"""What the proxy tells its owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class EdgeCounts:
    """What passed an edge since it was opened; all but those in flight and open only grow."""

    connections: int = 0
    open_connections: int = 0
    refused: int = 0
    """connections ended because the upstream did not accept"""
    moved: int = 0
    """times a living HTTP connection was turned to a new upstream port"""
    requests: int = 0
    responses: Mapping[str, int] = field(default_factory=dict)
    """by status class: `2xx`, `4xx`, ..."""
    lost: int = 0
    """HTTP requests whose connection ended before their response did"""
    in_flight: int = 0
    traceparents: int = 0
    queries: int = 0
    """PostgreSQL: simple Query messages"""
    executes: int = 0
    """PostgreSQL: Execute messages of the extended protocol"""
    bytes_up: int = 0
    bytes_down: int = 0
    unparsed: int = 0
    """connections whose bytes pass on uncounted: not the edge's protocol, upgraded or encrypted"""
    exchanges: int = 0
    """times that something came back for what a client had sent"""
    waited_ms: float = 0.0
    """all those times together, each from the first byte that the client sent to the first that came back"""
    peak_in_flight: int = 0
    """the most HTTP requests in flight since this reader's last look"""
    injected: Mapping[str, int] = field(default_factory=dict)
    """by kind of impairment: how often it acted"""

    @property
    def statements(self) -> int:
        """PostgreSQL statements, whichever way they were sent."""
        return self.queries + self.executes

    def latency_ms_since(self, earlier: EdgeCounts) -> float | None:
        """How long answers took on the whole since `earlier`; None where none came."""
        exchanges = self.exchanges - earlier.exchanges
        return (self.waited_ms - earlier.waited_ms) / exchanges if exchanges > 0 else None


@dataclass(frozen=True, slots=True)
class Hop:
    """One HTTP request as the proxy saw it; `traceparent` is empty where the request had none."""

    number: int
    """from 1 on each edge, without gaps: a gap in what was read means that the proxy had to forget some"""
    wall_ns: int
    method: str
    path: str
    traceparent: str
