"""An HTTP/1.1 client for many requests at once: keep-alive connections, no task a request."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import cast
from urllib.parse import urlsplit

import httptools

from engine.clock import Clock
from engine.packs.api import Request

_SHORTEST_WAIT_S = 0.005


class Exchange:
    """One request on its way. When it ends, `done` is called, once, with `status` or `failure` and `ended_ns` set."""

    __slots__ = (
        "body",
        "connection",
        "data",
        "done",
        "ended_ns",
        "failure",
        "is_head",
        "status",
        "timeout_ns",
    )

    def __init__(self, data: bytes, done: Callable[[Exchange], None], *, keeps_body: bool) -> None:
        self.data = data
        self.done = done
        self.is_head = data.startswith(b"HEAD ")
        self.body: list[bytes] | None = [] if keeps_body else None
        self.connection: _Connection | None = None
        self.status = 0
        self.failure = ""
        self.ended_ns = 0
        self.timeout_ns = 0
        """when it is given up, on the monotonic clock"""

    @property
    def is_over(self) -> bool:
        """True once it has an end."""
        return self.ended_ns != 0

    def end(self, now_ns: int, status: int, failure: str = "") -> None:
        """Give it its end, unless it has one."""
        if self.ended_ns:
            return
        self.ended_ns = now_ns
        self.status = status
        self.failure = failure
        self.data = b""
        self.connection = None
        self.done(self)


class HttpPool:
    """Connections to one target. Dials run in `tasks`; `close` ends what is still under way."""

    def __init__(self, target_url: str, tasks: asyncio.TaskGroup, clock: Clock) -> None:
        url = urlsplit(target_url)
        if url.scheme != "http" or url.hostname is None:
            raise ValueError(f"{target_url!r} is not an http:// address")
        self._host = url.hostname
        self._port = url.port or 80
        self._prefix = url.path.rstrip("/")
        self._tasks = tasks
        self._clock = clock
        self._idle: list[_Connection] = []
        self._connections: set[_Connection] = set()
        self._waiting: dict[float, deque[Exchange]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._is_closed = False

    def encode(self, request: Request) -> bytes:
        """The bytes of a request to this target."""
        lines = [f"{request.method} {self._prefix}{request.path} HTTP/1.1"]
        names = {name.lower() for name in request.headers}
        if "host" not in names:
            lines.append(f"host: {self._host}:{self._port}")
        lines += [f"{name}: {value}" for name, value in request.headers.items()]
        if "content-length" not in names and (request.body or request.method not in ("GET", "HEAD")):
            lines.append(f"content-length: {len(request.body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + request.body

    def send(self, exchange: Exchange, timeout_s: float) -> None:
        """Send now, on a connection that is free or on a new one."""
        now_ns = self._clock.monotonic_ns()
        exchange.timeout_ns = now_ns + round(timeout_s * 1e9)
        waiting = self._waiting.setdefault(timeout_s, deque())
        while waiting and waiting[0].ended_ns:
            waiting.popleft()
        waiting.append(exchange)
        if self._timer is None:
            self._arm(timeout_s)
        if self._idle:
            self._idle.pop().begin(exchange)
        else:
            self._tasks.create_task(self._dial(exchange), name="dial")

    def close(self) -> None:
        """Break off every connection; what is under way ends as `closed`."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
        for connection in tuple(self._connections):
            connection.abort("closed")
        for exchange in [exchange for waiting in self._waiting.values() for exchange in waiting]:
            self.give_up(exchange, "closed")

    async def _dial(self, exchange: Exchange) -> None:
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                partial(_Connection, self, self._clock), self._host, self._port
            )
        except OSError:
            exchange.end(self._clock.monotonic_ns(), 0, "refused")
            return
        if self._is_closed:
            connection.abort("closed")
        elif exchange.is_over:
            self.is_free(connection)
        else:
            connection.begin(exchange)

    def _arm(self, delay_s: float) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(max(delay_s, _SHORTEST_WAIT_S), self._give_up_late_ones)

    def _give_up_late_ones(self) -> None:
        self._timer = None
        now_ns = self._clock.monotonic_ns()
        next_ns: list[int] = []
        for waiting in self._waiting.values():
            while waiting and (waiting[0].ended_ns or waiting[0].timeout_ns <= now_ns):
                self.give_up(waiting.popleft(), "timeout")
            if waiting:
                next_ns.append(waiting[0].timeout_ns)
        if next_ns and self._timer is None and not self._is_closed:
            self._arm((min(next_ns) - now_ns) / 1e9)

    def give_up(self, exchange: Exchange, failure: str) -> None:
        """End a request without an answer, and the connection that it is on."""
        connection = exchange.connection
        exchange.end(self._clock.monotonic_ns(), 0, failure)
        if connection is not None:
            connection.abort(failure)

    def has(self, connection: _Connection) -> None:
        """A connection has been made."""
        self._connections.add(connection)

    def is_free(self, connection: _Connection) -> None:
        """A connection may take the next request."""
        self._idle.append(connection)

    def has_lost(self, connection: _Connection) -> None:
        """A connection is over."""
        self._connections.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)


class _Connection(asyncio.Protocol):
    """One connection, with at most one request under way."""

    def __init__(self, pool: HttpPool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._transport: asyncio.Transport | None = None
        self._exchange: Exchange | None = None
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._pool.has(self)

    def begin(self, exchange: Exchange) -> None:
        """Send a request. A connection that has broken meanwhile fails it: sending it twice would be another test."""
        if self._transport is None or self._transport.is_closing():
            exchange.end(self._clock.monotonic_ns(), 0, "closed")
            return
        self._exchange = exchange
        exchange.connection = self
        self._transport.write(exchange.data)

    def abort(self, failure: str) -> None:
        """Break off; the request under way, if any, fails."""
        self._fail(failure)
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._exchange is None:
            self.abort("malformed")
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.abort("malformed")

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._pool.has_lost(self)
        self._fail("closed")

    def on_body(self, body: bytes) -> None:
        exchange = self._exchange
        if exchange is not None and exchange.body is not None:
            exchange.body.append(body)

    def on_headers_complete(self) -> None:
        if self._exchange is not None and self._exchange.is_head and self._parser.get_status_code() >= 200:
            self._finish(keeps_alive=False)

    def on_message_complete(self) -> None:
        if self._exchange is not None and self._parser.get_status_code() >= 200:
            self._finish(keeps_alive=self._parser.should_keep_alive())

    def _finish(self, *, keeps_alive: bool) -> None:
        exchange, self._exchange = self._exchange, None
        assert exchange is not None
        if keeps_alive:
            self._pool.is_free(self)
        elif self._transport is not None:
            self._transport.close()
        exchange.end(self._clock.monotonic_ns(), self._parser.get_status_code())

    def _fail(self, failure: str) -> None:
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.end(self._clock.monotonic_ns(), 0, failure)
