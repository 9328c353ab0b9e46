"""An edge with a proxy, an upstream that echoes, and clients that show every byte."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from engine.lab.proxy import EdgeCounts, Proxy
from engine.packs.topology import Protocol

EDGE = "a->b"


@dataclass
class Impaired:
    """A proxy with one edge, and what is behind it."""

    proxy: Proxy
    port: int
    upstream: Any

    async def impair(self, kind: str, lasts_s: float | None = None, **intensity: float) -> float:
        return await self.proxy.impair(EDGE, kind, lasts_s, **intensity)

    async def clear(self, kind: str) -> None:
        await self.proxy.clear(EDGE, kind)

    async def on(self) -> dict[str, dict[str, float]]:
        found = (await self.proxy.impairments())[EDGE]
        return {kind: dict(intensity) for kind, intensity in found.items()}

    async def counts(self) -> EdgeCounts:
        return (await self.proxy.counts())[EDGE]

    async def until(self, holds: Callable[[EdgeCounts], bool]) -> None:
        """Wait until the edge's counts are so; fail if they never are."""
        async with asyncio.timeout(10):
            while not holds(await self.counts()):  # noqa: ASYNC110 - the condition is another process's
                await asyncio.sleep(0.005)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield Client(reader, writer)
        finally:
            writer.close()


@dataclass
class Client:
    """A connection to the edge."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def echo(self, data: bytes) -> bytes:
        self.writer.write(data)
        return await self.reader.readexactly(len(data))

    def send(self, path: str, method: str = "GET", body: bytes = b"") -> None:
        head = f"{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
        self.writer.write(head.encode() + body)

    async def read(self, has_body: bool = True) -> tuple[int, bytes, bytes]:
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        body = await self.reader.readexactly(length) if has_body else b""
        return int(head.split(b" ")[1]), body, head.lower()

    async def get(self, path: str = "/") -> tuple[int, bytes]:
        self.send(path)
        status, body, _ = await self.read()
        return status, body

    async def is_cut(self) -> bool:
        """True if the other side ended the connection before it sent anything."""
        try:
            return await self.reader.read(1) == b""
        except ConnectionError:
            return True


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


@pytest.fixture
def on_edge(upstream_named: Callable[..., AbstractAsyncContextManager[Any]]) -> Callable[..., None]:
    """`on_edge(scenario)`: run `scenario(impaired)`; `http=False`: a PostgreSQL edge to a server that echoes."""

    def run(
        scenario: Callable[[Impaired], Coroutine[Any, Any, None]], http: bool = True, latency_ms: float = 0.0,
        on_over: Callable[[str, str], None] = lambda edge, kind: None,
    ) -> None:  # fmt: skip
        async def play() -> None:
            protocol = Protocol.HTTP if http else Protocol.POSTGRES
            async with (
                asyncio.timeout(60),
                Proxy("test", on_over=on_over) as proxy,
                upstream_named("b", None if http else _echo) as upstream,
            ):
                port = await proxy.open_edge(EDGE, protocol, upstream.port, latency_ms=latency_ms)
                await scenario(Impaired(proxy, port, upstream))

        asyncio.run(play())

    return run
