"""Every event can be kept and read again, and has an audience."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, get_type_hints

import pytest

from engine.drill import events as e
from engine.drill.audience import AUDIENCES, Audience, may_see

SAMPLES: dict[object, Any] = {str: "text", int: 7, float: 1.5, bool: True, tuple[str, ...]: ("a", "b")}


def sample(kind: type[e.Event]) -> e.Event:
    """An event of that kind with made values."""
    hints = get_type_hints(kind)
    values = {
        field.name: SAMPLES.get(hints[field.name], ({"name": "ties", "held": False},))
        for field in dataclasses.fields(kind)
    }
    return kind(**values)


@pytest.mark.parametrize("name", sorted(e.EVENTS))
def test_that_an_event_survives_being_kept_as_json(name: str) -> None:
    event = sample(e.EVENTS[name])
    assert e.from_fields(name, json.loads(json.dumps(e.to_fields(event)))) == event


def test_that_every_event_kind_has_a_row_in_the_audience_table() -> None:
    assert set(AUDIENCES) == set(e.EVENTS.values())


def test_that_the_facilitator_sees_every_event() -> None:
    assert all(Audience.FACILITATOR in audiences for audiences in AUDIENCES.values())


@pytest.mark.parametrize(
    "kind", [e.RunOpened, e.ScenarioTriggered, e.ScenarioStopped, e.SymptomConfirmed, e.ReportWritten]
)
def test_that_a_participant_gets_no_event_of_the_facilitator(kind: type[e.Event]) -> None:
    assert not may_see(Audience.PARTICIPANT, sample(kind))
