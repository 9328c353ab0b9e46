"""The contract's limits on memory and database connections, held against what the lab sampled. No I/O."""

from __future__ import annotations

from collections import defaultdict

from engine.lab.graph import edge_name
from engine.lab.records import EdgesCounted, LabEvent, ProcessesSampled
from engine.packs.api import Reading
from engine.packs.topology import Protocol, Topology


class _Peak:
    """The highest value that two samples in a row reached: a moment in which an old and a new version both stand is
    no breach."""

    def __init__(self) -> None:
        self.highest = 0.0
        self._before = 0.0

    def add(self, value: float) -> None:
        self.highest = max(self.highest, min(value, self._before))
        self._before = value


class Limits:
    """Takes the lab's samples of one environment; `reading` says whether the editable services stayed inside."""

    def __init__(self, topology: Topology) -> None:
        self._services = [spec for spec in topology.services if spec.editable]
        to_postgres = [edge for edge in topology.edges if edge.protocol is Protocol.POSTGRES]
        self._edges = {edge.source: edge_name(edge) for edge in to_postgres}
        self._memory_mb: defaultdict[str, _Peak] = defaultdict(_Peak)
        self._connections: defaultdict[str, _Peak] = defaultdict(_Peak)

    def take(self, event: LabEvent) -> None:
        """Look at one event of the lab."""
        if isinstance(event, ProcessesSampled):
            for sample in event.samples:
                self._memory_mb[sample.name].add(sample.memory_mb)
        elif isinstance(event, EdgesCounted):
            for name, counts in event.counts.items():
                self._connections[name].add(counts.open_connections)

    def reading(self) -> Reading:
        """What was the most, service by service."""
        rows, broken = [], []
        for spec in self._services:
            for what, most, allowed in (
                ("MB of memory", self._memory_mb[spec.name].highest, spec.memory_mb),
                (
                    "database connections",
                    self._connections[self._edges.get(spec.name, "")].highest,
                    spec.max_connections,
                ),
            ):
                row = f"{spec.name}: {most:.0f} of {allowed} {what}"
                rows.append(row)
                broken += [row] if most > allowed else []
        required = "within the contract's memory and connections"
        return Reading(not broken, (broken or ["all within"])[0], required, broken or rows)
