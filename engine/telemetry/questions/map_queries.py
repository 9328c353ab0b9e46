"""Questions that rollups answer: the service map, and the percentiles of routes over any range."""

from __future__ import annotations

import math

import numpy as np

from engine.telemetry.disk.store import Reader
from engine.telemetry.memory.edges import EdgeNames
from engine.telemetry.memory.histogram import SPARSE, percentiles_ms
from engine.telemetry.memory.rollups import RollupRow, Rollups, Total, total, totals
from engine.telemetry.records import MapEdge, MapNode, RouteStats, ServiceMap
from engine.telemetry.wire.signatures import Signatures


class MapQueries:
    """Sums over seconds: from memory where it has them all, else from disk."""

    def __init__(
        self,
        rollups: Rollups,
        edge_rollups: Rollups,
        signatures: Signatures,
        edges: EdgeNames,
        reader: Reader,
    ) -> None:
        self._rollups = rollups
        self._edge_rollups = edge_rollups
        self._signatures = signatures
        self._edges = edges
        self._reader = reader

    def routes(self, from_s: int, to_s: int) -> tuple[RouteStats, ...]:
        """Requests and percentiles of each route. May read the disk."""
        found: list[RouteStats] = []
        for key, routed in totals(self._rows(self._rollups, from_s, to_s)).items():
            signature = self._signatures[key]
            if not signature.peer:
                p50, p95, p99 = percentiles_ms(routed.counts, (50, 95, 99))
                found.append(
                    RouteStats(
                        signature.service, signature.name, routed.requests, routed.errors, p50, p95, p99
                    )
                )
        return tuple(sorted(found, key=lambda stats: (stats.service, stats.route)))

    def service_map(self, from_s: int, to_s: int) -> ServiceMap:
        """Nodes and edges with their rates over the range. May read the disk."""
        seconds = max(1, to_s - from_s)
        served = self._served(from_s, to_s)
        edges = {
            self._edges[key]: edge
            for key, edge in totals(self._rows(self._edge_rollups, from_s, to_s)).items()
        }
        return ServiceMap(
            nodes=tuple(_node(name, found, seconds) for name, found in self._nodes(served, edges).items()),
            edges=tuple(_edge(pair, edge, served, seconds) for pair, edge in sorted(edges.items())),
        )

    def newest_s(self) -> int:
        """The last second that any rollup on disk has."""
        newest = self._reader.rows("SELECT max(second) FROM rollup")[0][0]
        return int(newest) if newest is not None else 0

    def _served(self, from_s: int, to_s: int) -> dict[str, Total]:
        """What each service served."""
        by_service: dict[str, list[RollupRow]] = {name: [] for name in self._signatures.serving()}
        for row in self._rows(self._rollups, from_s, to_s):
            signature = self._signatures[row.key]
            if not signature.peer:
                by_service[signature.service].append(row)
        return {name: total(rows) for name, rows in by_service.items()}

    def _nodes(self, served: dict[str, Total], edges: dict[tuple[str, str], Total]) -> dict[str, Total]:
        """The services, and the databases as their callers see them."""
        nodes = dict(served)
        for (_, target), edge in edges.items():
            if target not in served:
                known = nodes.get(target)
                nodes[target] = edge if known is None else _added(known, edge)
        return nodes

    def _rows(self, rollups: Rollups, from_s: int, to_s: int) -> list[RollupRow]:
        if from_s >= rollups.covered_from_s:
            return list(rollups.rows(from_s, to_s))
        table = (
            "signature, requests, errors, histogram FROM rollup"
            if rollups is self._rollups
            else "edge, requests, errors, histogram FROM edge_rollup"
        )
        rows = self._reader.rows(f"SELECT second, {table} WHERE second >= ? AND second < ?", (from_s, to_s))
        stored = [
            RollupRow(second, key, requests, errors, np.frombuffer(histogram, SPARSE))
            for second, key, requests, errors, histogram in rows
        ]
        return [*stored, *rollups.open_rows(from_s, to_s)]


def _added(one: Total, other: Total) -> Total:
    return Total(one.requests + other.requests, one.errors + other.errors, one.counts + other.counts)


def _node(name: str, found: Total, seconds: int) -> MapNode:
    p50, p95 = percentiles_ms(found.counts, (50, 95))
    return MapNode(name, found.requests / seconds, found.errors / seconds, p50, p95)


def _edge(pair: tuple[str, str], found: Total, served: dict[str, Total], seconds: int) -> MapEdge:
    source, target = pair
    (p95,) = percentiles_ms(found.counts, (95,))
    requests = served[source].requests if source in served else 0
    return MapEdge(
        source,
        target,
        found.requests / seconds,
        found.errors / seconds,
        p95,
        found.requests / requests if requests else math.nan,
    )
