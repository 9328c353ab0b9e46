"""The console's hold on the engine, with a real engine process that is killed on the way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.client import EngineState
from app.engine_file import read_engine
from app.engine_process import EngineProcess
from app.opening import Opening, Wanted
from app.session import Notice, Remedy, Session

STUB = (sys.executable, "-m", "tests.app.engine_stub")
Begin = Callable[..., Session]


@pytest.fixture
def begin(qtbot: Any, tmp_path: Path) -> Iterator[Begin]:
    """Makes a session with an engine of its own, connected; ends both."""
    made: list[Session] = []

    def make(command: tuple[str, ...] = STUB) -> Session:
        session = Session(EngineProcess(command, tmp_path))
        made.append(session)
        session.begin()
        return session

    yield make
    for session in made:
        session.close()
    engine = read_engine(tmp_path)
    if engine is not None and psutil.pid_exists(engine.pid):
        process = psutil.Process(engine.pid)
        process.kill()
        process.wait(10)


def connected(qtbot: Any, session: Session) -> None:
    both = (session.facilitator, session.participant)
    qtbot.waitUntil(lambda: all(engine.state is EngineState.CONNECTED for engine in both), timeout=20_000)


def opened(qtbot: Any, session: Session) -> str:
    connected(qtbot, session)
    Opening(session.facilitator, Wanted("Cents", packs=("fp_drift",), seed=1), session)
    qtbot.waitUntil(lambda: bool(session.run) and session.participant.snapshot is not None, timeout=20_000)
    return session.run


def test_that_a_run_that_opens_is_shown_to_both_audiences(qtbot: Any, begin: Begin) -> None:
    session = begin()
    run = opened(qtbot, session)
    qtbot.waitUntil(lambda: session.facilitator.run == run)
    hello = session.participant.hello
    assert hello is not None
    assert hello.role == "participant"
    assert session.notice is None


def test_that_a_killed_engine_is_told_started_again_and_its_run_resumed(
    qtbot: Any, tmp_path: Path, begin: Begin
) -> None:
    session = begin()
    run = opened(qtbot, session)
    shown: list[str] = []
    notices: list[Notice | None] = []
    session.runChanged.connect(shown.append)
    session.participant.runChanged.connect(shown.append)
    session.noticeChanged.connect(notices.append)
    old = read_engine(tmp_path)
    assert old is not None
    psutil.Process(old.pid).kill()
    qtbot.waitUntil(lambda: bool(notices), timeout=20_000)
    qtbot.waitUntil(lambda: session.notice is None and session.participant.run == run, timeout=20_000)
    assert shown == []
    facts = [notice.fact for notice in notices if notice is not None]
    assert any("signal 9" in fact for fact in facts)
    assert any(f"resumes {run}" in fact for fact in facts)


def test_that_leaving_a_run_ends_its_engine_and_starts_a_fresh_one(
    qtbot: Any, tmp_path: Path, begin: Begin
) -> None:
    session = begin()
    opened(qtbot, session)
    old = read_engine(tmp_path)
    session.leave_run()
    assert (session.run, session.notice) == ("", None)

    def is_fresh() -> bool:
        now = read_engine(tmp_path)
        return now is not None and now != old and session.facilitator.state is EngineState.CONNECTED

    qtbot.waitUntil(is_fresh, timeout=20_000)
    assert session.run == ""


def test_that_an_engine_that_cannot_start_is_told(qtbot: Any, begin: Begin) -> None:
    session = begin((sys.executable, "-c", "raise SystemExit('no room')"))
    with qtbot.waitSignal(session.engineFailed, timeout=20_000) as signal:
        pass
    assert "no room" in signal.args[0]


def test_that_an_engine_that_keeps_dying_is_given_up_with_a_button(
    qtbot: Any, tmp_path: Path, begin: Begin
) -> None:
    session = begin()
    run = opened(qtbot, session)
    session.process._limit.most = 0
    old = read_engine(tmp_path)
    assert old is not None
    psutil.Process(old.pid).kill()
    qtbot.waitUntil(
        lambda: session.notice is not None and session.notice.remedy is Remedy.START, timeout=20_000
    )
    session.process._limit.most = 3
    session.try_again()
    qtbot.waitUntil(lambda: session.notice is None and session.facilitator.run == run, timeout=20_000)
    assert session.run == run


def test_that_an_engine_that_hangs_is_replaced_and_its_run_resumed(
    qtbot: Any, tmp_path: Path, begin: Begin
) -> None:
    session = begin()
    run = opened(qtbot, session)
    old = read_engine(tmp_path)
    session.restart_engine()
    assert session.notice is not None

    def is_back() -> bool:
        return read_engine(tmp_path) not in (None, old) and session.notice is None

    qtbot.waitUntil(is_back, timeout=20_000)
    qtbot.waitUntil(lambda: session.facilitator.run == run)
    assert session.run == run


def test_that_the_engine_is_told_to_end_when_the_console_closes(
    qtbot: Any, tmp_path: Path, begin: Begin
) -> None:
    session = begin()
    opened(qtbot, session)
    told: list[str] = []
    session.end_engine(lambda: told.append("told"))
    qtbot.waitUntil(lambda: told == ["told"])
    session.close()
    assert read_engine(tmp_path) is None
