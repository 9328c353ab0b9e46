"""Writing telemetry.sqlite: a thread of its own with one transaction a drain, and reading batches back."""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from engine.telemetry.disk.schema import open_for_reading, open_for_writing
from engine.telemetry.memory.traces import PART, Parts, trace_texts

Job = Callable[[sqlite3.Connection], None]
_log = logging.getLogger(__name__)
_COMPRESSION = 1
_CACHED_PAYLOADS = 8
_SPARE_PAGES = 64
_PAGES_AT_ONCE = 1_000
_LARGEST_PAYLOAD = 256 * 1024 * 1024
_PART_FIELDS = PART.names[1:] if PART.names else ()


class Signal(StrEnum):
    """What a batch holds."""

    SPANS = "spans"
    LOGS = "logs"


@dataclass(frozen=True, slots=True)
class Batch:
    """Exports of about half a second, one after the other in `payload`; `parts` for spans, `traces` for logs."""

    id: int
    signal: Signal
    received_ns: int
    first_ns: int
    last_ns: int
    rows: int
    payload: bytes
    parts: Parts | None = None
    traces: Sequence[bytes] = ()


def insert_batch(connection: sqlite3.Connection, batch: Batch, kept: bool = False) -> None:
    """One batch with its index rows."""
    payload = zlib.compress(batch.payload, _COMPRESSION)
    connection.execute(
        "INSERT INTO batch (id, signal, kept, received_ns, first_ns, last_ns, rows, payload)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (batch.id, batch.signal, kept, batch.received_ns, batch.first_ns, batch.last_ns, batch.rows, payload),
    )
    if batch.parts is not None:
        connection.executemany(
            f"INSERT INTO trace_part VALUES (?, {batch.id}{', ?' * len(_PART_FIELDS)})",
            part_rows(batch.parts),
        )
    if batch.traces:
        connection.executemany(
            f"INSERT OR IGNORE INTO trace_log VALUES (?, {batch.id})", [(trace,) for trace in batch.traces]
        )


def part_rows(parts: Parts) -> Iterable[tuple[bytes | int, ...]]:
    """Trace parts as SQL rows; bit sets as SQLite's signed integers."""
    columns: list[list[bytes | int]] = [list(trace_texts(parts))]
    for name in _PART_FIELDS:
        column = parts[name]
        columns.append((column.view("<i8") if column.dtype == "<u8" else column).tolist())
    return zip(*columns, strict=True)


