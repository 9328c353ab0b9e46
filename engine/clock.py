"""Time, passed in: nobody below calls the system clock by itself."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Where time comes from."""

    def wall_ns(self) -> int:
        """Nanoseconds since 1970-01-01 UTC."""
        ...

    def monotonic_ns(self) -> int:
        """Nanoseconds that never go back, from an arbitrary start."""
        ...


class SystemClock:
    """The machine's own clocks, without a call in between: the load generator asks twice a request."""

    wall_ns = staticmethod(time.time_ns)
    monotonic_ns = staticmethod(time.monotonic_ns)


class FakeClock:
    """A clock for tests: it stands until `advance` is called."""

    def __init__(self, wall_ns: int = 1_700_000_000_000_000_000) -> None:
        self._wall_ns = wall_ns
        self._monotonic_ns = 0

    def wall_ns(self) -> int:
        """Nanoseconds since 1970-01-01 UTC, as set."""
        return self._wall_ns

    def monotonic_ns(self) -> int:
        """Nanoseconds advanced so far."""
        return self._monotonic_ns

    def advance(self, seconds: float) -> None:
        """Move both clocks on by `seconds`."""
        step_ns = round(seconds * 1e9)
        self._wall_ns += step_ns
        self._monotonic_ns += step_ns
