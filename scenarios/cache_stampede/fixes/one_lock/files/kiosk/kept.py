"""Answers of routes, kept for a while so that the next reader has them at once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic

LASTS_S = 3.0
"""a report has to be seen within 5 seconds"""


class Kept:
    """Each answer has its own end; only one reader at a time asks for new ones."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[float, bytes]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, path: str, ask: Callable[[], bytes]) -> bytes:
        """The answer for a path: the one that is kept, or a new one."""
        answer = self._kept(path)
        if answer is None:
            with self._lock:
                answer = self._kept(path)
                if answer is None:
                    answer = ask()
                    self._answers[path] = monotonic() + LASTS_S, answer
        return answer

    def _kept(self, path: str) -> bytes | None:
        ends_s, answer = self._answers.get(path, (0.0, b""))
        return answer if monotonic() < ends_s else None