class Writer:
    """Runs jobs on its own connection, all that wait in one transaction; a job that fails is counted, not retried."""

    def __init__(self, folder: Path) -> None:
        self.connection = open_for_writing(folder)
        self.failed_jobs = 0
        self._jobs: queue.SimpleQueue[tuple[Job, Future[None]] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._pending: dict[int, Batch] = {}
        self._backlog_bytes = 0
        self._thread = threading.Thread(target=self._run, name="telemetry writer")
        self._thread.start()

    @property
    def backlog_bytes(self) -> int:
        """Payload that waits for the disk."""
        return self._backlog_bytes

    def put(self, job: Job) -> Future[None]:
        """Run `job` later; the future is done when it is on disk (or has failed)."""
        done: Future[None] = Future()
        self._jobs.put((job, done))
        return done

    def put_batch(self, batch: Batch) -> None:
        """Write a batch; until it is on disk it is among the `pending`."""
        with self._lock:
            self._pending[batch.id] = batch
            self._backlog_bytes += len(batch.payload)
        done = self.put(lambda connection: insert_batch(connection, batch))
        done.add_done_callback(lambda _: self._written(batch))

    def pending(self) -> tuple[Batch, ...]:
        """The batches that are not on disk yet, in order."""
        with self._lock:
            return tuple(self._pending.values())

    def close(self) -> None:
        """Write what waits, and leave one plain file without a write-ahead log."""
        self._jobs.put(None)
        self._thread.join()
        try:
            self.connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            _log.warning("telemetry.sqlite keeps its write-ahead log: %s", error)
        self.connection.close()

    def _written(self, batch: Batch) -> None:
        with self._lock:
            del self._pending[batch.id]
            self._backlog_bytes -= len(batch.payload)

    def _run(self) -> None:
        going = True
        while going:
            items = [self._jobs.get()]
            while not self._jobs.empty():
                items.append(self._jobs.get())
            going = items[-1] is not None
            self._transact([item for item in items if item is not None])
            self._give_back()

    def _give_back(self) -> None:
        """Return free pages to the disk, some at a time; a few stay for the next batches."""
        with suppress(sqlite3.Error):
            free = self.connection.execute("PRAGMA freelist_count").fetchone()[0]
            if free > _SPARE_PAGES:
                # By executescript: execute() takes a single step of a pragma without rows, and a step is one page.
                pages = min(free - _SPARE_PAGES, _PAGES_AT_ONCE)
                self.connection.executescript(f"PRAGMA incremental_vacuum({pages})")

    def _transact(self, items: Sequence[tuple[Job, Future[None]]]) -> None:
        errors: list[sqlite3.Error | None] = [None] * len(items)
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            for index, (job, _) in enumerate(items):
                errors[index] = self._attempt(job)
            self.connection.execute("COMMIT")
        except sqlite3.Error as refused:
            errors = [refused] * len(items)
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        failed = [error for error in errors if error is not None]
        if failed:
            self.failed_jobs += len(failed)
            _log.error("telemetry was not written to disk: %s", failed[0])
        for (_, done), error in zip(items, errors, strict=True):
            done.set_exception(error) if error is not None else done.set_result(None)

    def _attempt(self, job: Job) -> sqlite3.Error | None:
        self.connection.execute("SAVEPOINT job")
        try:
            job(self.connection)
        except sqlite3.Error as error:
            if not self.connection.in_transaction:
                raise
            self.connection.execute("ROLLBACK TO job")
            return error
        self.connection.execute("RELEASE job")
        return None


class Reader:
    """Reads the file from any thread, one question at a time; payloads that were read lately are remembered."""

    def __init__(self, folder: Path, writer: Writer | None = None) -> None:
        self._connection = open_for_reading(folder)
        self._writer = writer
        self._lock = threading.Lock()
        self._payloads: OrderedDict[int, bytes] = OrderedDict()

    def rows(self, query: str, values: Sequence[bytes | int | str] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def pending(self, signal: Signal) -> tuple[Batch, ...]:
        """Batches that are not on disk yet."""
        return tuple(b for b in self._writer.pending() if b.signal is signal) if self._writer else ()

    def batches_of_trace(self, trace: bytes, signal: Signal) -> list[int]:
        """The batches that hold spans or log lines of a trace."""
        # Pending first: a batch that is written meanwhile is then found twice, not missed.
        waiting = [b.id for b in self.pending(signal) if _holds(b, trace)]
        table = "trace_part" if signal is Signal.SPANS else "trace_log"
        rows = self.rows(f"SELECT batch FROM {table} WHERE trace_id = ?", (trace,))
        return sorted({*waiting, *(row[0] for row in rows)})

    def payload(self, batch_id: int) -> bytes:
        """The exports of a batch; empty where it is not kept any more."""
        for batch in self._writer.pending() if self._writer else ():
            if batch.id == batch_id:
                return batch.payload
        with self._lock:
            known = self._payloads.get(batch_id)
            if known is not None:
                self._payloads.move_to_end(batch_id)
                return known
            row = self._connection.execute("SELECT payload FROM batch WHERE id = ?", (batch_id,)).fetchone()
            if row is None:
                return b""
            payload = inflated(row[0])
            self._payloads[batch_id] = payload
            if len(self._payloads) > _CACHED_PAYLOADS:
                self._payloads.popitem(last=False)
            return payload

    def received_ns(self, batch_id: int) -> int:
        """When a batch came; 0 where it is not kept any more."""
        for batch in self._writer.pending() if self._writer else ():
            if batch.id == batch_id:
                return batch.received_ns
        rows = self.rows("SELECT received_ns FROM batch WHERE id = ?", (batch_id,))
        return int(rows[0][0]) if rows else 0

    def forget_payloads(self) -> None:
        """Read payloads anew: retention has rewritten some."""
        with self._lock:
            self._payloads.clear()

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._connection.close()


def _holds(batch: Batch, trace: bytes) -> bool:
    if batch.parts is None:
        return trace in batch.traces
    return bool(np.any(batch.parts["trace"] == np.void(trace)))


def inflated(compressed: bytes) -> bytes:
    """A stored payload; one that is damaged gives what could be read (a payload's start is an export too)."""
    opened = zlib.decompressobj()
    try:
        return opened.decompress(compressed, _LARGEST_PAYLOAD)
    except zlib.error:
        return b""
