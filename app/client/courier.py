"""The way from any thread to the GUI thread: work is left here and done there, one wake-up a batch."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

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

    def post(self, errand: Errand) -> None:
        """Have `errand` run on the GUI thread; dropped after `close`. Any thread may call."""
        with self._lock:
            if not self._open:
                return
            first = not self._errands
            self._errands.append(errand)
            if first:
                self._woken.emit()

    def close(self) -> None:
        """Drop what waits and whatever comes later."""
        with self._lock:
            self._open = False
            self._errands.clear()

    @Slot()
    def _run(self) -> None:
        with self._lock:
            errands = tuple(self._errands)
            self._errands.clear()
        for errand in errands:
            errand()
