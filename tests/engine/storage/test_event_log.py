"""The drill file: durable, migrated, and refused in plain words when it cannot be read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from engine.drill import events as e
from engine.drill.errors import DrillError
from engine.storage.event_log import EventLog, read_log
from engine.storage.migrations import FORMAT


def recorded(number: int) -> e.Recorded:
    """A made event with that number."""
    return e.Recorded(
        number, 10**18 + number, number, "lead", "facilitator", e.MomentMarked(f"é {number}", number)
    )


def write(path: Path, count: int) -> None:
    """A log of `count` events."""
    log = EventLog(path)
    for future in [log.append(recorded(number)) for number in range(1, count + 1)]:
        future.result()
    log.close()


def test_that_an_acknowledged_event_is_in_the_file_already(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "drill.sqlite")
    log.append(recorded(1)).result()
    assert read_log(tmp_path / "drill.sqlite") == (recorded(1),)
    log.close()


def test_that_a_log_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "drill.sqlite"
    write(path, 3)
    log = EventLog(path)
    assert [event.sequence for event in log.read()] == [1, 2, 3]
    log.append(recorded(4)).result()
    log.close()
    assert len(read_log(path)) == 4


def test_that_the_log_is_synchronous_and_opens_in_sqlite_utils(tmp_path: Path) -> None:
    path = tmp_path / "drill.sqlite"
    log = EventLog(path)
    assert log._connection.execute("PRAGMA synchronous").fetchone() == (2,)
    log.close()
    database = Database(sqlite3.connect(path))
    assert {"events", "about"} <= set(database.table_names())
    database.conn.close()


def test_that_two_events_of_one_number_are_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "drill.sqlite"
    log = EventLog(path)
    log.append(recorded(1)).result()
    with pytest.raises(DrillError, match="could not be written"):
        log.append(recorded(1)).result()
    log.append(recorded(2)).result()
    log.close()
    assert [event.sequence for event in read_log(path)] == [1, 2]


def test_that_a_newer_file_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "drill.sqlite"
    write(path, 1)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version={FORMAT + 1}")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DrillError, match="newer version"):
        EventLog(path)
    assert path.read_bytes() == before


def test_that_a_damaged_file_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "drill.sqlite"
    path.write_bytes(b"SQLite format 3\0" + b"\x13" * 5000)
    before = path.read_bytes()
    with pytest.raises(DrillError, match="damaged"):
        EventLog(path)
    assert path.read_bytes() == before


def test_that_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "drill.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other (x)")
    connection.close()
    with pytest.raises(DrillError, match="not a drill file"):
        read_log(path)


def test_that_an_unknown_event_kind_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "drill.sqlite"
    write(path, 1)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE events SET kind = 'SomethingNew'")
    connection.commit()
    connection.close()
    with pytest.raises(DrillError, match="SomethingNew"):
        read_log(path)


def test_that_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DrillError, match=r"nowhere\.sqlite"):
        read_log(tmp_path / "nowhere.sqlite")
