"""Qt's classes, all made before a second thread names one.

PySide6 makes a class when it is first named, in several steps. Two threads that do so at once end the process: seen
with 6.11 while a thread imported pyqtgraph, which names every class there is, and this one painted its first icons.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib import import_module

from PySide6.QtCore import QObject, QTimer, Signal

MODULES = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets", "PySide6.QtSvg")
"""Those that this program and pyqtgraph use; the others that pyqtgraph loads are named by it alone."""
SLICE_S = 0.004


def make_types() -> None:
    """Make them now, on this thread: a fifth of a second the first time, nothing later."""
    for _ in _each():
        pass


def _each() -> Iterator[None]:
    for name in MODULES:
        module = import_module(name)
        for attribute in dir(module):
            getattr(module, attribute, None)
            yield


class TypesFirst(QObject):
    """Makes them between the events of the GUI thread, a few milliseconds at a time, then says `done`."""

    done = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left = _each()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._make_some)

    def start(self) -> None:
        """Begin."""
        self._timer.start()

    def _make_some(self) -> None:
        end_s = time.perf_counter() + SLICE_S
        for _ in self._left:
            if time.perf_counter() >= end_s:
                return
        self._timer.stop()
        self.done.emit()
