"""The target of every load client: one fixed answer, and a count of what was asked, on a port of its own.

Prints both ports; ends when its input closes.
"""

from __future__ import annotations

import asyncio
import sys
from typing import cast

from engine.lab.lines.server import loop_factory

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok"
END_OF_HEAD = b"\r\n\r\n"


class Answering(asyncio.Protocol):
    """Answers each head that comes in; no client of this benchmark sends one in two pieces or with a body."""

    answered = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to write."""
        self._write = cast(asyncio.Transport, transport).write

    def data_received(self, data: bytes) -> None:
        """Answer."""
        heads = data.count(END_OF_HEAD)
        Answering.answered += heads
        self._write(ANSWER * heads)


class Counting(asyncio.Protocol):
    """Tells whoever connects how many requests were answered."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Tell and hang up."""
        counting = cast(asyncio.Transport, transport)
        counting.write(str(Answering.answered).encode())
        counting.close()


async def serve() -> None:
    """Serve until the input closes."""
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(kind, "127.0.0.1", 0) for kind in (Answering, Counting)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for server in servers:
        server.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory(fast=True)) as runner:
        runner.run(serve())
