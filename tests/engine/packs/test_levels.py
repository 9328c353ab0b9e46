"""Levels, herrings and what goes side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.drill.errors import DrillError
from engine.packs.errors import PackErrors
from engine.packs.find import Shelf, at_level
from engine.packs.outside import OutsidePacks
from engine.packs.reader import read_pack

HERRING = """
[[herrings]]
id = "slow-edge"
title = "A slow edge"
text = "It is slow every night."
action = "latency"
target = "front->store"
intensity = { delay_ms = 40 }
after_s = 10
lasts_s = 60
"""
LEVELS = """
[[levels]]
number = 2
text = "As it is."
herrings = ["slow-edge"]

[[levels]]
number = 3
text = "Harder."
herrings = []
within_s = 25

[levels.profiles.trigger]
rate_per_s = 9
traffic = "mixed"

[levels.services.store]
workers = 2

[answer]
"""
MakePack = Callable[..., Path]


def with_levels(make_pack: MakePack, *changes: tuple[str, str]) -> Path:
    return make_pack(("[answer]\n", HERRING + LEVELS), *changes)


def test_that_a_level_changes_what_it_names_and_nothing_else(make_pack: MakePack) -> None:
    pack = read_pack(with_levels(make_pack))
    hard = pack.at_level(3)
    trigger = hard.profile("trigger")
    assert (trigger.rate_per_s, trigger.asks, trigger.max_in_flight) == (9, "mixed", 8)
    assert hard.service("store").workers == 2
    assert hard.symptom.within_s == 25
    assert hard.profile("base") == pack.profile("base")
    assert hard.service("front") == pack.service("front")


def test_that_herrings_are_those_of_the_level(make_pack: MakePack) -> None:
    pack = read_pack(with_levels(make_pack))
    assert [herring.id for herring in pack.herrings] == ["slow-edge"]
    assert pack.at_level(3).herrings == ()


def test_that_a_level_that_is_not_there_is_refused_with_those_that_are(make_pack: MakePack) -> None:
    with pytest.raises(DrillError, match="no level 7, but 2, 3"):
        at_level(read_pack(with_levels(make_pack)), 7)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (('action = "latency"', 'action = "lateness"'), "herrings[0].action"),
        (('target = "front->store"', 'target = "front->ledger"'), "herrings[0].target"),
        (("delay_ms = 40", "delay_ms = 90000"), "herrings[0].intensity"),
        (("lasts_s = 60", "lasts_s = 90000"), "herrings[0].lasts_s"),
        (('herrings = ["slow-edge"]', 'herrings = ["slow-egde"]'), "levels[0].herrings"),
        (("number = 3", "number = 2"), "levels[1].number"),
        (("[levels.services.store]", "[levels.services.shop]"), "levels[1].services.shop"),
    ],
)
def test_that_a_mistake_is_told_at_its_place(make_pack: MakePack, change: tuple[str, str], key: str) -> None:
    with pytest.raises(PackErrors) as refused:
        read_pack(with_levels(make_pack, change))
    assert key in [error.key for error in refused.value.errors]


def test_that_packs_with_a_service_of_one_name_cannot_run_side_by_side(
    make_pack: MakePack, tmp_path: Path
) -> None:
    folder = make_pack()
    twin = tmp_path / "twin"
    folder.rename(tmp_path / "small-too")
    (tmp_path / "small-too").rename(twin)
    text = (twin / "scenario.toml").read_text("utf-8").replace('id = "small"', 'id = "twin"')
    (twin / "scenario.toml").write_text(text, "utf-8")
    make_pack()
    shelf = Shelf(OutsidePacks(tmp_path / "home"), tmp_path)
    with pytest.raises(DrillError, match="both have a “front”"):
        shelf.find_several(["small", "twin"], 2)
    with pytest.raises(DrillError, match="No scenario"):
        shelf.find_several([], 2)
