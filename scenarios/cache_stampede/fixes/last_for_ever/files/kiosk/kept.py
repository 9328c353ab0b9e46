"""Answers of routes, kept so that the next reader has them at once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class Kept:
    """Every answer that was ever given."""

    def __init__(self) -> None:
        self._answers: dict[str, bytes] = {}
        self._guard = Lock()
        self._locks: dict[str, Lock] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, path: str, ask: Callable[[], bytes]) -> bytes:
        """The answer for a path: the one that is kept, or a new one."""
        with self._guard:
            lock = self._locks.setdefault(path, Lock())
        with lock:
            answer = self._answers.get(path)
            if answer is None:
                answer = self._answers[path] = ask()
        return answer
