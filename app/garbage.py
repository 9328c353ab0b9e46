"""Cyclic garbage is collected on the GUI thread alone: whatever thread collects also destroys, and a Qt object that
is destroyed on another thread than its own takes the program with it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

YOUNG_EVERY_MS = 1000
OLD_EVERY_ROUNDS = 60


class GarbageRounds(QObject):
    """Switches Python's own collection off and collects once a second here; what is old once a minute."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rounds = 0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(YOUNG_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def settle(self) -> None:
        """What exists by now stays: later rounds need not look at modules and classes again."""
        gc.collect()
        gc.freeze()

    def collect(self) -> None:
        """One round."""
        self._rounds += 1
        gc.collect(2 if self._rounds % OLD_EVERY_ROUNDS == 0 else 1)

    def stop(self) -> None:
        """Give the collection back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
