"""Upstreams that tests put behind an edge."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Upstream:
    """A server of the test's own loop, and what it has seen."""

    name: str
    port: int = 0
    connections: int = 0
    received: bytearray = field(default_factory=bytearray)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """answers to /wait come when it is set"""


async def _answer(upstream: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while head := await _head(reader):
        upstream.received += head
        method, path, _ = head.split(b" ", 2)
        length = next((int(v) for k, v in _headers(head) if k == b"content-length"), 0)
        upstream.received += await reader.readexactly(length)
        if path == b"/wait":
            await upstream.gate.wait()
        body = upstream.name.encode()
        status = b"503 Busy" if path == b"/busy" else b"200 OK"
        writer.write(b"HTTP/1.1 %s\r\ncontent-length: %d\r\n\r\n" % (status, len(body)))
        writer.write(b"" if method == b"HEAD" else body)


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


def _headers(head: bytes) -> list[tuple[bytes, bytes]]:
    lines = head.split(b"\r\n")[1:-2]
    return [(k.lower(), v.strip()) for k, _, v in (line.partition(b":") for line in lines)]


@asynccontextmanager
async def _upstream(name: str, serve: Serve | None = None) -> AsyncIterator[Upstream]:
    upstream = Upstream(name)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream.connections += 1
        try:
            await (serve(reader, writer) if serve else _answer(upstream, reader, writer))
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    upstream.port = server.sockets[0].getsockname()[1]
    try:
        yield upstream
    finally:
        server.close()


@pytest.fixture
def upstream_named() -> Callable[..., object]:
    """`async with upstream_named(name) as upstream:` an HTTP server that answers with its name."""
    return _upstream
