"""Answers of routes, kept for a while so that the next reader has them at once."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

LASTS_S = 60.0
"""long enough for a night like this one"""


class Kept:
    """The answers of the present period; with the next one all are asked for anew."""

    def __init__(self) -> None:
        self._period = 0
        self._answers: dict[str, bytes] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, path: str, ask: Callable[[], bytes]) -> bytes:
        """The answer for a path: the one that is kept, or a new one."""
        period = int(monotonic() / LASTS_S)
        if period != self._period:
            self._period, self._answers = period, {}
        answer = self._answers.get(path)
        if answer is None:
            answer = ask()
            self._answers[path] = answer
        return answer
