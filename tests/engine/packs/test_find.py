"""A pack is found by its id, by the folder that was added, or by any folder; and nothing of it runs for that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.drill.errors import DrillError
from engine.packs.errors import PackErrors
from engine.packs.find import SCENARIOS, Shelf
from engine.packs.outside import NotTrusted, OutsidePacks
from engine.packs.records import Pack

MakePack = Callable[..., Path]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(OutsidePacks(tmp_path / "home"))


def test_that_a_pack_of_the_tree_is_found_by_id_and_by_folder_and_needs_no_trust(shelf: Shelf) -> None:
    by_id, by_folder = shelf.find("fp_drift"), shelf.find(str(SCENARIOS / "fp_drift"))
    assert (by_id.origin, by_id.word) == ("", "fp_drift")
    assert by_folder.origin == ""
    shelf.require_trust([by_id, by_folder])


def test_that_a_folder_outside_is_read_and_may_not_run_before_it_is_trusted(
    shelf: Shelf, make_pack: MakePack
) -> None:
    folder = make_pack()
    pack = shelf.find(str(folder))
    assert (pack.id, pack.origin, pack.word) == ("small", str(folder), str(folder))
    with pytest.raises(NotTrusted):
        shelf.require_trust([pack])


def test_that_an_added_folder_is_found_by_its_id_and_listed_with_its_origin(
    shelf: Shelf, make_pack: MakePack
) -> None:
    folder = make_pack()
    listed, files = shelf.add(folder)
    assert (listed.id, listed.origin, listed.is_trusted) == ("small", str(folder), False)
    assert shelf.find("small").origin == str(folder)
    assert [one.origin for one in shelf.list()][-1] == str(folder)
    shelf.outside.trust(folder, files.fingerprint)
    assert shelf.list()[-1].is_trusted
    assert shelf.add(folder)[0].is_trusted


def test_that_an_added_folder_that_is_malformed_or_gone_is_listed_with_what_is_wrong(
    shelf: Shelf, make_pack: MakePack
) -> None:
    folder = make_pack()
    shelf.add(folder)
    (folder / "scenario.toml").write_text("format = \n")
    assert isinstance(shelf.list()[-1].pack, PackErrors)
    (folder / "scenario.toml").unlink()
    assert "this file is missing" in str(shelf.list()[-1].pack)
    assert not shelf.list()[-1].is_trusted


def test_that_an_id_that_is_taken_is_not_added(shelf: Shelf, make_pack: MakePack, tmp_path: Path) -> None:
    folder = make_pack()
    shelf.add(folder)
    other = tmp_path / "other" / "small"
    other.parent.mkdir()
    folder.rename(other)
    with pytest.raises(DrillError, match="There is a scenario “small” already"):
        shelf.add(other)


def test_that_the_program_s_own_are_not_added(shelf: Shelf) -> None:
    with pytest.raises(DrillError, match="part of the program"):
        shelf.add(SCENARIOS / "fp_drift")


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("nothing", "There is no scenario “nothing”. There are: .*fp_drift"),
        ("/nowhere/at/all", "There is no folder /nowhere/at/all"),
        ("./nothing", "There is no folder"),
        ("", "Name a scenario"),
    ],
)
def test_that_a_word_that_means_nothing_is_refused_in_words(shelf: Shelf, word: str, message: str) -> None:
    with pytest.raises(DrillError, match=message):
        shelf.find(word)


def test_that_packs_with_a_service_of_the_same_name_do_not_run_side_by_side(
    shelf: Shelf, make_pack: MakePack
) -> None:
    keys = ("name", "entry", "source", "target")
    folder = make_pack(*((f'{key} = "front"', f'{key} = "gateway"') for key in keys))
    (folder / "services" / "front").rename(folder / "services" / "gateway")
    (folder / "fixes" / "remember" / "files" / "front").rename(
        folder / "fixes" / "remember" / "files" / "gateway"
    )
    assert isinstance(shelf.find(str(folder)), Pack)
    with pytest.raises(DrillError, match="fp_drift and small both have a “gateway”"):
        shelf.find_several(["fp_drift", str(folder)], 2)
