"""One edge of the service graph: where it listens, where it leads, and who is on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from engine.clock import Clock
from engine.lab.proxy.connection import Connection
from engine.lab.proxy.hindrances import Hindrances
from engine.lab.proxy.http_watch import HttpWatch
from engine.lab.proxy.postgres_watch import PostgresWatch
from engine.lab.proxy.tally import Hops, Peaks, Tally
from engine.lab.proxy.watch import Watch
from engine.packs.topology import Protocol

_BACKLOG = 512
_QUIET_ROUNDS = 3
"""less than the five seconds after which uvicorn closes a quiet connection: a request must not meet that close"""


class Edge:
    """Listens on a free port of 127.0.0.1 and passes on to `upstream_port`, which may change.

    `latency_ms` belongs to the edge: what goes up is always that much later. `on_over(kind)` is called when an
    impairment has ended because its time was over.
    """

    def __init__(
        self,
        protocol: Protocol,
        upstream_port: int,
        tasks: asyncio.TaskGroup,
        clock: Clock,
        latency_ms: float = 0.0,
        on_over: Callable[[str], None] = lambda kind: None,
    ) -> None:
        self.upstream_port = upstream_port
        self.tasks = tasks
        self.tally = Tally()
        self.hops = Hops()
        self.peaks = Peaks(self.tally)
        self.protocol = protocol
        self._on_over = on_over
        self._hindrances = Hindrances(self.tally.injected, latency_ms)
        self._ends: dict[str, asyncio.TimerHandle] = {}
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
        self._hindrances.round(one for one in self._connections if one.quiet_rounds == 0)
        for connection in tuple(self._connections):
            connection.quiet_rounds += 1
            if connection.quiet_rounds > _QUIET_ROUNDS and connection.is_idle:
                connection.let_go()

    def impair(self, kind: str, intensity: Mapping[str, float], lasts_s: float) -> None:
        """Put an impairment on the edge, for `lasts_s`; one of that kind that is on already is replaced."""
        self.clear(kind)
        impairment = self._hindrances.put(kind, intensity)
        self._ends[kind] = asyncio.get_running_loop().call_later(lasts_s, self._end, kind)
        self._tell_connections()
        impairment.round(tuple(self._connections))

    def clear(self, kind: str) -> None:
        """Take an impairment away; nothing happens where it is not on."""
        timer = self._ends.pop(kind, None)
        if timer is not None:
            timer.cancel()
        if self._hindrances.take_away(kind):
            self._tell_connections()

    def impairments(self) -> Mapping[str, Mapping[str, float]]:
        """What is on the edge, by kind."""
        return self._hindrances.intensities()

    def close(self) -> None:
        """Stop to accept and end every connection."""
        for timer in self._ends.values():
            timer.cancel()
        if self._server is not None:
            self._server.close()
        for connection in tuple(self._connections):
            connection.close()

    def joined(self, connection: Connection) -> None:
        """A client has connected."""
        self._connections.add(connection)
        self.tally.connections += 1
        self.tally.open_connections += 1
        connection.impede(self._hindrances)
        self._hindrances.joined(connection)

    def left(self, connection: Connection) -> None:
        """A client's connection is over."""
        self._connections.discard(connection)
        self.tally.open_connections -= 1

    def _end(self, kind: str) -> None:
        self.clear(kind)
        self._on_over(kind)

    def _tell_connections(self) -> None:
        for connection in tuple(self._connections):
            connection.impede(self._hindrances)

    def _accept(self) -> Connection:
        return Connection(self, self._watch())

    def _watch(self) -> Watch:
        if self.protocol is Protocol.HTTP:
            return HttpWatch(self.tally, self.hops, self._clock)
        return PostgresWatch(self.tally)
