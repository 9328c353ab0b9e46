"""Answers of routes, kept for a while so that the next reader has them at once."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from zlib import crc32

LEAST_S, MOST_S = 2.4, 3.4
"""a report has to be seen within 5 seconds"""


class Kept:
    """Each answer has an end of its own, so that they do not end together."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[float, bytes]] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, path: str, ask: Callable[[], bytes]) -> bytes:
        """The answer for a path: the one that is kept, or a new one."""
        ends_s, answer = self._answers.get(path, (0.0, b""))
        if monotonic() >= ends_s:
            answer = ask()
            self._answers[path] = monotonic() + self._lasts_s(path), answer
        return answer

    def _lasts_s(self, path: str) -> float:
        return LEAST_S + (MOST_S - LEAST_S) * (crc32(path.encode()) % 1000) / 1000
