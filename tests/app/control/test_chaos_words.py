"""Chaos in words and numbers."""

from __future__ import annotations

import pytest

from app.control.chaos_words import (
    by_kind,
    field_label,
    left_text,
    rows_ended,
    rows_on,
    target_text,
    usual_s,
)
from app.theme import Status
from protos.drill.v1.decoding import decode
from protos.drill.v1.records import Chaos, ChaosIntensity, ChaosMenu
from tests.app.three_scenarios import NS, chaos, menu

NOW_NS = 1_000_000 * NS
CHAOS = tuple(decode(Chaos, one) for one in chaos(NOW_NS))
ACTIONS = decode(ChaosMenu, menu()).actions


@pytest.mark.parametrize(
    ("name", "text", "label"),
    [
        ("delay_ms", "How late it is.", "Delay"),
        ("both_ways", "1: answers are late too.", "Both ways"),
        ("percent", "Share of connections.", "Share"),
        ("percent", "How much of one core.", "Amount"),
        ("kbit_per_s", "What it carries.", "Amount"),
        ("requests_per_s", "What is let through.", "Requests"),
    ],
)
def test_that_a_field_is_named_as_people_would(name: str, text: str, label: str) -> None:
    assert field_label(ChaosIntensity(name, "", 1, 0, 2, text)) == label


def test_that_actions_are_grouped_by_what_they_are_done_to() -> None:
    kinds = [action.target_kind for action in by_kind(tuple(reversed(ACTIONS)))]
    assert kinds == ["edge", "edge", "upstream", "service", "host"]


def test_that_an_action_never_lasts_longer_than_it_may() -> None:
    lasting = {action.name: usual_s(action) for action in ACTIONS}
    assert lasting["freeze"] == 60
    assert lasting["latency"] == 120


def test_that_what_is_on_counts_down_to_its_end_the_newest_on_top() -> None:
    newest, herring = rows_on(CHAOS, NOW_NS)
    assert (newest.id, newest.left, newest.effect, newest.seen) == (
        "c4",
        "1:57",
        "looking for its effect…",
        Status.IDLE,
    )
    assert newest.share_left == pytest.approx(117 / 120)
    assert (herring.is_herring, herring.seen) == (True, Status.OK)
    assert herring.target == "orders → catalog"


def test_that_what_ended_says_how_the_newest_on_top() -> None:
    first, second = rows_ended(CHAOS, 0.0)
    assert first.text == "The other side answers with errors, shipping → carrier"
    assert first.detail.startswith("undone by the facilitator; no effect seen")
    assert second.text == "CPU spike, this computer"


def test_that_a_countdown_that_is_due_says_so() -> None:
    assert left_text(NOW_NS + 250 * NS, NOW_NS) == "4:10"
    assert left_text(NOW_NS + 1, NOW_NS) == "0:01"
    assert left_text(NOW_NS, NOW_NS) == "ending"
    assert target_text("") == "this computer"
