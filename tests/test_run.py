"""The bootstrap: what it asks for on a machine that lacks something."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def run() -> ModuleType:
    """run.py as a module."""
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_that_a_user_gets_the_exact_line_to_type(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.sys, "platform", "linux")
    monkeypatch.setattr(run.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(run, "has_venv", lambda: False)
    monkeypatch.setattr(run.ctypes.util, "find_library", lambda name: None if name == "EGL" else name)
    monkeypatch.setattr(run.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert "sudo apt-get install -y --no-install-recommends python3-venv libegl1" in run.check_system()


def test_that_nothing_is_asked_for_where_nothing_is_missing(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "has_venv", lambda: True)
    monkeypatch.setattr(run.ctypes.util, "find_library", lambda name: name)
    assert run.check_system() == ""


def test_that_it_needs_nothing_but_the_standard_library() -> None:
    code = "import sys; sys.path.insert(0, '.'); import run; print(sorted(m for m in sys.modules if '.' not in m))"
    found = subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert "PySide6" not in found.stdout


def test_that_the_lock_has_hashes_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    requirements = [line for line in lock.splitlines() if "==" in line]
    assert len(requirements) > 50
    assert lock.count("--hash=sha256:") >= len(requirements)
    assert "://" not in lock
    assert "--index" not in lock


def test_that_an_old_python_is_told_which_one_is_needed(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 1))
    assert run.main([]) == run.MACHINE_LACKS
    assert "3.11" in capsys.readouterr().err


def test_that_the_command_takes_over_so_that_a_signal_reaches_it(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[list[str]] = []

    def execve(path: str, command: list[str], environment: dict[str, str]) -> None:
        taken.append(command)
        raise SystemExit(0)

    monkeypatch.setattr(run, "set_up", lambda: "")
    posix = SimpleNamespace(name="posix", environ={}, chdir=lambda folder: None, execve=execve)
    monkeypatch.setattr(run, "os", posix)
    with pytest.raises(SystemExit):
        run.main(["packs", "list"])
    assert taken == [[str(run.PYTHON), "-m", "app", "packs", "list"]]
