"""What runs is what was hashed."""

import os
import py_compile
import subprocess
import sys
from pathlib import Path

from engine.lab.modes import ROOT
from engine.lab.service_source import source_hash

PROGRAM = """
import sys
from pathlib import Path
from engine.lab.service_source import import_from, isolate, read_source
folder = Path(sys.argv[1])
isolate()
import_from(folder, read_source(folder))
import app
print(app.ANSWER, app.__file__)
"""


def _run(folder: Path) -> str:
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)],
        env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    return result.stdout


def test_that_the_hash_follows_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("A = 1")
    first = source_hash(tmp_path)
    (tmp_path / "app.py").write_text("A = 2")
    second = source_hash(tmp_path)
    (tmp_path / "app.py").rename(tmp_path / "other.py")
    assert len({first, second, source_hash(tmp_path)}) == 3


def test_that_bytecode_and_hidden_files_are_no_source(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("A = 1")
    before = source_hash(tmp_path)
    py_compile.compile(str(tmp_path / "app.py"))
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("x")
    assert source_hash(tmp_path) == before


def test_that_bytecode_of_the_same_second_and_size_is_not_run(tmp_path: Path) -> None:
    source = tmp_path / "app.py"
    source.write_text("ANSWER = 1")
    py_compile.compile(str(source))
    saved = source.stat()
    source.write_text("ANSWER = 2")
    os.utime(source, ns=(saved.st_atime_ns, saved.st_mtime_ns))
    assert _run(tmp_path).startswith("2 ")


def test_that_no_bytecode_is_written(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("ANSWER = 1")
    _run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]


def test_that_a_services_own_module_is_found_under_a_name_of_ours(tmp_path: Path) -> None:
    (tmp_path / "engine.py").write_text("RATE = 7")
    (tmp_path / "app.py").write_text("from engine import RATE as ANSWER")
    assert _run(tmp_path).startswith("7 ")


def test_that_the_engine_is_out_of_a_services_sight(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "try:\n    import engine\n    ANSWER = 'seen'\nexcept ImportError:\n    ANSWER = 'unseen'\n"
    )
    assert _run(tmp_path).startswith("unseen ")


def test_that_a_package_in_the_source_is_loaded_from_the_snapshot(tmp_path: Path) -> None:
    (tmp_path / "rates").mkdir()
    (tmp_path / "rates" / "__init__.py").write_text("")
    (tmp_path / "rates" / "tax.py").write_text("TAX = 3")
    (tmp_path / "app.py").write_text("from rates.tax import TAX as ANSWER")
    assert _run(tmp_path).startswith("3 ")
