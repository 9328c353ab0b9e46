"""The engine's process as the console sees it: found or started, watched, and started again after a crash."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from app.client.courier import Courier
from app.engine_file import forget_engine, home
from app.engine_start import Alive, EngineDidNotStart, describe_end, engine_command, find_or_start

LOG = logging.getLogger(__name__)
LOOK_EVERY_MS = 250
TERMINATE_AFTER_S, KILL_AFTER_S = 12.0, 20.0


class RestartLimit:
    """Allows `most` restarts in any `within_s` seconds: an engine that dies at once must not be started for ever."""

    def __init__(self, most: int = 3, within_s: float = 600.0) -> None:
        self.most = most
        self.within_s = within_s
        self._at_s: deque[float] = deque()

    def allow(self, now_s: float) -> bool:
        """Whether one more is allowed at `now_s`; counts it if so."""
        while self._at_s and now_s - self._at_s[0] > self.within_s:
            self._at_s.popleft()
        if len(self._at_s) >= self.most:
            return False
        self._at_s.append(now_s)
        return True


class EngineProcess(QObject):
    """Keeps an engine running for this console; the engine lives on when the console ends."""

    ready = Signal(object)
    """RunningEngine: an engine serves; sent again after each restart."""
    crashed = Signal(str)
    """The engine ended by itself and is being started again; how it ended."""
    failed = Signal(str)
    """There is no engine and none will be started by itself; why, and what to do."""

    def __init__(
        self, command: Sequence[str] = (), folder: Path | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.folder = folder or home()
        self._command = tuple(command) or engine_command()
        self._alive: Alive | None = None
        self._end_expected_s: float | None = None
        self._start_after_end = False
        self._limit = RestartLimit()
        self._courier = Courier(self)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._watch = QTimer(self)
        self._watch.setInterval(LOOK_EVERY_MS)
        self._watch.timeout.connect(self._look)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    def begin(self) -> None:
        """Find a living engine or start one; `ready` or `failed` follows."""
        self._end_expected_s = None
        if self._thread is None or not self._thread.is_alive():
            self._work()

    @property
    def alive(self) -> bool:
        """Whether the engine's process was there when last looked at."""
        return self._alive is not None

    def expect_end(self, start_again: bool = False) -> None:
        """The engine was asked to shut down: help it along if it takes long; start another one if wanted."""
        self._end_expected_s = time.monotonic()
        self._start_after_end = start_again

    def terminate(self) -> None:
        """Tell the engine to end without a word to its service: it does not answer."""
        if self._alive is not None:
            _signal(self._alive, kill=False)

    def close(self) -> None:
        """Leave the engine as it is and stop watching it. Idempotent."""
        self._watch.stop()
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._courier.close()
        if self._alive is not None and self._end_expected_s is not None:
            # It is about to end: the next console must not take it for a living one.
            forget_engine(self.folder, self._alive.engine)
        if self._alive is not None and self._alive.child is not None:
            # It lives on without us on purpose; Popen would otherwise warn of a child that nobody waits for.
            self._alive.child.returncode = self._alive.child.poll() or 0
        self._alive = None

    def _work(self) -> None:
        if self._thread is not None:
            self._thread.join()
        self._thread = threading.Thread(target=self._find_or_start, name="engine-start")
        self._thread.start()

    def _find_or_start(self) -> None:
        try:
            alive = find_or_start(self._command, self.folder, self._stop)
        except EngineDidNotStart as problem:
            self._courier.post(partial(self.failed.emit, str(problem)))
        else:
            self._alive = alive
            self._courier.post(self._note_ready)

    def _note_ready(self) -> None:
        if self._alive is not None:
            self._watch.start()
            self.ready.emit(self._alive.engine)

    def _look(self) -> None:
        if self._alive is None:
            return
        if _lives(self._alive):
            self._help_to_end(self._alive)
            return
        ended, self._alive = self._alive, None
        self._watch.stop()
        forget_engine(self.folder, ended.engine)
        if self._end_expected_s is None:
            self._note_crash(describe_end(ended.child, self.folder))
        elif self._start_after_end:
            self.begin()

    def _note_crash(self, how: str) -> None:
        if self._limit.allow(time.monotonic()):
            self.crashed.emit(f"The engine ended unexpectedly ({how}).")
            self._work()
        else:
            minutes = self._limit.within_s / 60
            self.failed.emit(
                f"The engine ended {self._limit.most + 1} times in {minutes:.0f} min ({how}). "
                "It is not started again by itself."
            )

    def _help_to_end(self, alive: Alive) -> None:
        if self._end_expected_s is None:
            return
        waited_s = time.monotonic() - self._end_expected_s
        if waited_s > TERMINATE_AFTER_S:
            _signal(alive, kill=waited_s > KILL_AFTER_S)


def _signal(alive: Alive, kill: bool) -> None:
    import psutil

    LOG.warning("engine %d does not end: %s", alive.engine.pid, "killed" if kill else "told to terminate")
    try:
        process = psutil.Process(alive.engine.pid)
        process.kill() if kill else process.terminate()
    except psutil.NoSuchProcess:
        pass


def _lives(alive: Alive) -> bool:
    if alive.child is not None:
        return alive.child.poll() is None
    import psutil

    try:
        return psutil.Process(alive.engine.pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
