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
engine_start.engine_command = lambda: (sys.executable, "-m", "tests.app.engine_stub", *sys.argv[1:])
import app.engine_process
app.engine_process.engine_command = engine_start.engine_command
from app.console import run_console
from app.session import Session
begin = Session.begin
def telling(session):
    session.participant.stateChanged.connect(lambda state: print(state, flush=True))
    begin(session)
Session.begin = telling
sys.exit(run_console())
"""


@pytest.mark.parametrize("module", ["grpc", "numpy", "pyqtgraph", "google.protobuf", "psutil", "engine"])
def test_that_nothing_slow_comes_before_the_first_picture(module: str) -> None:
    code = f"import sys, app.console; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("with_run", [True, False])
def test_that_a_console_told_to_end_leaves_an_engine_to_the_next_only_with_its_run(
    tmp_path: Path, number: signal.Signals, with_run: bool
) -> None:
    environment = {**os.environ, "DRILL_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", CONSOLE, *(["--open"] if with_run else [])]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as console:
        assert console.stdout is not None
        assert any(line == "connected\n" for line in console.stdout)
        engine = read_engine(tmp_path)
        assert engine is not None
        process = psutil.Process(engine.pid)
        console.send_signal(number)
        assert console.wait(20) == 0
    if with_run:
        assert read_engine(tmp_path) == engine
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
