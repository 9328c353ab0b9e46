"""The tables of telemetry.sqlite, and opening it without ever harming a file that is not ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.drill.errors import DrillError, Refusal

FILE_NAME = "telemetry.sqlite"
FORMAT = 1
_APPLICATION = 0x3A4D5445
"""SQLite's application_id: a file of another program is refused."""

_TABLES = """
CREATE TABLE batch (
    id INTEGER PRIMARY KEY,
    signal TEXT NOT NULL,          -- spans or logs
    kept INTEGER NOT NULL,         -- 1: rewritten by retention, holds only what is kept for ever
    received_ns INTEGER NOT NULL,
    first_ns INTEGER NOT NULL,
    last_ns INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    payload BLOB NOT NULL          -- zlib; an OTLP export request of that signal
);
CREATE INDEX batch_by_signal ON batch (signal, kept, id);
CREATE INDEX batch_by_time ON batch (signal, first_ns, last_ns);
CREATE TABLE trace_part (          -- what one batch holds of one trace
    trace_id BLOB NOT NULL,
    batch INTEGER NOT NULL,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL,
    entry_ns INTEGER NOT NULL,
    entry_us INTEGER NOT NULL,
    entry INTEGER NOT NULL,        -- signature
    rank INTEGER NOT NULL,
    spans INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    services INTEGER NOT NULL,     -- bits
    names INTEGER NOT NULL,        -- bits
    PRIMARY KEY (trace_id, batch)
) WITHOUT ROWID;
CREATE TABLE trace_log (           -- which batches hold log lines of a trace
    trace_id BLOB NOT NULL,
    batch INTEGER NOT NULL,
    PRIMARY KEY (trace_id, batch)
) WITHOUT ROWID;
CREATE TABLE pinned (trace_id BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE signature (
    id INTEGER PRIMARY KEY,
    service TEXT NOT NULL,
    name TEXT NOT NULL,
    kind INTEGER NOT NULL,
    peer TEXT NOT NULL             -- the database that these spans call, or empty
);
CREATE TABLE rollup (              -- rows of one second and signature add up
    second INTEGER NOT NULL,
    signature INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    histogram BLOB NOT NULL        -- pairs of bucket (uint16) and count (uint32), little endian
);
CREATE INDEX rollup_by_second ON rollup (second);
CREATE TABLE edge (id INTEGER PRIMARY KEY, source TEXT NOT NULL, target TEXT NOT NULL);
CREATE TABLE edge_rollup (
    second INTEGER NOT NULL,
    edge INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    histogram BLOB NOT NULL
);
CREATE INDEX edge_rollup_by_second ON edge_rollup (second);
CREATE TABLE series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE point (
    series INTEGER NOT NULL,
    at_s INTEGER NOT NULL,
    value REAL,                    -- NULL: a gap
    PRIMARY KEY (series, at_s)
) WITHOUT ROWID;
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIEW trace AS
    SELECT lower(hex(trace_id)) AS trace_id,
           datetime(min(entry_ns) / 1000000000, 'unixepoch') AS started,
           sum(spans) AS spans, sum(errors) AS errors
    FROM trace_part GROUP BY trace_part.trace_id;
"""


class TelemetryUnreadable(DrillError):
    """The telemetry file cannot be used; the message says why and what to do. It has not been changed."""


def open_for_writing(folder: Path) -> sqlite3.Connection:
    """The run's telemetry file, made where it is missing. Raises TelemetryUnreadable."""
    path = folder / FILE_NAME
    if path.exists() and path.stat().st_size:
        open_for_reading(folder).close()
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
        script = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {FORMAT};"
        connection.executescript(f"BEGIN; {_TABLES} {script} COMMIT;")
    return connection


def open_for_reading(folder: Path) -> sqlite3.Connection:
    """An existing telemetry file, read only. Raises TelemetryUnreadable."""
    path = folder / FILE_NAME
    if not path.is_file():
        raise TelemetryUnreadable(
            f"There is no recorded telemetry at {path}. Name the folder of a run.", Refusal.NOT_FOUND
        )
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    try:
        with damage_told(folder):
            _check(connection, path)
    except TelemetryUnreadable:
        connection.close()
        raise
    return connection


@contextmanager
def damage_told(folder: Path) -> Iterator[None]:
    """Raises TelemetryUnreadable where reading the file meets damage."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise TelemetryUnreadable(
            f"The telemetry file {folder / FILE_NAME} is damaged ({error}). It was not changed. "
            "Copy it from a backup, or move it away to go on without the run's telemetry.",
            Refusal.MACHINE,
        ) from error


def _check(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
        raise TelemetryUnreadable(
            f"{path} is a SQLite file, but not a telemetry file. Name the folder of a run.", Refusal.INVALID
        )
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > FORMAT:
        raise TelemetryUnreadable(
            f"{path} was written by a newer version of 3 A.M. Drill (telemetry format {version}; this version "
            f"reads up to {FORMAT}). Open it with that version. It was not changed.",
            Refusal.INVALID,
        )
    connection.execute("SELECT id FROM batch ORDER BY id DESC LIMIT 1").fetchone()
