"""One edge of the service graph: where it listens, where it leads, and who is on it."""

from __future__ import annotations

import asyncio

from engine.clock import Clock
from engine.lab.proxy.connection import Connection
from engine.lab.proxy.http_watch import HttpWatch
from engine.lab.proxy.postgres_watch import PostgresWatch
from engine.lab.proxy.tally import Hops, Tally
from engine.lab.proxy.watch import Watch
from engine.packs.records import Protocol

_BACKLOG = 512
_QUIET_ROUNDS = 3
"""less than the five seconds after which uvicorn closes a quiet connection: a request must not meet that close"""


class Edge:
    """Listens on a free port of 127.0.0.1 and passes on to `upstream_port`, which may change."""

    def __init__(
        self, protocol: Protocol, upstream_port: int, tasks: asyncio.TaskGroup, clock: Clock
    ) -> None:
        self.upstream_port = upstream_port
        self.tasks = tasks
        self.tally = Tally()
        self.hops = Hops()
        self._protocol = protocol
        self._clock = clock
        self._connections: set[Connection] = set()
        self._server: asyncio.Server | None = None

    async def listen(self) -> int:
        """Start to accept; returns the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accept, "127.0.0.1", 0, backlog=_BACKLOG)
        return int(self._server.sockets[0].getsockname()[1])

    def retarget(self, upstream_port: int) -> None:
        """Lead to another port from now on; idle connections let their upstream go at once, busy ones when they are
        answered."""
        self.upstream_port = upstream_port
        for connection in tuple(self._connections):
            if connection.is_idle:
                self.tally.moved += 1
                connection.let_go()

    def end_round(self) -> None:
        """To be called once a second: let go of upstreams that have been quiet for a while."""
        for connection in tuple(self._connections):
            connection.quiet_rounds += 1
            if connection.quiet_rounds > _QUIET_ROUNDS and connection.is_idle:
                connection.let_go()

    def close(self) -> None:
        """Stop to accept and end every connection."""
        if self._server is not None:
            self._server.close()
        for connection in tuple(self._connections):
            connection.close()

    def joined(self, connection: Connection) -> None:
        """A client has connected."""
        self._connections.add(connection)
        self.tally.connections += 1
        self.tally.open_connections += 1

    def left(self, connection: Connection) -> None:
        """A client's connection is over."""
        self._connections.discard(connection)
        self.tally.open_connections -= 1

    def _accept(self) -> Connection:
        return Connection(self, self._watch())

    def _watch(self) -> Watch:
        if self._protocol is Protocol.HTTP:
            return HttpWatch(self.tally, self.hops, self._clock)
        return PostgresWatch(self.tally)
