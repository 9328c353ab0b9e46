"""The names of the scenarios of a run."""

from __future__ import annotations

from dataclasses import replace

from app.scenario_titles import scenario_titles
from protos.drill.v1.decoding import decode
from protos.drill.v1.records import Snapshot
from tests.app.three_scenarios import CODENAMES, TITLES, three

SNAPSHOT = decode(Snapshot, three())


def test_that_titles_are_found_by_codename() -> None:
    assert scenario_titles(SNAPSHOT) == dict(zip(CODENAMES, TITLES, strict=True))


def test_that_titles_that_cannot_be_told_apart_give_way_to_codenames() -> None:
    odd = replace(SNAPSHOT, title="Month-end close · and more · Flash sale · Order history")
    assert scenario_titles(odd) == {name: name for name in CODENAMES}


def test_that_one_scenario_has_its_whole_title() -> None:
    one = replace(SNAPSHOT, codename="copperfield", title="Month-end close")
    assert scenario_titles(one) == {"copperfield": "Month-end close"}
