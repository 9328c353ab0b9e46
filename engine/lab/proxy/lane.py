"""One direction of a connection while something is on its edge: bytes wait in order until they are due."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_HELD_BYTES = 256 * 1024
_SHORTEST_WAIT_S = 0.001
"""uvloop's timers count in milliseconds; one of less would spin"""
_EARLY_S = _SHORTEST_WAIT_S / 2
"""what a timer may be early: to wait for another tick would make every delay half a millisecond longer on average"""


@dataclass(slots=True)
class _Waiting:
    """A piece, or an act that comes after what was before it."""

    data: bytes
    due_s: float
    act: Callable[[], None] | None = None
    is_paced: bool = False


class Lane:
    """A queue that never holds much more than 256 KB: above that it asks its sender to `hold`, then to `release`.

    `reserve_s(now, size)` says when the piece at the head may leave, once it is due.
    """

    def __init__(
        self,
        write: Callable[[bytes], None],
        reserve_s: Callable[[float, int], float],
        hold: Callable[[], None],
        release: Callable[[], None],
    ) -> None:
        self.write = write
        self._reserve_s = reserve_s
        self._hold = hold
        self._release = release
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._last_due_s = 0.0
        self._is_full = False
        self._timer: asyncio.Handle | None = None

    @property
    def is_empty(self) -> bool:
        """True when all has left."""
        return not self._waiting

    def push(self, data: bytes, due_s: float, piece_bytes: int) -> None:
        """Let `data` leave at `due_s` (by the monotonic clock), or when what is before it has left."""
        self._last_due_s = max(self._last_due_s, due_s)
        for at in range(0, len(data), piece_bytes):
            piece = data if len(data) <= piece_bytes else data[at : at + piece_bytes]
            self._waiting.append(_Waiting(piece, self._last_due_s))
        self._bytes += len(data)
        if self._timer is None:
            self._advance()
        if self._bytes > _HELD_BYTES and not self._is_full:
            self._is_full = True
            self._hold()

    def then(self, act: Callable[[], None]) -> None:
        """Do something when all that is waiting has left."""
        self._waiting.append(_Waiting(b"", self._last_due_s, act))
        if self._timer is None:
            self._advance()

    def hasten(self) -> None:
        """What is waiting is due now: whatever delayed it has ended."""
        self._last_due_s = 0.0
        for waiting in self._waiting:
            waiting.due_s = 0.0
            waiting.is_paced = False
        self._stop_timer()
        self._advance()

    def drop(self) -> None:
        """Forget what is waiting."""
        self._waiting.clear()
        self._bytes = 0
        self._stop_timer()

    def _advance(self) -> None:
        """Let everything leave that is due, and wait for the next."""
        self._timer = None
        while self._waiting:
            wait_s = self._due_s(self._waiting[0]) - time.monotonic()
            if wait_s > _EARLY_S:
                self._timer = self._loop.call_later(max(wait_s, _SHORTEST_WAIT_S), self._advance)
                break
            self._leave(self._waiting.popleft())
        if self._is_full and self._bytes <= _HELD_BYTES // 2:
            self._is_full = False
            self._release()

    def _due_s(self, head: _Waiting) -> float:
        now_s = time.monotonic()
        if head.due_s <= now_s + _EARLY_S and not head.is_paced:
            head.is_paced = True
            head.due_s = self._reserve_s(now_s, len(head.data))
        return head.due_s

    def _leave(self, head: _Waiting) -> None:
        self._bytes -= len(head.data)
        if head.act is not None:
            head.act()
        else:
            self.write(head.data)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
