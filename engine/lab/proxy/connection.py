"""One client's connection to an edge, and the upstream connection that serves it at the moment."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
import time
from functools import partial
from typing import Protocol, cast

from engine.lab.proxy.brake import Brake, Reason
from engine.lab.proxy.detour import Detour
from engine.lab.proxy.hindrances import Hindrances
from engine.lab.proxy.tally import Tally
from engine.lab.proxy.upstream_side import UpstreamSide
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
    """The client's side. Bytes are passed on first and counted then, while the other side works on them already.
    While something is on the edge they lead into a detour, which must know what they are: they are counted first.

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
        self._client_brake = Brake()
        self._upstream_brake = Brake()
        self._is_client_done = False
        self._is_up_done = False
        self._asked_s = 0.0
        self._detour: Detour | None = None
        self.quiet_rounds = 0
        """set to 0 by traffic; the edge counts it up"""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is there."""
        self._client = cast(asyncio.Transport, transport)
        self._client_brake.put_on(self._client)
        self._route.joined(self)

    def data_received(self, data: bytes) -> None:
        """The client sent."""
        self.quiet_rounds = 0
        self._tally.bytes_up += len(data)
        if not self._asked_s:
            self._asked_s = time.monotonic()
        if self._detour is None:
            self.pass_up(data)
            self._watch.client_sent(data)
        else:
            self._watch.client_sent(data)
            self._detour.up(data)

    def eof_received(self) -> bool:
        """The client will not send any more, but may still read."""
        self._is_client_done = True
        if not self._is_up_pending:
            if self._upstream is None and not self._held:
                return False
            if self._watch.is_idle:
                return False
        if self._detour is not None:
            self._detour.after_up(self._end_up)
        else:
            self._end_up()
        return True

    def connection_lost(self, error: Exception | None) -> None:
        """The client is gone."""
        self._client = None
        self._client_brake.put_on(None)
        self._held.clear()
        self._watch.ended()
        upstream = self._release()
        if upstream is not None:
            self._end_upstream(upstream, error)
        elif self._detour is not None:
            self._detour.drop()
        # Its lanes hold this connection: let go at once, not at some collection.
        self._detour = None
        self._route.left(self)

    def pause_writing(self) -> None:
        """The client reads too slowly: hold the upstream back."""
        self._upstream_brake.hold(Reason.OTHER_SIDE)

    def resume_writing(self) -> None:
        """The client has caught up."""
        self._upstream_brake.release(Reason.OTHER_SIDE)

    @property
    def is_idle(self) -> bool:
        """True when an upstream is held for nothing."""
        return self._upstream is not None and self._is_quiet

    def let_go(self) -> None:
        """End the upstream connection; the client keeps its own."""
        upstream = self._release()
        if upstream is not None:
            upstream.close()

    def close(self) -> None:
        """End both connections at once."""
        if self._client is not None:
            self._client.abort()

    def reset(self) -> None:
        """Break off as a refusing host would: with a reset, not with an orderly end."""
        if self._client is None:
            return
        sock = self._client.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
        self._client.abort()

    def impede(self, hindrances: Hindrances) -> None:
        """What is on the edge has changed: lead into a detour, or out of it."""
        if self._detour is None:
            if not hindrances.is_in_the_way:
                return
            self._detour = Detour(self, self._watch, hindrances)
        self._detour.changed()

    def free(self) -> None:
        """Bytes go straight through again."""
        self._detour = None

    def hold(self, is_client: bool) -> None:
        """Take nothing more from one side: its lane is full."""
        (self._client_brake if is_client else self._upstream_brake).hold(Reason.LANE)

    def release(self, is_client: bool) -> None:
        """Take from that side again."""
        (self._client_brake if is_client else self._upstream_brake).release(Reason.LANE)

    def pass_up(self, data: bytes) -> None:
        """Write to the upstream; dial it first if need be."""
        if self._upstream is not None:
            self._upstream.write(data)
            return
        if not self._held:
            self._dial()
        self._held.append(data)
        self._held_bytes += len(data)
        if self._held_bytes > _HELD_BYTES:
            self.hold_client(None)

    def pass_down(self, data: bytes) -> None:
        """Write to the client."""
        if self._client is not None:
            self._client.write(data)

    def answered_here(self, data: bytes) -> None:
        """Count an answer that no upstream gave."""
        self._count_answer()
        self._watch.upstream_sent(data)

    @property
    def _is_up_pending(self) -> bool:
        return self._detour is not None and not self._detour.is_up_empty

    @property
    def _is_quiet(self) -> bool:
        """True when nothing is under way that an upstream would be needed for."""
        return self._watch.is_idle and not self._is_up_pending

    def _count_answer(self) -> None:
        if self._asked_s:
            self._tally.exchanges += 1
            self._tally.waited_ms += (time.monotonic() - self._asked_s) * 1000.0
            self._asked_s = 0.0

    def _end_up(self) -> None:
        """All that the client will ever send has been passed on."""
        self._is_up_done = True
        if self._upstream is not None and self._upstream.can_write_eof():
            self._upstream.write_eof()

    def _end_upstream(self, upstream: asyncio.Transport, error: Exception | None) -> None:
        """The client has gone, in order or by an error."""
        if error is not None:
            upstream.abort()
        elif self._detour is not None:
            self._detour.outlive_client(upstream)
        else:
            upstream.close()

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
        self._upstream_brake.put_on(transport)
        self._watch.upstream_changed()
        self.release_client(side)
        held, self._held, self._held_bytes = self._held, [], 0
        transport.writelines(held)
        if self._is_up_done and transport.can_write_eof():
            transport.write_eof()
        return True

    def _refuse(self) -> None:
        self._tally.refused += 1
        self.reset()

    def upstream_sent(self, side: UpstreamSide, data: bytes) -> None:
        """Bytes on their way down."""
        if side is not self._side:
            return
        self.quiet_rounds = 0
        self._tally.bytes_down += len(data)
        if self._asked_s:
            self._count_answer()
        if self._detour is None:
            self.pass_down(data)
            self._watch.upstream_sent(data)
        else:
            self._watch.upstream_sent(data)
            self._detour.down(data)
        if side.port != self._route.upstream_port and self.is_idle:
            self._tally.moved += 1
            self.let_go()

    def upstream_ended(self, side: UpstreamSide, error: Exception | None) -> None:
        """The upstream has closed or broken off: the client follows, unless nothing was under way."""
        if side is not self._side:
            return
        upstream = self._release()
        if upstream is not None:
            upstream.close()
        if self._client is None or (self._is_quiet and not self._is_client_done):
            return
        end_client = self.reset if error is not None else self._close_client
        if self._detour is not None:
            self._detour.after_down(end_client)
        else:
            end_client()

    def hold_client(self, side: UpstreamSide | None) -> None:
        """Take nothing more from the client for now."""
        if side is self._side:
            self._client_brake.hold(Reason.OTHER_SIDE)

    def release_client(self, side: UpstreamSide | None) -> None:
        """Take from the client again."""
        if side is self._side:
            self._client_brake.release(Reason.OTHER_SIDE)

    def _release(self) -> asyncio.Transport | None:
        upstream = self._upstream
        if upstream is not None:
            self.release_client(self._side)
            self._upstream_brake.put_on(None)
        self._upstream = self._side = None
        return upstream

    def _close_client(self) -> None:
        if self._client is not None:
            self._client.close()
