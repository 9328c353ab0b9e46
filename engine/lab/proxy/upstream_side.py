"""The upstream's side of a connection through an edge."""

from __future__ import annotations

import asyncio
from typing import Protocol, cast


class ClientSide(Protocol):
    """The connection that an upstream serves."""

    def adopt(self, side: UpstreamSide, transport: asyncio.Transport) -> bool:
        """Take a dialled upstream into use, or not."""
        ...

    def upstream_sent(self, side: UpstreamSide, data: bytes) -> None:
        """Bytes on their way down."""
        ...

    def upstream_ended(self, side: UpstreamSide, error: Exception | None) -> None:
        """The upstream has closed or broken off."""
        ...

    def hold_client(self, side: UpstreamSide | None) -> None:
        """Take nothing more from the client for now."""
        ...

    def release_client(self, side: UpstreamSide | None) -> None:
        """Take from the client again."""
        ...


class UpstreamSide(asyncio.Protocol):
    """The upstream's side; it says who it is, because its connection may have let it go meanwhile."""

    def __init__(self, connection: ClientSide, port: int) -> None:
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
