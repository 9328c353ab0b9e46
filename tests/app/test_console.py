"""The console process as a whole: what it imports before its first picture, and what it leaves when told to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.engine_file import read_engine
from app.preferences import Preferences
from app.theme import ThemeName, theme

CONSOLE = """
import sys
from app import engine_start
engine_start.engine_command = lambda: (sys.executable, "-m", "tests.app.engine_stub")
import app.engine_process
app.engine_process.engine_command = engine_start.engine_command
from app.console import run_console
sys.exit(run_console())
"""


@pytest.mark.parametrize("module", ["grpc", "numpy", "pyqtgraph", "google.protobuf", "psutil", "engine"])
def test_that_nothing_slow_comes_before_the_first_picture(module: str) -> None:
    code = f"import sys, app.console; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_that_a_console_told_to_end_ends_and_leaves_its_engine_to_the_next(
    qtbot: Any, tmp_path: Path
) -> None:
    environment = {**os.environ, "DRILL_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    console = subprocess.Popen([sys.executable, "-c", CONSOLE], env=environment, stderr=subprocess.DEVNULL)
    qtbot.waitUntil(lambda: read_engine(tmp_path) is not None, timeout=30_000)
    engine = read_engine(tmp_path)
    assert engine is not None
    console.send_signal(signal.SIGTERM)
    assert console.wait(20) == 0
    process = psutil.Process(engine.pid)
    process.terminate()
    process.wait(10)


def test_that_theme_and_text_scale_are_remembered(tmp_path: Path, qtbot: Any) -> None:
    theme.use(ThemeName.LIGHT, text_scale=1.2)
    Preferences(tmp_path).save()
    theme.use(ThemeName.DARK, text_scale=1.0)
    Preferences(tmp_path).apply()
    assert (theme.name, theme.text_scale) == (ThemeName.LIGHT, 1.2)
    theme.use(ThemeName.DARK, text_scale=1.0)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"theme": "pink", "text_scale": 1, "reduced_motion": 0}'])
def test_that_damaged_preferences_count_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "console.json").write_text(text)
    Preferences(tmp_path).apply()
    assert theme.name is ThemeName.DARK
