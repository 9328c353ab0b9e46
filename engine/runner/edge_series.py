"""From the proxy's running counts to series a second: what passes, what waits, what breaks. No I/O."""

from __future__ import annotations

import math
from collections.abc import Mapping

from engine.lab.graph import edge_name, series_of
from engine.lab.proxy import EdgeCounts
from engine.packs.topology import Protocol, Topology


class EdgeSeries:
    """Remembers the counts before, since rates are differences."""

    def __init__(self, topology: Topology) -> None:
        self._edges = {edge_name(edge): edge for edge in topology.edges}
        self._before: Mapping[str, EdgeCounts] = {}
        self._before_s = 0.0

    def take(self, counts: Mapping[str, EdgeCounts], at_s: float) -> Mapping[str, float]:
        """The values now: `edge.<a>-to-<b>.*`, and `service.<name>.in_flight` over all HTTP edges that lead to it."""
        seconds = at_s - self._before_s
        values: dict[str, float] = {}
        for name, now in counts.items():
            edge, series = self._edges[name], series_of(name)
            before = self._before.get(name)
            if before is not None and seconds > 0:
                values |= {f"{series}.{key}": value / seconds for key, value in _changes(before, now).items()}
                latency_ms = now.latency_ms_since(before)
                values[f"{series}.latency_ms"] = math.nan if latency_ms is None else latency_ms
            if edge.protocol is Protocol.HTTP:
                values[f"{series}.in_flight"] = float(now.in_flight)
                waiting = f"service.{edge.target}.in_flight"
                values[waiting] = values.get(waiting, 0.0) + now.in_flight
        self._before, self._before_s = counts, at_s
        return values


def _changes(before: EdgeCounts, now: EdgeCounts) -> dict[str, int]:
    return {
        "requests_per_s": now.requests - before.requests,
        "queries_per_s": now.statements - before.statements,
        "refused_per_s": now.refused - before.refused,
        "lost_per_s": now.lost - before.lost,
        "errors_per_s": _failed(now) - _failed(before),
    }


def _failed(counts: EdgeCounts) -> int:
    return sum(number for status, number in counts.responses.items() if status in ("4xx", "5xx"))
