"""Answers of routes, kept for a while so that the next reader has them at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from time import monotonic

LASTS_S = 3.0
"""a report has to be seen within 5 seconds"""


class Kept:
    """Each answer has its own end; who finds none asks, and all others who need it wait for that answer."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: dict[str, tuple[float, bytes]] = {}
        self._asked: dict[str, Future[bytes]] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, path: str, ask: Callable[[], bytes]) -> bytes:
        """The answer for a path: the one that is kept, or a new one."""
        with self._lock:
            ends_s, answer = self._answers.get(path, (0.0, b""))
            if monotonic() < ends_s:
                return answer
            coming = self._asked.get(path)
            is_first = coming is None
            if coming is None:
                coming = self._asked[path] = Future()
        if is_first:
            self._ask(path, ask, coming)
        return coming.result()

    def _ask(self, path: str, ask: Callable[[], bytes], coming: Future[bytes]) -> None:
        began_s = monotonic()
        answer = ask()
        with self._lock:
            self._drop_ended()
            self._answers[path] = began_s + LASTS_S, answer
            del self._asked[path]
        coming.set_result(answer)

    def _drop_ended(self) -> None:
        now_s = monotonic()
        for path in [path for path, (ends_s, _) in self._answers.items() if ends_s < now_s]:
            del self._answers[path]
