"""A pack's own files are loaded, reach each other, and do not meet those of another pack."""

from __future__ import annotations

import importlib.util
import py_compile
from pathlib import Path

import pytest

from engine.packs.loading import load_contributions, load_meter, load_module, load_probes, load_traffic


def pack_with(folder: Path, word: str) -> Path:
    folder.mkdir()
    (folder / "words.py").write_text(f"WORD = {word!r}\n")
    (folder / "traffic.py").write_text("from .words import WORD\n\ndef request(p, s, i):\n    return WORD\n")
    (folder / "meter.py").write_text(
        "class Meter:\n    def __init__(self, seed):\n        self.seed = seed\n"
    )
    (folder / "probes.py").write_text("PROBES = ()\n")
    return folder


def test_that_files_of_two_packs_keep_apart(tmp_path: Path) -> None:
    one, two = pack_with(tmp_path / "one", "one"), pack_with(tmp_path / "two", "two")
    assert load_traffic(one).request("base", 1, 1) == "one"
    assert load_traffic(two).request("base", 1, 1) == "two"
    assert load_module(one, "words") is load_module(one, "words")


def test_that_a_meter_gets_the_seed(tmp_path: Path) -> None:
    meter = load_meter(pack_with(tmp_path / "pack", "w"), 42)
    assert getattr(meter, "seed", None) == 42


def test_that_a_pack_without_contributions_has_none(tmp_path: Path) -> None:
    folder = pack_with(tmp_path / "pack", "w")
    assert load_contributions(folder, 1) == ()
    assert load_probes(folder) == ()


def test_that_a_missing_file_is_an_import_error(tmp_path: Path) -> None:
    with pytest.raises(ModuleNotFoundError):
        load_module(pack_with(tmp_path / "pack", "w"), "nothing")


def test_that_code_is_compiled_from_its_text_whatever_bytecode_lies_beside_it(tmp_path: Path) -> None:
    folder = pack_with(tmp_path / "pack", "text")
    (tmp_path / "words.py").write_text("WORD = 'bytecode'\n")
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    stale = importlib.util.cache_from_source(str(folder / "words.py"))
    py_compile.compile(str(tmp_path / "words.py"), stale, invalidation_mode=unchecked)
    py_compile.compile(str(tmp_path / "words.py"), str(folder / "hidden.pyc"), invalidation_mode=unchecked)
    assert load_module(folder, "words").WORD == "text"
    with pytest.raises(ModuleNotFoundError):
        load_module(folder, "hidden")


def test_that_folders_below_a_pack_are_not_imported(tmp_path: Path) -> None:
    folder = pack_with(tmp_path / "pack", "w")
    (folder / "below").mkdir()
    (folder / "below" / "__init__.py").write_text("")
    (folder / "plain").mkdir()
    for name in ("below", "plain"):
        with pytest.raises(ModuleNotFoundError):
            load_module(folder, name)
