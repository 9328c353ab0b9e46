"""What the clients of a profile send before anything else: one request after the other, each answered first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from engine.lab.load.exchange import Exchange
from engine.lab.load.http_client import HttpPool
from engine.packs.api import Request


class Opening:
    """Sends the requests in order; `on_finished` hears once what went wrong with the first that failed, or nothing.

    A request that fails does not keep the others back: each is of use by itself, and people see the problem.
    """

    def __init__(self, pool: HttpPool, timeout_s: float, on_finished: Callable[[str], None]) -> None:
        self._pool = pool
        self._wait_ns = round(timeout_s * 1e9)
        self._on_finished = on_finished
        self._left: Iterator[tuple[int, Request]] = iter(())
        self._number = 0
        self._problem = ""
        self._is_halted = False

    def start(self, requests: Sequence[Request]) -> None:
        """Send the first one now."""
        self._left = iter(enumerate(requests))
        self._send_next()

    def halt(self) -> None:
        """Send no more; `on_finished` is not called any more."""
        self._is_halted = True

    def _send_next(self) -> None:
        following = None if self._is_halted else next(self._left, None)
        if following is not None:
            self._number, request = following
            exchange = Exchange(self._pool.encode(request), self._take_end, self._number)
            self._pool.send(exchange, self._wait_ns)
        elif not self._is_halted:
            self._on_finished(self._problem)

    def _take_end(self, exchange: Exchange) -> None:
        if not 0 < exchange.status < 400 and not self._problem:
            answer = str(exchange.status) if exchange.status else exchange.failure
            self._problem = f"opening request {self._number} was answered {answer}"
        self._send_next()
