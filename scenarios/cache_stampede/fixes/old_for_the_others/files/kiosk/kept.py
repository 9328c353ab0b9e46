"""Answers of routes, kept for a while so that the next reader has them at once."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

LASTS_S = 2.5
RENEWED_WITHIN_S = 2.0
"""a report has to be seen within 5 seconds"""


class Kept:
    """Whoever finds an answer at its end asks for a new one; meanwhile the others are given the old one."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[float, bytes]] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, path: str, ask: Callable[[], bytes]) -> bytes:
        """The answer for a path: the one that is kept, or a new one."""
        ends_s, answer = self._answers.get(path, (0.0, b""))
        now_s = monotonic()
        if now_s >= ends_s:
            if answer:
                self._answers[path] = now_s + RENEWED_WITHIN_S, answer
            answer = ask()
            self._answers[path] = monotonic() + LASTS_S, answer
        return answer
