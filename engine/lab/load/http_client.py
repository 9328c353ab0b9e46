"""An HTTP/1.1 client for many requests at once: keep-alive connections, no task a request.

What runs once a request is written for speed: each avoided call or object is time that another request is late by.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import cast
from urllib.parse import urlsplit

import httptools

from engine.clock import Clock
from engine.lab.load.exchange import Exchange
from engine.packs.api import Request

_SHORTEST_WAIT_NS = 5_000_000
_NEVER_NS = 1 << 63
_H_OF_HEAD = ord("H")


class HttpPool:
    """Connections to one target. Dials run in `tasks`; `close` ends what is still under way."""

    def __init__(
        self, target_url: str, tasks: asyncio.TaskGroup, clock: Clock, *, keeps_bodies: bool = False
    ) -> None:
        url = urlsplit(target_url)
        if url.scheme != "http" or url.hostname is None:
            raise ValueError(f"{target_url!r} is not an http:// address")
        self._host = url.hostname
        self._port = url.port or 80
        self._prefix = url.path.rstrip("/")
        self._tasks = tasks
        self._now_ns = clock.monotonic_ns
        self._kind = _BodyConnection if keeps_bodies else _Connection
        self._idle: list[_Connection] = []
        self._connections: set[_Connection] = set()
        self._dialled_for: dict[Exchange, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._timer_ns = _NEVER_NS
        self._is_closed = False
        self.under_way_count = 0
        """requests that have no end yet"""

    def under_way(self) -> list[Exchange]:
        """Requests that have no end yet; no record is kept a request, so that asking costs and sending does not."""
        sent = [c.exchange for c in self._connections if c.exchange is not None and not c.exchange.ended_ns]
        return sent + [exchange for exchange in self._dialled_for if not exchange.ended_ns]

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

    def send(self, exchange: Exchange, wait_ns: int) -> None:
        """Send now, on a connection that is free or on a new one; give it up after `wait_ns`."""
        now_ns = self._now_ns()
        exchange.sent_ns = now_ns
        if not exchange.intended_ns:
            exchange.intended_ns = now_ns
        exchange.timeout_ns = timeout_ns = now_ns + wait_ns
        if timeout_ns < self._timer_ns:
            self._arm(timeout_ns, now_ns)
        self.under_way_count += 1
        if self._idle and exchange.data[0] != _H_OF_HEAD:
            self._idle.pop().begin(exchange)
        else:
            self._dialled_for[exchange] = None
            self._tasks.create_task(self._dial(exchange), name="dial")

    def end(self, exchange: Exchange, status: int, failure: str = "") -> None:
        """Give a request its end, unless it has one."""
        if exchange.ended_ns:
            return
        exchange.ended_ns = self._now_ns()
        exchange.status = status
        exchange.failure = failure
        self.under_way_count -= 1
        exchange.done(exchange)

    def give_up(self, exchange: Exchange, failure: str) -> None:
        """End a request without an answer, and the connection that it is on."""
        connections = [connection for connection in self._connections if connection.exchange is exchange]
        self.end(exchange, 0, failure)
        for connection in connections:
            connection.abort(failure)

    def close(self) -> None:
        """Break off every connection; what is under way ends as `closed`."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
        for connection in tuple(self._connections):
            connection.abort("closed")
        for exchange in self.under_way():
            self.give_up(exchange, "closed")

    async def _dial(self, exchange: Exchange) -> None:
        kind = _HeadConnection if exchange.data[0] == _H_OF_HEAD else self._kind
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                partial(kind, self), self._host, self._port
            )
        except OSError:
            self.end(exchange, 0, "refused")
            return
        finally:
            del self._dialled_for[exchange]
        if self._is_closed or (exchange.is_over and kind is _HeadConnection):
            connection.abort("closed")
        elif exchange.is_over:
            self.is_free(connection)
        elif connection not in self._connections:
            self.end(exchange, 0, "closed")
        else:
            connection.begin(exchange)

    def _arm(self, timeout_ns: int, now_ns: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._is_closed:
            return
        wait_ns = max(timeout_ns - now_ns, _SHORTEST_WAIT_NS)
        self._timer_ns = now_ns + wait_ns
        self._timer = asyncio.get_running_loop().call_later(wait_ns / 1e9, self._give_up_late_ones)

    def _give_up_late_ones(self) -> None:
        self._timer, self._timer_ns = None, _NEVER_NS
        now_ns = self._now_ns()
        for exchange in self.under_way():
            if exchange.timeout_ns <= now_ns:
                self.give_up(exchange, "timeout")
        next_ns = min((exchange.timeout_ns for exchange in self.under_way()), default=_NEVER_NS)
        if next_ns < self._timer_ns:
            self._arm(next_ns, now_ns)

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
    """One connection, with at most one request under way; what the answers say is not read."""

    def __init__(self, pool: HttpPool) -> None:
        self._pool = pool
        self._transport: asyncio.Transport | None = None
        self._write: Callable[[bytes], None]
        self.exchange: Exchange | None = None
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._write = self._transport.write
        self._pool.has(self)

    def begin(self, exchange: Exchange) -> None:
        """Send a request. On a connection that breaks it ends as `closed`: sent again, it would be another test."""
        self.exchange = exchange
        self._write(exchange.data)

    def abort(self, failure: str) -> None:
        """Break off; the request under way, if any, fails."""
        self._fail(failure)
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self.exchange is None:
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

    def on_message_complete(self) -> None:
        exchange, status = self.exchange, self._parser.get_status_code()
        if exchange is None or status < 200:
            return
        self.exchange = None
        if self._parser.should_keep_alive():
            self._pool.is_free(self)
        elif self._transport is not None:
            self._transport.close()
        self._pool.end(exchange, status)

    def _fail(self, failure: str) -> None:
        exchange, self.exchange = self.exchange, None
        if exchange is not None:
            self._pool.end(exchange, 0, failure)


class _BodyConnection(_Connection):
    """Keeps what the answers say."""

    def on_body(self, body: bytes) -> None:
        exchange = self.exchange
        if exchange is None:
            return
        if exchange.body is None:
            exchange.body = []
        exchange.body.append(body)


class _HeadConnection(_Connection):
    """For one HEAD: its answer ends with the headers, whatever length they state, and the parser cannot be told."""

    def on_headers_complete(self) -> None:
        exchange, status = self.exchange, self._parser.get_status_code()
        if exchange is None or status < 200:
            return
        self.exchange = None
        if self._transport is not None:
            self._transport.close()
        self._pool.end(exchange, status)
