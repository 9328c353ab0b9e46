"""A new pack is the starter pack under another name: there whole, or not at all."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from engine.drill.errors import DrillError
from engine.packs.reader import read_pack
from engine.packs.starter import CODENAMES, STARTER, make_pack


def tables(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "scenario.toml").read_text(encoding="utf-8"))


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_that_a_new_pack_is_read_and_is_the_starter_but_for_id_and_codename(tmp_path: Path) -> None:
    folder = make_pack("retry_storm", tmp_path / "mine", (), ())
    pack = read_pack(folder)
    assert (pack.id, pack.folder) == ("retry_storm", tmp_path / "mine" / "retry_storm")
    made, starter = files(folder), files(STARTER)
    assert {name for name in made if made[name] != starter.get(name)} == {"scenario.toml"}
    assert made.keys() == starter.keys()
    assert tables(folder) | {"id": "starter", "codename": tables(STARTER)["codename"]} == tables(STARTER)
    assert "# --- The load" in (folder / "scenario.toml").read_text(encoding="utf-8")


def test_that_the_codename_holds_nothing_of_the_id_and_is_nobody_else_s(tmp_path: Path) -> None:
    first = read_pack(make_pack("blue_moon", tmp_path, (), ()))
    assert "blue" not in first.codename
    second = read_pack(make_pack("other", tmp_path, (), {first.codename}))
    assert second.codename != first.codename
    assert {first.codename, second.codename} <= set(CODENAMES)
    assert read_pack(make_pack("last", tmp_path, (), CODENAMES)).codename in CODENAMES


@pytest.mark.parametrize(
    "name", ["", "ab", "Storm", "2storm", "retry-storm", "../storm", "a b", "x" * 41, "störung"]
)
def test_that_a_name_that_cannot_be_an_id_is_refused_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(DrillError, match="is no name for a scenario: 3 to 40 small letters"):
        make_pack(name, tmp_path, (), ())
    assert list(tmp_path.iterdir()) == []


def test_that_a_name_that_is_taken_is_refused_and_what_is_there_stays(tmp_path: Path) -> None:
    with pytest.raises(DrillError, match="There is a scenario “fp_drift” already"):
        make_pack("fp_drift", tmp_path, ("fp_drift",), ())
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("kept")
    with pytest.raises(DrillError, match="is there already"):
        make_pack("mine", tmp_path, (), ())
    assert files(tmp_path) == {"mine/notes.txt": b"kept"}


def test_that_a_place_where_nothing_can_be_made_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DrillError, match="could not be made"):
        make_pack("mine", tmp_path / "file", (), ())
    assert files(tmp_path) == {"file": b""}
