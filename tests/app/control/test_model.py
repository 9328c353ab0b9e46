"""What Control lists."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.control.model import COLUMNS, HappeningsModel, happening, next_segment, services_remark, troubled
from app.theme import Status
from protos.drill.v1.decoding import decode
from protos.drill.v1.records import Event, Snapshot
from tests.app.engine_stub import snapshot as message

SNAPSHOT = decode(Snapshot, message())


def event(number: int, kind: str, **fields: object) -> Event:
    """An event at the start of the investigation."""
    return Event(number, 1, 15 * 60_000, "facilitator", "facilitator", kind, fields)


def test_that_an_event_is_told_on_the_drill_clock() -> None:
    told = happening(event(1, "ClockHeld"), SNAPSHOT)
    assert (told.text, told.status, told.clock, told.who) == (
        "Clock held",
        Status.IDLE,
        "03:00:00",
        "facilitator",
    )


def test_that_events_are_listed_newest_first_and_each_once(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = HappeningsModel()
    model.add((event(1, "ClockHeld"), event(2, "ClockReleased")), SNAPSHOT)
    model.add((event(2, "ClockReleased"), event(3, "RunClosed")), SNAPSHOT)
    texts = [model.index(row, 1).data() for row in range(model.rowCount())]
    assert texts == ["Run closed", "Clock released", "Clock held"]
    assert model.columnCount() == len(COLUMNS)
    qtmodeltester.check(model)


def test_that_the_next_segment_is_named() -> None:
    assert next_segment(SNAPSHOT) == "Tea Break"
    assert next_segment(decode(Snapshot, message(phase="wrap-up"))) == ""


def test_that_services_that_do_not_run_are_counted_and_named() -> None:
    one, *others = SNAPSHOT.services
    broken = (replace(one, state="failed", problem="ended by signal 9"), *others)
    assert services_remark(SNAPSHOT.services) == "all 3 run"
    assert services_remark(broken) == "1 of 3 not running"
    assert [service.name for service in troubled(broken)] == ["gateway"]
