"""Every event in a sentence."""

from __future__ import annotations

import pytest

from app.control.event_words import told
from app.theme import Status
from protos.drill.v1.decoding import decode
from protos.drill.v1.records import Event, Snapshot
from tests.app.three_scenarios import three

SNAPSHOT = decode(Snapshot, three())


def words(kind: str, **fields: object) -> tuple[Status, str]:
    """An event told by a run of three scenarios."""
    return told(Event(1, 1, 0, "", "", kind, fields), SNAPSHOT)


@pytest.mark.parametrize(
    ("kind", "fields", "status", "text"),
    [
        ("ScenarioTriggered", {"pack": "deadlock"}, Status.CRITICAL, "Incident triggered: Flash sale"),
        ("ScenarioStopped", {"pack": "fp_drift"}, Status.IDLE, "Incident stopped: Month-end close"),
        (
            "SymptomConfirmed",
            {"pack": "fp_drift", "measured": "14 cents"},
            Status.CRITICAL,
            "Symptom of Month-end close: 14 cents",
        ),
        (
            "ChaosStarted",
            {"chaos": "c9", "title": "CPU spike", "target": "", "herring": ""},
            Status.INFO,
            "Chaos: CPU spike, this computer",
        ),
        (
            "ChaosStarted",
            {"chaos": "c9", "title": "Network latency", "target": "a->b", "herring": "far"},
            Status.HERRING,
            "Red herring: Network latency, a → b",
        ),
        (
            "ChaosObserved",
            {"chaos": "c3", "visible": True, "effect": "visible after 4 s"},
            Status.INFO,
            "Network latency, orders → catalog: visible after 4 s",
        ),
        (
            "ChaosEnded",
            {"chaos": "c1", "how": "its time was over"},
            Status.IDLE,
            "CPU spike, this computer is off: its time was over",
        ),
        (
            "StressStarted",
            {"scenario": "larkspur", "seconds": 20.0},
            Status.INFO,
            "Stress test of Flash sale for 20\u2009s",
        ),
        (
            "StressFinished",
            {"scenario": "larkspur", "measured": "12 good"},
            Status.INFO,
            "Stress test of Flash sale: 12 good",
        ),
        ("AlertResolved", {"alert": "drift"}, Status.OK, "Alert over: Ledger does not match billing"),
        ("PhaseStarted", {"phase": "break-1"}, Status.INFO, "Segment started: Tea Break"),
        ("RunOpened", {"seed": 7, "level": 3}, Status.IDLE, "Run opened with seed 7, level 3"),
        (
            "VerificationRequested",
            {"commit": "4f1c2abd00", "scenario": "saltmarsh"},
            Status.INFO,
            "Verification of 4f1c2abd asked for on Order history",
        ),
    ],
)
def test_that_an_event_names_things_by_their_titles(
    kind: str, fields: dict[str, object], status: Status, text: str
) -> None:
    assert words(kind, **fields) == (status, text)


def test_that_a_verdict_is_told_with_the_probe_that_decided_it() -> None:
    told_words = words("VerificationFinished", verdict="masked", probe="ties")
    assert told_words == (Status.WARNING, "Verdict: masked by ties")


def test_that_an_event_of_a_newer_engine_is_shown_by_its_name() -> None:
    assert words("SomethingNew", x=1) == (Status.IDLE, "SomethingNew")


def test_that_an_id_without_a_name_is_said_as_it_is() -> None:
    assert words("AlertAcknowledged", alert="gone") == (Status.INFO, "Alert acknowledged: gone")
    assert words("ChaosEnded", chaos="gone", how="undone") == (Status.IDLE, "Chaos is off: undone")
