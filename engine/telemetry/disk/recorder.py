"""What goes to disk beside batches: rollups, signatures, series points, counters; and reading it all back."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.telemetry.disk.store import Reader
from engine.telemetry.memory.edges import EdgeNames
from engine.telemetry.memory.rollups import RollupRow
from engine.telemetry.memory.traces import PART, Parts, TraceTable
from engine.telemetry.metrics.series import SeriesStore
from engine.telemetry.wire.signatures import Signature, Signatures

_LOADED_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is new since the last write."""

    signatures: Sequence[Signature]
    edges: Sequence[tuple[int, str, str]]
    rollups: Sequence[RollupRow]
    edge_rollups: Sequence[RollupRow]
    points: Mapping[str, Mapping[int, float]]
    counters: Mapping[str, int]

    def write(self, connection: sqlite3.Connection) -> None:
        """Write it in the current transaction."""
        connection.executemany(
            "INSERT OR REPLACE INTO signature VALUES (?, ?, ?, ?, ?)",
            [(s.id, s.service, s.name, s.kind, s.peer) for s in self.signatures],
        )
        connection.executemany("INSERT OR REPLACE INTO edge VALUES (?, ?, ?)", self.edges)
        connection.executemany("INSERT INTO rollup VALUES (?, ?, ?, ?, ?)", _rows(self.rollups))
        connection.executemany("INSERT INTO edge_rollup VALUES (?, ?, ?, ?, ?)", _rows(self.edge_rollups))
        connection.executemany(
            "INSERT OR IGNORE INTO series (name) VALUES (?)", [(name,) for name in self.points]
        )
        connection.executemany(
            "INSERT OR REPLACE INTO point VALUES ((SELECT id FROM series WHERE name = ?), ?, ?)",
            [
                (name, at, _stored(value))
                for name, points in self.points.items()
                for at, value in points.items()
            ],
        )
        connection.executemany("INSERT OR REPLACE INTO counter VALUES (?, ?)", self.counters.items())


def load_names(reader: Reader, signatures: Signatures, edges: EdgeNames) -> None:
    """The interned names of a recorded run."""
    signatures.load(reader.rows("SELECT id, service, name, kind, peer FROM signature ORDER BY id"))
    edges.load(reader.rows("SELECT id, source, target FROM edge ORDER BY id"))


def load_series(reader: Reader, series: SeriesStore) -> None:
    """The series of a recorded run."""
    for number, name in reader.rows("SELECT id, name FROM series"):
        rows = reader.rows("SELECT at_s, value FROM point WHERE series = ? ORDER BY at_s", (number,))
        series.load((name, at, math.nan if value is None else value) for at, value in rows)


def load_traces(reader: Reader, table: TraceTable) -> None:
    """The trace summaries of a recorded run, oldest first, so that the newest stay when they are too many."""
    rows = reader.rows(
        "SELECT trace_id, start_ns, end_ns, entry_ns, entry_us, entry, rank, spans, errors, services, names "
        "FROM trace_part ORDER BY batch"
    )
    for first in range(0, len(rows), _LOADED_AT_ONCE):
        for parts in _unique_runs(np.array(rows[first : first + _LOADED_AT_ONCE], dtype=_READ)):
            table.merge(parts)


def load_counters(reader: Reader) -> dict[str, int]:
    """The counters of a recorded run."""
    return dict(reader.rows("SELECT name, value FROM counter"))


_READ = np.dtype(
    [(name, kind) for name, kind in [("trace", "S16")]] + [(n, "<i8") for n in (PART.names or ())[1:]]
)


def _unique_runs(rows: np.ndarray[tuple[int], np.dtype[np.void]]) -> list[Parts]:
    """The rows in runs in which each trace appears at most once, in the same order a trace."""
    _, inverse = np.unique(rows["trace"], return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    groups = inverse[order]
    starts = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    rank = np.arange(len(groups)) - np.repeat(starts, np.diff(np.append(starts, len(groups))))
    turn = np.empty(len(rows), np.int64)
    turn[order] = rank
    parts = np.zeros(len(rows), PART)
    parts["trace"] = rows["trace"].view("V16")
    for name in (PART.names or ())[1:]:
        parts[name] = rows[name].view("<u8") if PART[name] == np.dtype("<u8") else rows[name]
    return [parts[turn == n] for n in range(int(turn.max()) + 1)] if len(rows) else []


def _rows(rollups: Sequence[RollupRow]) -> list[tuple[int, int, int, int, bytes]]:
    return [(row.second, row.key, row.requests, row.errors, row.histogram.tobytes()) for row in rollups]


def _stored(value: float) -> float | None:
    return None if math.isnan(value) else value
