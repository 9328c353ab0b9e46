"""The event log on disk: one writer thread commits in groups, and an append is done only when it is on disk."""

from __future__ import annotations

import json
import queue
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from engine.drill.errors import DrillError, Refusal
from engine.drill.events import Recorded, from_fields, to_fields
from engine.storage.database import open_drill_file, read_drill_file

_INSERT = (
    "INSERT INTO events (sequence, wall_ns, drill_ms, actor, role, kind, fields) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_Item = tuple[Recorded, "Future[None]"]


class EventLog:
    """The log of one run. `append` may be called from one thread; the answer comes when the event is durable."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = open_drill_file(path)
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="event-log")
        self._thread.start()

    def read(self) -> tuple[Recorded, ...]:
        """Every event, in order. Call it before the first append."""
        return _read(self._connection, self.path)

    def append(self, recorded: Recorded) -> Future[None]:
        """Write an event; the future is done after the commit, or has the error (disk full, for example)."""
        done: Future[None] = Future()
        self._queue.put((recorded, done))
        return done

    def close(self) -> None:
        """Write what is queued, then close the file."""
        self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _write(self) -> None:
        going = True
        while going:
            batch: list[_Item] = []
            item = self._queue.get()
            while item is not None:
                batch.append(item)
                if self._queue.empty():
                    break
                item = self._queue.get()
            going = item is not None
            if batch:
                self._commit(batch)

    def _commit(self, batch: Sequence[_Item]) -> None:
        rows = [_row(recorded) for recorded, _ in batch]
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(_INSERT, rows)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            refused = DrillError(
                f"The drill file {self.path} could not be written ({error}). "
                "Free some disk space; what you did last was not recorded, do it again then.",
                Refusal.MACHINE,
            )
            for _, done in batch:
                done.set_exception(refused)
            return
        for _, done in batch:
            done.set_result(None)


def read_log(path: Path) -> tuple[Recorded, ...]:
    """Every event of a recorded run, without writing to it. Raises DrillError for a damaged or newer file."""
    connection = read_drill_file(path)
    try:
        return _read(connection, path)
    finally:
        connection.close()


def _read(connection: sqlite3.Connection, path: Path) -> tuple[Recorded, ...]:
    try:
        rows = connection.execute(
            "SELECT sequence, wall_ns, drill_ms, actor, role, kind, fields FROM events ORDER BY sequence"
        ).fetchall()
        return tuple(_recorded(*row) for row in rows)
    except (KeyError, TypeError, ValueError, sqlite3.Error) as error:
        raise DrillError(
            f"The drill file {path} holds an event that this version cannot read ({error}). It was not changed.",
            Refusal.INVALID,
        ) from error


def _recorded(
    sequence: int, wall_ns: int, drill_ms: int, actor: str, role: str, kind: str, fields: str
) -> Recorded:
    return Recorded(sequence, wall_ns, drill_ms, actor, role, from_fields(kind, json.loads(fields)))


def _row(recorded: Recorded) -> tuple[int, int, int, str, str, str, str]:
    fields = json.dumps(to_fields(recorded.event), ensure_ascii=False, separators=(",", ":"))
    return (
        recorded.sequence,
        recorded.wall_ns,
        recorded.drill_ms,
        recorded.actor,
        recorded.role,
        recorded.kind,
        fields,
    )
