"""The console's hold on the engine: its process, a connection for each audience, the open run, and what is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.client import Endpoint, Engine, EngineState
from app.drill_time import read_clock
from app.engine_file import RunningEngine
from app.engine_process import EngineProcess
from app.opening import Opening, OpeningState, Wanted
from app.theme import Status

if TYPE_CHECKING:
    from protos.drill.v1.records import Snapshot

HANGS_AFTER_S = 15.0


class Remedy(StrEnum):
    """What the user can do about a notice; the value is the button's text."""

    NONE = ""
    START = "Start the engine"
    RESTART = "Restart the engine"
    RESUME = "Resume the run"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is wrong, in words: what and since when, what happens next, and what the user can do."""

    fact: str
    outlook: str
    remedy: Remedy = Remedy.NONE
    status: Status = Status.CRITICAL


class Session(QObject):
    """One console's session.

    `run` is the run on the screen: it stays while the engine is lost and while a crashed run is being resumed.
    """

    runChanged = Signal(str)
    """Name of the run to show; "" leads to the start screen."""
    noticeChanged = Signal(object)
    """Notice, or None when all is well; repeated every second while there is one."""
    engineFailed = Signal(str)
    """There is no engine and none will come by itself; why."""

    def __init__(self, process: EngineProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.process = process
        self.facilitator = Engine(self)
        self.participant = Engine(self)
        self.run = ""
        self.notice: Notice | None = None
        self._crash = ""
        self._dead = ""
        self._resuming: Opening | None = None
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._refresh)
        process.ready.connect(self._connect)
        process.crashed.connect(self._note_crash)
        process.failed.connect(self._note_death)
        self.participant.stateChanged.connect(self._refresh)
        self.participant.runChanged.connect(self._note_run)
        self.facilitator.stateChanged.connect(self._resume_if_crashed)
        self.facilitator.snapshotChanged.connect(self._note_return)

    @property
    def is_idle(self) -> bool:
        """Whether the engine is known to have no open run: it serves nobody once the console has gone."""
        return self.participant.state is EngineState.CONNECTED and not self.participant.run

    def begin(self) -> None:
        """Find or start the engine."""
        self.process.begin()

    def restart_engine(self) -> None:
        """End the engine, whatever it does, and start another one; an open run is resumed."""
        self._expect_crash("The engine is being restarted." if self.run else "")
        self._replace_engine()
        self._refresh()

    def leave_run(self) -> None:
        """Close the run, or give up opening one: a fresh engine, and the start screen."""
        self._expect_crash("")
        self._resuming = None
        self._show_run("")
        self._replace_engine()

    def end_engine(self, then: Callable[[], None]) -> None:
        """End the engine for good, such as when the console closes; `then` is called once it was told."""

        def told(_: object) -> None:
            then()

        def deaf(_: str) -> None:
            self.process.terminate()
            then()

        if self.process.alive:
            self.process.expect_end()
            self.facilitator.ask(lambda client: client.shutdown(), told, deaf, owner=self)
        else:
            then()

    def try_again(self) -> None:
        """Do what the notice's button says."""
        if self._dead:
            self._dead = ""
            self.process.begin()
        elif self._resuming is not None and self._resuming.state is OpeningState.FAILED:
            self._resume()
        else:
            self.restart_engine()
        self._refresh()

    def close(self) -> None:
        """Let go of the engine: connections and threads end, its process lives on unless it was told to end."""
        self._second.stop()
        self.facilitator.close()
        self.participant.close()
        self.process.close()

    def _replace_engine(self) -> None:
        if not self.process.alive:
            self.process.begin()
            return
        self.process.expect_end(start_again=True)
        self.facilitator.ask(lambda client: client.shutdown(), lambda _: None, lambda _: None, owner=self)

    def _connect(self, engine: RunningEngine) -> None:
        self._dead = ""
        self.facilitator.connect_to(Endpoint(engine.address, engine.facilitator))
        self.participant.connect_to(Endpoint(engine.address, engine.participant))

    def _note_crash(self, how: str) -> None:
        self._expect_crash(how if self.run else "")
        self._resuming = None
        self._refresh()

    def _note_death(self, why: str) -> None:
        self._dead = why
        self._expect_crash(why if self.run else "")
        self._resuming = None
        self.engineFailed.emit(why)
        self._refresh()

    def _resume_if_crashed(self, state: str) -> None:
        engine = self.facilitator
        if state != EngineState.CONNECTED or not self._crash or engine.hello is None:
            return
        if engine.hello.run:
            self._expect_crash("")
        elif self._resuming is None and engine.hello.state == "idle":
            self._resume()
        self._refresh()

    def _note_return(self, snapshot: Snapshot) -> None:
        # Whoever resumed it: another console on this engine may have been first.
        if self._crash and snapshot.run == self.run:
            self._crash, self._resuming = "", None
            self._refresh()

    def _resume(self) -> None:
        snapshot = self.participant.snapshot
        title = snapshot.title if snapshot is not None else self.run
        self._resuming = Opening(self.facilitator, Wanted(title, resume=self.run), self)
        self._resuming.changed.connect(self._refresh)
        self._resuming.opened.connect(self._note_resumed)

    def _note_resumed(self, run: str) -> None:
        self._resuming = None
        self._crash = ""
        self.participant.look_again()
        self.facilitator.look_again()
        self._refresh()

    def _expect_crash(self, how: str) -> None:
        self._crash = how
        for engine in (self.facilitator, self.participant):
            engine.await_return(bool(how))

    def _note_run(self, run: str) -> None:
        self._show_run(run)

    def _show_run(self, run: str) -> None:
        if run != self.run:
            self.run = run
            self.runChanged.emit(run)
        self._refresh()

    def _refresh(self) -> None:
        notice = self._find_notice(time.time_ns())
        if notice is not None and not self._second.isActive():
            self._second.start()
        elif notice is None:
            self._second.stop()
        if notice != self.notice:
            self.notice = notice
            self.noticeChanged.emit(notice)

    def _find_notice(self, now_ns: int) -> Notice | None:
        if not self.run:
            return None
        if self._dead:
            return Notice(self._dead, "What was recorded is safe and can be resumed.", Remedy.START)
        if self._resuming is not None:
            return _resuming_notice(self._resuming, self.run)
        if self._crash:
            return Notice(self._crash, f"It is started again; {self.run} then goes on from its log.")
        if self.participant.state is EngineState.LOST:
            return _lost_notice(self.participant, now_ns)
        return None


