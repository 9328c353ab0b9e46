"""One client's connection to an edge, and the upstream connection that serves it at the moment."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from functools import partial
from typing import Protocol, cast

from engine.lab.proxy.tally import Tally
from engine.lab.proxy.watch import Watch

_HOST = "127.0.0.1"
_HELD_BYTES = 256 * 1024
_LINGER_NONE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Route(Protocol):
    """What a connection needs of its edge."""

    tally: Tally
    upstream_port: int
    tasks: asyncio.TaskGroup

    def joined(self, connection: Connection) -> None:
        """A client has connected."""
        ...

    def left(self, connection: Connection) -> None:
        """A client's connection is over."""
        ...


class Connection(asyncio.Protocol):
    """The client's side. Everything on its way up passes `_send_up`, everything on its way down `_send_down`: a chaos
    action stands between those and the transports.

    The upstream is dialled when the first bytes are there. While nothing is under way it may be let go (`let_go`) and
    is dialled again, at the port that the edge then has, when the client sends more.
    """

    def __init__(self, route: Route, watch: Watch) -> None:
        self._route = route
        self._watch = watch
        self._tally = route.tally
        self._client: asyncio.Transport | None = None
        self._upstream: asyncio.Transport | None = None
        self._side: UpstreamSide | None = None
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._is_client_paused = False
        self._is_upstream_paused = False
        self._is_client_done = False
        self.quiet_rounds = 0
        """set to 0 by traffic; the edge counts it up"""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is there."""
        self._client = cast(asyncio.Transport, transport)
        self._route.joined(self)

    def data_received(self, data: bytes) -> None:
        """The client sent."""
        self.quiet_rounds = 0
        self._tally.bytes_up += len(data)
        self._watch.client_sent(data)
        self._send_up(data)

    def eof_received(self) -> bool:
        """The client will not send any more, but may still read."""
        self._is_client_done = True
        if self._upstream is None and not self._held:
            return False
        if self._watch.is_idle:
            return False
        if self._upstream is not None and self._upstream.can_write_eof():
            self._upstream.write_eof()
        return True

    def connection_lost(self, error: Exception | None) -> None:
        """The client is gone."""
        self._client = None
        self._held.clear()
        self._watch.ended()
        upstream = self._release()
        if upstream is not None:
            if error is None:
                upstream.close()
            else:
                upstream.abort()
        self._route.left(self)

    def pause_writing(self) -> None:
        """The client reads too slowly: hold the upstream back."""
        if self._upstream is not None and not self._is_upstream_paused:
            self._is_upstream_paused = True
            self._upstream.pause_reading()

    def resume_writing(self) -> None:
        """The client has caught up."""
        if self._upstream is not None and self._is_upstream_paused:
            self._upstream.resume_reading()
        self._is_upstream_paused = False

    @property
    def is_idle(self) -> bool:
        """True when an upstream is held for nothing."""
        return self._upstream is not None and self._watch.is_idle

    def let_go(self) -> None:
        """End the upstream connection; the client keeps its own."""
        upstream = self._release()
        if upstream is not None:
            upstream.close()

    def close(self) -> None:
        """End both connections at once."""
        if self._client is not None:
            self._client.abort()

    def _send_up(self, data: bytes) -> None:
        if self._upstream is not None:
            self._upstream.write(data)
            return
        if not self._held:
            self._dial()
        self._held.append(data)
        self._held_bytes += len(data)
        if self._held_bytes > _HELD_BYTES:
            self.hold_client(None)

    def _send_down(self, data: bytes) -> None:
        if self._client is not None:
            self._client.write(data)

    def _dial(self) -> None:
        self._route.tasks.create_task(self._connect(), name="dial")

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        while self._client is not None:
            port = self._route.upstream_port
            try:
                _, side = await loop.create_connection(partial(UpstreamSide, self, port), _HOST, port)
            except OSError:
                if port == self._route.upstream_port:
                    self._refuse()
                    return
            else:
                if side.is_itself:
                    self._refuse()
                if side.is_itself or side.is_adopted:
                    return

    def adopt(self, side: UpstreamSide, transport: asyncio.Transport) -> bool:
        """Take a dialled upstream into use, unless the client has gone or the edge was turned meanwhile."""
        if self._client is None or side.port != self._route.upstream_port:
            return False
        self._upstream, self._side = transport, side
        self._watch.upstream_changed()
        self.release_client(side)
        held, self._held, self._held_bytes = self._held, [], 0
        transport.writelines(held)
        if self._is_client_done and transport.can_write_eof():
            transport.write_eof()
        return True

    def _refuse(self) -> None:
        self._tally.refused += 1
        self._reset_client()

    def upstream_sent(self, side: UpstreamSide, data: bytes) -> None:
        """Bytes on their way down."""
        if side is not self._side:
            return
        self.quiet_rounds = 0
        self._tally.bytes_down += len(data)
        self._watch.upstream_sent(data)
        self._send_down(data)
        if side.port != self._route.upstream_port and self._watch.is_idle:
            self._tally.moved += 1
            self.let_go()

    def upstream_ended(self, side: UpstreamSide, error: Exception | None) -> None:
        """The upstream has closed or broken off: the client follows, unless nothing was under way."""
        if side is not self._side:
            return
        upstream = self._release()
        if upstream is not None:
            upstream.close()
        if self._client is None or (self._watch.is_idle and not self._is_client_done):
            return
        if error is None:
            self._client.close()
        else:
            self._reset_client()

    def hold_client(self, side: UpstreamSide | None) -> None:
        """Take nothing more from the client for now."""
        if side is not self._side or self._client is None or self._client.is_closing():
            return
        if not self._is_client_paused:
            self._is_client_paused = True
            self._client.pause_reading()

    def release_client(self, side: UpstreamSide | None) -> None:
        """Take from the client again."""
        if side is not self._side or not self._is_client_paused:
            return
        self._is_client_paused = False
        if self._client is not None and not self._client.is_closing():
            self._client.resume_reading()

    def _release(self) -> asyncio.Transport | None:
        upstream = self._upstream
        if upstream is not None:
            self.release_client(self._side)
            self._is_upstream_paused = False
        self._upstream = self._side = None
        return upstream

    def _reset_client(self) -> None:
        """Break off as a refusing host would: with a reset, not with an orderly end."""
        if self._client is None:
            return
        sock = self._client.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
        self._client.abort()


class UpstreamSide(asyncio.Protocol):
    """The upstream's side; it says who it is, because its connection may have let it go meanwhile."""

    def __init__(self, connection: Connection, port: int) -> None:
        self._connection = connection
        self.port = port
        self.is_adopted = False
        self.is_itself = False
        """a dial to a port of the ephemeral range where nobody listens can get that port as its own, and answer"""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The upstream has accepted."""
        upstream = cast(asyncio.Transport, transport)
        self.is_itself = transport.get_extra_info("sockname") == transport.get_extra_info("peername")
        self.is_adopted = not self.is_itself and self._connection.adopt(self, upstream)
        if not self.is_adopted:
            upstream.abort()

    def data_received(self, data: bytes) -> None:
        """The upstream sent."""
        self._connection.upstream_sent(self, data)

    def eof_received(self) -> bool:
        """The upstream has closed."""
        self._connection.upstream_ended(self, None)
        return False

    def connection_lost(self, error: Exception | None) -> None:
        """The upstream is gone."""
        self._connection.upstream_ended(self, error)

    def pause_writing(self) -> None:
        """The upstream reads too slowly: hold the client back."""
        self._connection.hold_client(self)

    def resume_writing(self) -> None:
        """The upstream has caught up."""
        self._connection.release_client(self)
