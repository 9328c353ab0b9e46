"""Answers of routes, kept for a while so that the next reader has them at once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock
from time import monotonic

from fastapi import HTTPException

logger = logging.getLogger("kiosk.kept")

RENEWED_AFTER_S = 2.0
LASTS_S = 4.0
"""a report has to be seen within 5 seconds"""
LOOKS_EVERY_S = 0.2


@dataclass(slots=True)
class Answer:
    """An answer, when it was asked for, and whether anybody read it since."""

    ask: Callable[[], bytes]
    asked_s: float = field(default_factory=monotonic)
    coming: Future[bytes] = field(default_factory=Future)
    is_read: bool = False

    def get(self) -> None:
        """Ask for it; who waits for it has the answer or the error."""
        try:
            self.coming.set_result(self.ask())
        except BaseException as error:
            self.coming.set_exception(error)


class Kept:
    """What is read is renewed before it ends; on an empty start one asks and the others wait."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: dict[str, Answer] = {}
        self._ended = Event()
        self._threads = ThreadPoolExecutor(4, "renewing")
        self._threads.submit(self._renew)

    def __len__(self) -> int:
        return len(self._answers)

    def end(self) -> None:
        """Renew nothing any more."""
        self._ended.set()
        self._threads.shutdown()

    def get(self, path: str, ask: Callable[[], bytes]) -> bytes:
        """The answer for a path: the one that is kept, or a new one."""
        with self._lock:
            answer = self._answers.get(path)
            is_first = answer is None or monotonic() - answer.asked_s > LASTS_S or _failed(answer)
            if answer is None or is_first:
                answer = self._answers[path] = Answer(ask)
            answer.is_read = True
        if is_first:
            answer.get()
        return answer.coming.result()

    def _renew(self) -> None:
        while not self._ended.wait(LOOKS_EVERY_S):
            list(self._threads.map(self._renew_one, self._due()))

    def _due(self) -> list[tuple[str, Answer]]:
        now_s = monotonic()
        with self._lock:
            for path, answer in list(self._answers.items()):
                if now_s - answer.asked_s > LASTS_S and answer.coming.done():
                    del self._answers[path]
            return [
                (path, answer)
                for path, answer in self._answers.items()
                if answer.is_read and answer.coming.done() and now_s - answer.asked_s > RENEWED_AFTER_S
            ]

    def _renew_one(self, due: tuple[str, Answer]) -> None:
        path, old = due
        new = Answer(old.ask)
        new.get()
        if _failed(new):
            logger.warning("%s could not be renewed", path)
            return
        with self._lock:
            if self._answers.get(path) is old:
                self._answers[path] = new


def _failed(answer: Answer) -> bool:
    return answer.coming.done() and isinstance(answer.coming.exception(), (HTTPException, OSError))
