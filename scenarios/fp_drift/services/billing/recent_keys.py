"""The latest answers by idempotency key, so that a client that asks again gets its first answer."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from schemas import ChargeReply


class RecentKeys:
    """Remembers the answers of the last `capacity` keys."""

    def __init__(self, capacity: int = 40) -> None:
        self._capacity = capacity
        self._answers: OrderedDict[str, ChargeReply] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> ChargeReply | None:
        """The answer that was given to this key."""
        with self._lock:
            return self._answers.get(key)

    def put(self, key: str, answer: ChargeReply) -> None:
        """Remember an answer; the oldest one makes room."""
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self._capacity:
                self._answers.popitem(last=False)
