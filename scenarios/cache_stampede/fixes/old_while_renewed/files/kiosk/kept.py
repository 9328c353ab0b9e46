"""Answers of routes, kept for a while so that the next reader has them at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from time import monotonic

YOUNG_S = 2.5
LASTS_S = 4.0
"""a report has to be seen within 5 seconds"""


class Kept:
    """An answer is given as long as it lasts; from some age on, the first who reads it has it asked for anew."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: dict[str, tuple[float, bytes]] = {}
        self._asked: dict[str, Future[bytes]] = {}
        self._threads = ThreadPoolExecutor(12, "renewing")

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, path: str, ask: Callable[[], bytes]) -> bytes:
        """The answer for a path: the one that is kept, or a new one."""
        with self._lock:
            made_s, answer = self._answers.get(path, (float("-inf"), b""))
            age_s = monotonic() - made_s
            if age_s < YOUNG_S:
                return answer
            coming = self._asked.get(path)
            if coming is None:
                coming = self._asked[path] = self._threads.submit(self._ask, path, ask)
        return answer if age_s < LASTS_S else coming.result()

    def _ask(self, path: str, ask: Callable[[], bytes]) -> bytes:
        began_s = monotonic()
        try:
            answer = ask()
            with self._lock:
                self._drop_old()
                self._answers[path] = began_s, answer
        finally:
            with self._lock:
                del self._asked[path]
        return answer

    def _drop_old(self) -> None:
        now_s = monotonic()
        for path in [path for path, (made_s, _) in self._answers.items() if now_s - made_s > LASTS_S]:
            del self._answers[path]
