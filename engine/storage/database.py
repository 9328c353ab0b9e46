"""Opening a drill file: made, migrated, or refused in plain words and left as it was."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from engine.drill.errors import DrillError, Refusal
from engine.storage.migrations import FORMAT, MIGRATIONS

APPLICATION_ID = 0x33414D44
"""marks a SQLite file as ours ("3AMD")"""


def open_drill_file(path: Path) -> sqlite3.Connection:
    """A connection to the drill file at `path`, made when it is missing and migrated when it is older.

    Raises DrillError where the file is damaged, from a newer version or not a drill file; it is not changed then.
    """
    fresh = not path.exists()
    if not fresh:
        _check(path)
    try:
        connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        if fresh:
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version={FORMAT}")
        MIGRATIONS.apply(Database(connection))
    except sqlite3.Error as error:
        raise DrillError(
            f"The drill file {path} cannot be opened for writing ({error}). "
            "Check that the folder is writable and the disk has space.",
            Refusal.MACHINE,
        ) from error
    return connection


def read_drill_file(path: Path) -> sqlite3.Connection:
    """A read-only connection to a recorded drill file. Raises DrillError as `open_drill_file` does."""
    if not path.exists():
        raise DrillError(f"There is no drill file at {path}. Name the folder of a run.", Refusal.NOT_FOUND)
    _check(path)
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)


def _check(path: Path) -> None:
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise DrillError(_damaged(path, str(error)), Refusal.MACHINE) from error
    if application != APPLICATION_ID:
        raise DrillError(
            f"{path} is a SQLite file, but not a drill file. Name the folder of a run.", Refusal.INVALID
        )
    if version > FORMAT:
        raise DrillError(
            f"{path} was written by a newer version of 3 A.M. Drill (file format {version}; this version reads "
            f"up to {FORMAT}). Open it with that version. It was not changed.",
            Refusal.INVALID,
        )
    if sound != "ok":
        raise DrillError(_damaged(path, str(sound)), Refusal.MACHINE)


def _damaged(path: Path, why: str) -> str:
    return (
        f"The drill file {path} is damaged ({why}). It was not changed. "
        "Copy it from a backup, or start a new run; the rest of the run's folder is still readable."
    )