def _lost_notice(engine: Engine, now_ns: int) -> Notice:
    since = _time_of(engine, engine.lost_since_ns)
    lost_s = (now_ns - engine.lost_since_ns) / 1e9
    retry_s = max(0.0, (engine.retry_at_ns - now_ns) / 1e9)
    retry = "trying again now" if retry_s < 0.5 else f"next try in {retry_s:.0f} s"
    return Notice(
        f"The engine has not answered since {since} ({lost_s:.0f} s): {engine.problem}.",
        f"{retry[0].upper()}{retry[1:]}. The screen keeps what it had; what happens meanwhile is caught up.",
        Remedy.RESTART if lost_s >= HANGS_AFTER_S else Remedy.NONE,
    )


def _time_of(engine: Engine, wall_ns: int) -> str:
    """That moment on the drill clock, since that is the clock on the screen."""
    if engine.snapshot is None:
        return f"{datetime.fromtimestamp(wall_ns / 1e9).astimezone():%H:%M:%S}"
    return read_clock(engine.snapshot.clock, wall_ns).clock_text


def _resuming_notice(opening: Opening, run: str) -> Notice:
    if opening.state is OpeningState.FAILED:
        return Notice(f"{run} could not be resumed: {opening.problem}", "Its log is kept.", Remedy.RESUME)
    step = opening.steps[-1].name if opening.steps else "reading its log"
    seconds = opening.seconds(time.monotonic())
    fact = f"The engine runs again and resumes {run} ({seconds:.0f} s)."
    return Notice(fact, f"{step}.", status=Status.INFO)
