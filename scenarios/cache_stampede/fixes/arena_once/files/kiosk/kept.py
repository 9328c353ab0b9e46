"""Answers of routes, kept for a while so that the next reader has them at once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic

LASTS_S = 3.0
"""a report has to be seen within 5 seconds"""

WANTED = "/Arena"


class Kept:
    """The answers of the present period; those that everybody wants tonight are asked for once."""

    def __init__(self) -> None:
        self._period = 0
        self._answers: dict[str, bytes] = {}
        self._guard = Lock()
        self._locks: dict[str, Lock] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, path: str, ask: Callable[[], bytes]) -> bytes:
        """The answer for a path: the one that is kept, or a new one."""
        if not path.endswith(WANTED):
            return self._kept_or_new(path, ask)
        with self._guard:
            lock = self._locks.setdefault(path, Lock())
        with lock:
            return self._kept_or_new(path, ask)

    def _kept_or_new(self, path: str, ask: Callable[[], bytes]) -> bytes:
        period = int(monotonic() / LASTS_S)
        if period != self._period:
            self._period, self._answers = period, {}
        answer = self._answers.get(path)
        if answer is None:
            answer = ask()
            self._answers[path] = answer
        return answer
