"""A pack from outside may run only as long as its files are those that somebody trusted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.drill.errors import DrillError
from engine.packs.outside import FILE, MOST_FILES, NotTrusted, OutsidePacks, files_of

MakePack = Callable[..., Path]


@pytest.fixture
def outside(tmp_path: Path) -> OutsidePacks:
    return OutsidePacks(tmp_path / "home")


def trust(outside: OutsidePacks, folder: Path) -> None:
    outside.trust(folder, files_of(folder).fingerprint)


def test_that_a_new_folder_is_asked_for_with_its_files_and_fingerprint(
    make_pack: MakePack, outside: OutsidePacks
) -> None:
    folder = make_pack()
    with pytest.raises(NotTrusted, match="run as programs on this machine") as question:
        outside.require(folder)
    files = question.value.files
    assert files == files_of(folder)
    assert files.number == sum(path.is_file() for path in folder.rglob("*"))
    assert f"{files.number} files" in str(question.value)
    assert files.fingerprint[:16] in str(question.value)


def test_that_trust_lasts_over_a_start_of_the_program(make_pack: MakePack, tmp_path: Path) -> None:
    folder = make_pack()
    trust(OutsidePacks(tmp_path / "home"), folder)
    OutsidePacks(tmp_path / "home").require(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "probes.py").write_text("PROBES = (1,)\n"),
        lambda folder: (folder / "new.py").write_text(""),
        lambda folder: (folder / "meter.py").unlink(),
        lambda folder: (folder / "meter.py").rename(folder / "metre.py"),
        lambda folder: (folder / "services" / "front" / "app.py").write_text("app = 1\n"),
        lambda folder: (folder / "module.pyc").write_bytes(b"code"),
    ],
    ids=["changed", "added", "removed", "renamed", "service", "bytecode"],
)
def test_that_any_change_of_a_file_asks_again(
    make_pack: MakePack, outside: OutsidePacks, change: Callable[[Path], object]
) -> None:
    folder = make_pack()
    trust(outside, folder)
    assert outside.is_trusted(folder)
    change(folder)
    assert not outside.is_trusted(folder)
    with pytest.raises(NotTrusted):
        outside.require(folder)


def test_that_what_python_leaves_beside_the_source_does_not_ask_again(
    make_pack: MakePack, outside: OutsidePacks
) -> None:
    folder = make_pack()
    trust(outside, folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "traffic.cpython-311.pyc").write_bytes(b"code")
    outside.require(folder)


def test_that_a_pack_which_changed_after_the_question_is_not_trusted(
    make_pack: MakePack, outside: OutsidePacks
) -> None:
    folder = make_pack()
    shown = files_of(folder).fingerprint
    (folder / "probes.py").write_text("PROBES = (1,)\n")
    with pytest.raises(DrillError, match="has changed since"):
        outside.trust(folder, shown)
    assert not outside.is_trusted(folder)


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_that_a_link_is_refused_by_name(
    make_pack: MakePack, outside: OutsidePacks, tmp_path: Path, kind: str
) -> None:
    folder, target = make_pack(), tmp_path / "elsewhere"
    target.mkdir()
    (target / "code.py").write_text("")
    os.symlink(target if kind == "folder" else target / "code.py", folder / "linked.py")
    with pytest.raises(DrillError, match=r"linked\.py is a link"):
        outside.require(folder)
    assert not outside.is_trusted(folder)


def test_that_a_folder_with_very_many_files_is_no_scenario(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 1):
        (tmp_path / str(number)).touch()
    with pytest.raises(DrillError, match="is no scenario"):
        files_of(tmp_path)


def test_that_added_folders_are_listed_in_their_order_and_once(outside: OutsidePacks, tmp_path: Path) -> None:
    for name in ("b", "a", "b"):
        outside.add(tmp_path / name)
    assert outside.folders() == (tmp_path / "b", tmp_path / "a")
    outside.remove(tmp_path / "b")
    assert outside.folders() == (tmp_path / "a",)
    with pytest.raises(DrillError, match="not among the scenarios"):
        outside.remove(tmp_path / "b")


def test_that_a_folder_that_was_removed_is_not_trusted_any_more(
    make_pack: MakePack, outside: OutsidePacks
) -> None:
    folder = make_pack()
    outside.add(folder)
    trust(outside, folder)
    outside.remove(folder)
    assert not outside.is_trusted(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"folders": 1, "trusted": {}}', '{"trusted": {}}'])
def test_that_a_damaged_memory_lists_nothing_and_trusts_nothing(
    make_pack: MakePack, tmp_path: Path, text: str
) -> None:
    folder = make_pack()
    outside = OutsidePacks(tmp_path / "home")
    outside.add(folder)
    trust(outside, folder)
    (tmp_path / "home" / FILE).write_text(text)
    assert outside.folders() == ()
    assert not outside.is_trusted(folder)
