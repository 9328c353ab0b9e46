"""What Control says."""

from __future__ import annotations

import pytest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.control.model import COLUMNS, HappeningsModel, happening, incident_card, next_segment
from app.theme import Status
from protos.drill.v1.decoding import decode
from protos.drill.v1.records import Event, Scenario, Snapshot
from tests.app.engine_stub import snapshot as message

SNAPSHOT = decode(Snapshot, message())


def event(number: int, kind: str, **fields: object) -> Event:
    """An event at the start of the investigation."""
    return Event(number, 1, 15 * 60_000, "facilitator", "facilitator", kind, fields)


def test_that_a_verdict_is_told_with_the_probe_that_decided_it() -> None:
    told = happening(event(1, "VerificationFinished", verdict="masked", probe="ties"), SNAPSHOT.clock)
    assert (told.text, told.status, told.clock) == ("Verdict: masked by ties", Status.WARNING, "03:00:00")


def test_that_an_event_of_a_newer_engine_is_shown_by_its_name() -> None:
    assert happening(event(1, "SomethingNew", x=1), SNAPSHOT.clock).text == "SomethingNew"


def test_that_events_stand_newest_first_and_once(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = HappeningsModel()
    model.add((event(1, "ClockHeld"), event(2, "ClockReleased")), SNAPSHOT.clock)
    model.add((event(2, "ClockReleased"), event(3, "RunClosed")), SNAPSHOT.clock)
    texts = [model.index(row, 1).data() for row in range(model.rowCount())]
    assert texts == ["Run closed", "Clock released", "Clock held"]
    assert model.columnCount() == len(COLUMNS)
    qtmodeltester.check(model)


@pytest.mark.parametrize(
    ("state", "triggered", "symptom", "names"),
    [
        ("ready", 0, 0, ["Expected symptom"]),
        ("running", 900_000, 0, ["Triggered", "Symptom"]),
        ("running", 900_000, 904_000, ["Triggered", "Symptom measured", "Value then"]),
        ("stopped", 900_000, 904_000, ["Triggered", "Symptom measured", "Value then"]),
    ],
)
def test_that_the_incident_says_what_is_known(
    state: str, triggered: int, symptom: int, names: list[str]
) -> None:
    scenario = Scenario("fp_drift", "copper", "Month-end", state, triggered, symptom, "drift", ())
    card = incident_card(scenario, SNAPSHOT)
    assert [name for name, _ in card.facts] == names
    assert card.running == (state == "running")


def test_that_the_next_segment_is_named() -> None:
    assert next_segment(SNAPSHOT) == "Tea Break"
    assert next_segment(decode(Snapshot, message(phase="wrap-up"))) == ""
