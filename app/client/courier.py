"""The way from any thread to the GUI thread: work is left here and done there, one wake-up a batch."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

Errand = Callable[[], None]


class Courier(QObject):
    """Carries errands to the thread that made it."""

    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._errands: deque[Errand] = deque()
        self._open = True
        self._woken.connect(self._run, Qt.ConnectionType.QueuedConnection)
        # Kept here and not by `QTimer.singleShot`: that borrows a bound method's object without holding it.
        self._later: list[tuple[float, int, Errand]] = []
        self._numbers = itertools.count()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._run_due)

    def post(self, errand: Errand) -> None:
        """Have `errand` run on the GUI thread; dropped after `close`. Any thread may call."""
        with self._lock:
            if not self._open:
                return
            first = not self._errands
            self._errands.append(errand)
            if first:
                self._woken.emit()

    def post_later(self, errand: Errand, delay_s: float) -> None:
        """Have `errand` run after `delay_s`; only the GUI thread may call."""
        if self._open:
            heapq.heappush(self._later, (time.monotonic() + delay_s, next(self._numbers), errand))
            self._wind()

    def close(self) -> None:
        """Drop what waits and whatever comes later."""
        with self._lock:
            self._open = False
            self._errands.clear()
        self._later.clear()
        self._timer.stop()

    @Slot()
    def _run(self) -> None:
        with self._lock:
            count = len(self._errands)
        try:
            for _ in range(count):
                with self._lock:
                    if not self._errands:
                        return
                    errand = self._errands.popleft()
                errand()
        finally:
            # Also after an errand that raised: the ones behind it are others' answers.
            with self._lock:
                if self._errands:
                    self._woken.emit()

    @Slot()
    def _run_due(self) -> None:
        try:
            while self._later and self._later[0][0] <= time.monotonic():
                heapq.heappop(self._later)[2]()
        finally:
            self._wind()

    def _wind(self) -> None:
        if self._later:
            self._timer.start(max(0, round((self._later[0][0] - time.monotonic()) * 1000)))
