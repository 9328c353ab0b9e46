"""A circuit breaker: after some failures in a row nobody calls for a while, then one caller tries."""

from __future__ import annotations

from threading import Lock
from time import monotonic


class Breaker:
    """Open for `pause_s` after `most_failures` in a row; then one call is let through to see."""

    def __init__(self, most_failures: int, pause_s: float) -> None:
        self._most_failures = most_failures
        self._pause_s = pause_s
        self._failures = 0
        self._closed_from_s = 0.0
        self._lock = Lock()

    def lets_through(self) -> bool:
        """Whether this caller may call; whoever may says afterwards how it went."""
        with self._lock:
            if self._failures < self._most_failures:
                return True
            if monotonic() < self._closed_from_s:
                return False
            self._closed_from_s = monotonic() + self._pause_s
            return True

    def succeeded(self) -> None:
        """The call was answered."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """The call was not answered, or too late."""
        with self._lock:
            self._failures += 1
            self._closed_from_s = monotonic() + self._pause_s
