"""The incidents in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.control.incidents import (
    STRESS_IDLE,
    chosen_scenario,
    herring_rows,
    incident_card,
    ready_packs,
    stress_words,
)
from app.theme import Status
from protos.drill.v1.decoding import decode
from protos.drill.v1.records import Scenario, Snapshot, Stress
from tests.app.three_scenarios import NS, three

NOW_NS = 1_000_000 * NS
SNAPSHOT = decode(Snapshot, three(NOW_NS))
DRIFT, SALE, HISTORY = SNAPSHOT.scenarios


@pytest.mark.parametrize(
    ("state", "triggered", "symptom", "when", "said"),
    [
        ("ready", 0, 0, "Not triggered yet", "Expected: drift"),
        ("running", 900_000, 0, "Triggered 03:00:00", "Not measured yet: drift"),
        ("running", 900_000, 904_000, "Triggered 03:00:00", "Symptom after 4\u2009s: drift"),
        ("stopped", 900_000, 904_000, "Stopped; triggered 03:00:00", "Symptom after 4\u2009s: drift"),
    ],
)
def test_that_the_incident_says_what_is_known(
    state: str, triggered: int, symptom: int, when: str, said: str
) -> None:
    scenario = Scenario("fp_drift", "copper", "Month-end", state, triggered, symptom, "drift", ())
    card = incident_card(scenario, SNAPSHOT)
    assert (card.when, card.symptom) == (when, said)
    assert card.running == (state == "running")


def test_that_a_pack_that_is_gone_gives_way_to_the_first() -> None:
    assert chosen_scenario(SNAPSHOT, "deadlock") is SALE
    assert chosen_scenario(SNAPSHOT, "gone") is DRIFT
    assert chosen_scenario(replace(SNAPSHOT, scenarios=()), "") is None


def test_that_only_incidents_that_do_not_run_would_be_triggered() -> None:
    assert ready_packs(SNAPSHOT) == ("n_plus_one",)


def test_that_a_red_herring_that_is_on_counts_down_with_what_was_seen() -> None:
    network, job = herring_rows(SALE, SNAPSHOT, NOW_NS)
    assert (network.chaos, network.state, network.seen) == ("c3", "is on, ends in 3:10", Status.OK)
    assert network.effect.startswith("visible after 4 s")
    assert (job.chaos, job.state, job.effect) == ("", "", "")


def test_that_a_red_herring_that_is_over_tells_what_was_seen_of_it() -> None:
    over = tuple(replace(one, ended_ns=NOW_NS) if one.id == "c3" else one for one in SNAPSHOT.chaos)
    sale = replace(SALE, herrings=tuple(replace(one, chaos="") for one in SALE.herrings))
    after = replace(SNAPSHOT, chaos=over, scenarios=(DRIFT, sale, HISTORY))
    network, _ = herring_rows(sale, after, NOW_NS)
    assert network.state == "Last time"
    assert network.effect.startswith("visible after 4 s")


def test_that_an_ended_herring_is_not_shown_where_two_scenarios_have_one_of_that_name() -> None:
    over = tuple(replace(one, ended_ns=NOW_NS) if one.id == "c3" else one for one in SNAPSHOT.chaos)
    sale = replace(SALE, herrings=tuple(replace(one, chaos="") for one in SALE.herrings))
    twin = replace(HISTORY, herrings=sale.herrings[:1])
    network, _ = herring_rows(sale, replace(SNAPSHOT, chaos=over, scenarios=(DRIFT, sale, twin)), NOW_NS)
    assert (network.state, network.effect) == ("", "")


def test_that_a_stress_test_is_told_before_while_and_after() -> None:
    running = replace(SNAPSHOT, stress=(Stress("larkspur", NOW_NS - 8 * NS, 20.0, ""),))
    assert stress_words(SNAPSHOT, "saltmarsh", NOW_NS).text == STRESS_IDLE
    assert stress_words(running, "larkspur", NOW_NS).text == "Sending, 12\u2009s left"
    assert stress_words(running, "larkspur", NOW_NS + 15 * NS).text == "Sent; measuring what it did"
    assert stress_words(SNAPSHOT, "larkspur", NOW_NS).text.startswith("20\u2009s: 1,184 sent")
