"""Put stored rides under the day on which they ended.

The version before goes on writing for a moment after this one has started, so its last rows are looked for a while.
"""

from __future__ import annotations

import logging
from threading import Event, Thread

from sqlalchemy import text

from store import engine

logger = logging.getLogger("rides.history")

ROUNDS = 60
CORRECT = text("UPDATE rides SET day = left(ended_at, 10)::date WHERE day <> left(ended_at, 10)::date")


def correct() -> int:
    """Correct every row that is there now; how many were."""
    with engine.begin() as connection:
        return connection.execute(CORRECT).rowcount


class LateRows(Thread):
    """Corrects what the version before still adds, for half a minute."""

    def __init__(self) -> None:
        super().__init__(name="late rows")
        self._stopped = Event()

    def run(self) -> None:
        """Look every half second."""
        for _ in range(ROUNDS):
            if corrected := correct():
                logger.info("%d rides corrected", corrected)
            if self._stopped.wait(0.5):
                return

    def stop(self) -> None:
        """End it."""
        self._stopped.set()
        self.join()
