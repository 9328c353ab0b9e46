"""The parts of telemetry put together, empty or as a run left them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.telemetry.disk.recorder import load_names, load_series, load_traces
from engine.telemetry.disk.store import Reader
from engine.telemetry.intake import Memory
from engine.telemetry.memory.edges import EdgeJoin, EdgeNames
from engine.telemetry.memory.log_ring import LogRing
from engine.telemetry.memory.ring import SpanRing
from engine.telemetry.memory.rollups import Rollups
from engine.telemetry.memory.traces import TraceTable
from engine.telemetry.metrics.series import SeriesStore
from engine.telemetry.questions.log_queries import LogQueries
from engine.telemetry.questions.map_queries import MapQueries
from engine.telemetry.questions.trace_queries import TraceQueries
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.wire.log_columns import ServiceNumbers
from engine.telemetry.wire.signatures import Signatures


@dataclass(frozen=True, slots=True)
class System:
    """Everything in memory."""

    memory: Memory
    series: SeriesStore
    edges: EdgeNames
    edge_rollups: Rollups
    edge_join: EdgeJoin


def build_system(settings: TelemetrySettings, start_s: int) -> System:
    """Empty rings and tables; rollups before `start_s` are on disk only."""
    signatures = Signatures(settings.max_signatures)
    ring = SpanRing(settings.ring_spans)
    edges, edge_rollups = EdgeNames(), Rollups(start_s)
    memory = Memory(
        signatures=signatures,
        ring=ring,
        traces=TraceTable(settings.traces, signatures),
        rollups=Rollups(start_s),
        log_ring=LogRing(settings.ring_log_lines, settings.ring_log_bytes),
        log_services=ServiceNumbers(),
    )
    join = EdgeJoin(ring, signatures, edges, edge_rollups)
    return System(memory, SeriesStore(settings.max_series), edges, edge_rollups, join)


def load(system: System, reader: Reader) -> None:
    """Fill in what a run has on disk. Reads the disk."""
    load_names(reader, system.memory.signatures, system.edges)
    load_series(reader, system.series)
    load_traces(reader, system.memory.traces)


def build_queries(system: System, reader: Reader) -> tuple[TraceQueries, LogQueries, MapQueries]:
    """The three kinds of questions."""
    memory = system.memory
    return (
        TraceQueries(memory.traces, memory.signatures, reader),
        LogQueries(memory.log_ring, memory.log_services, reader),
        MapQueries(memory.rollups, system.edge_rollups, memory.signatures, system.edges, reader),
    )
