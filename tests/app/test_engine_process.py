"""The engine's process: found, started, watched, started again; with real processes."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.engine_file import RunningEngine, forget_engine, read_engine, write_engine
from app.engine_process import EngineProcess, RestartLimit
from app.engine_start import find_engine

STUB = (sys.executable, "-m", "tests.app.engine_stub")
Keep = Callable[..., EngineProcess]


@pytest.fixture
def keep(qtbot: object, tmp_path: Path) -> Iterator[Keep]:
    """Makes keepers of one state folder; ends them and the engine that is left."""
    made: list[EngineProcess] = []

    def make(command: tuple[str, ...] = STUB) -> EngineProcess:
        made.append(EngineProcess(command, tmp_path))
        return made[-1]

    yield make
    for process in made:
        process.close()
    engine = read_engine(tmp_path)
    if engine is not None and psutil.pid_exists(engine.pid):
        end(engine)


def end(engine: RunningEngine) -> None:
    process = psutil.Process(engine.pid)
    process.kill()
    process.wait(10)


def begun(qtbot: Any, process: EngineProcess) -> RunningEngine:
    with qtbot.waitSignal(process.ready, timeout=20_000) as signal:
        process.begin()
    return signal.args[0]


def test_that_an_engine_is_started_in_a_session_of_its_own(qtbot: Any, tmp_path: Path, keep: Keep) -> None:
    engine = begun(qtbot, keep())
    assert find_engine(tmp_path) == engine
    assert os.getsid(engine.pid) == engine.pid
    environment = psutil.Process(engine.pid).environ()
    assert environment["DRILL_RUN"] == "engine"
    assert "PYTEST_CURRENT_TEST" not in environment


def test_that_the_keys_are_for_their_owner_alone(qtbot: Any, tmp_path: Path, keep: Keep) -> None:
    begun(qtbot, keep())
    for name in ("engine.json", "engine.out"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_that_the_next_console_finds_the_engine_of_the_last_one(qtbot: Any, keep: Keep) -> None:
    first = keep()
    engine = begun(qtbot, first)
    first.close()
    assert psutil.pid_exists(engine.pid)
    assert begun(qtbot, keep()) == engine


def test_that_an_engine_that_was_killed_is_started_again(qtbot: Any, keep: Keep) -> None:
    process = keep()
    engine = begun(qtbot, process)
    crashes: list[str] = []
    process.crashed.connect(crashes.append)
    with qtbot.waitSignal(process.ready, timeout=20_000):
        psutil.Process(engine.pid).kill()
    (crash,) = crashes
    assert "signal 9" in crash
    assert "engine.log" in crash


def test_that_an_adopted_engine_is_watched_too(qtbot: Any, keep: Keep) -> None:
    first = keep()
    begun(qtbot, first)
    first.close()
    second = keep()
    engine = begun(qtbot, second)
    with qtbot.waitSignal(second.ready, timeout=20_000) as signal:
        psutil.Process(engine.pid).kill()
    assert signal.args[0].pid != engine.pid


def test_that_an_end_that_was_asked_for_is_not_a_crash(qtbot: Any, tmp_path: Path, keep: Keep) -> None:
    process = keep()
    engine = begun(qtbot, process)
    crashes: list[str] = []
    process.crashed.connect(crashes.append)
    process.expect_end()
    psutil.Process(engine.pid).terminate()
    qtbot.waitUntil(lambda: read_engine(tmp_path) is None)
    assert crashes == []


def test_that_an_engine_that_dies_at_once_is_told_with_its_last_words(qtbot: Any, keep: Keep) -> None:
    process = keep((sys.executable, "-c", "import sys; sys.exit('No PostgreSQL programs found.')"))
    with qtbot.waitSignal(process.failed, timeout=20_000) as signal:
        process.begin()
    assert "exit code 1" in signal.args[0]
    assert "No PostgreSQL programs found." in signal.args[0]
    assert "engine.log" in signal.args[0]


def test_that_closing_while_the_engine_starts_leaves_nothing(qtbot: Any, tmp_path: Path, keep: Keep) -> None:
    process = keep((sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"))
    process.begin()
    out = tmp_path / "engine.out"
    qtbot.waitUntil(lambda: out.exists() and out.read_text().strip() != "")
    process.close()
    assert not psutil.pid_exists(int(out.read_text()))


def test_that_a_folder_that_cannot_be_written_is_told_with_the_remedy(qtbot: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    process = EngineProcess(STUB, tmp_path / "file" / "state")
    with qtbot.waitSignal(process.failed, timeout=20_000) as signal:
        process.begin()
    assert "DRILL_HOME" in signal.args[0]
    process.close()


def test_that_a_stale_or_damaged_record_is_no_engine(tmp_path: Path) -> None:
    assert find_engine(tmp_path) is None
    (tmp_path / "engine.json").write_text("{]")
    assert find_engine(tmp_path) is None
    gone = RunningEngine("127.0.0.1:9", "a", "b", 2**22 + 1)
    write_engine(tmp_path, gone)
    assert find_engine(tmp_path) is None
    assert read_engine(tmp_path) is None


def test_that_only_the_own_record_is_forgotten(tmp_path: Path) -> None:
    mine, other = RunningEngine("127.0.0.1:9", "a", "b", 1), RunningEngine("127.0.0.1:8", "c", "d", 2)
    write_engine(tmp_path, other)
    forget_engine(tmp_path, mine)
    assert read_engine(tmp_path) == other


def test_that_restarts_are_limited_and_forgiven_with_time() -> None:
    limit = RestartLimit(most=2, within_s=60)
    assert [limit.allow(at_s) for at_s in (0, 10, 20, 59, 61, 62)] == [True, True, False, False, True, False]


def test_that_two_consoles_that_see_one_crash_share_one_new_engine(qtbot: Any, keep: Keep) -> None:
    first, second = keep(), keep()
    engine = begun(qtbot, first)
    assert begun(qtbot, second) == engine
    found: list[RunningEngine] = []
    first.ready.connect(found.append)
    second.ready.connect(found.append)
    psutil.Process(engine.pid).kill()
    qtbot.waitUntil(lambda: len(found) == 2, timeout=20_000)
    assert found[0] == found[1]
    assert found[0].pid != engine.pid
