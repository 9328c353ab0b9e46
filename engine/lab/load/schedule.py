"""When an open loop sends what: intended times that no slow answer and no late tick can move."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

NS_PER_S = 1_000_000_000


@dataclass(slots=True, order=True)
class Due:
    """One request to be sent. `data` holds the bytes of a repeat; the first attempt has none yet.

    Not frozen: one is made a request, and freezing doubles what that takes.
    """

    intended_ns: int
    index: int
    attempt: int = 0
    data: bytes = b""


class Schedule:
    """Request `first_index + n` is due at `start_ns + n / rate`; repeats are due when they were promised."""

    def __init__(self, start_ns: int, rate_per_s: float, first_index: int, seconds: float | None) -> None:
        self._start_ns = start_ns
        self._rate_per_s = rate_per_s
        self._first_index = first_index
        self._end_ns = None if seconds is None else start_ns + round(seconds * NS_PER_S)
        self._repeats: list[Due] = []
        self._is_halted = False
        self.next_index = first_index

    @property
    def is_playing(self) -> bool:
        """True while first attempts are still to come."""
        return self._next_first_ns() is not None

    @property
    def next_ns(self) -> int | None:
        """When the next request is due, or None when nothing is left."""
        first_ns = self._next_first_ns()
        if not self._repeats:
            return first_ns
        repeat_ns = self._repeats[0].intended_ns
        return repeat_ns if first_ns is None else min(first_ns, repeat_ns)

    def due(self, now_ns: int) -> Iterator[Due]:
        """All that is due by now, each once, in the order of their times."""
        while (next_ns := self.next_ns) is not None and next_ns <= now_ns:
            if self._repeats and self._repeats[0].intended_ns == next_ns:
                yield heapq.heappop(self._repeats)
            else:
                index = self.next_index
                self.next_index += 1
                yield Due(next_ns, index)

    def repeat(self, due: Due, data: bytes, after_s: float) -> None:
        """Send the same bytes again later."""
        heapq.heappush(self._repeats, Due(due.intended_ns + round(after_s * NS_PER_S), due.index, 1, data))

    def halt(self) -> None:
        """Nothing is due any more."""
        self._is_halted = True
        self._repeats.clear()

    def _next_first_ns(self) -> int | None:
        if self._is_halted:
            return None
        sent = self.next_index - self._first_index
        at_ns = self._start_ns + round(sent * NS_PER_S / self._rate_per_s)
        return None if self._end_ns is not None and at_ns >= self._end_ns else at_ns
