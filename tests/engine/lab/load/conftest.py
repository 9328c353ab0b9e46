"""A target for load, and a pack folder with traffic."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

TRAFFIC = """
from engine.packs.api import Request


def opening(profile, seed):
    if profile == "opened":
        return [Request("PUT", "/echo", body=f"import {number}".encode()) for number in range(3)]
    if profile == "waiting":
        return [Request("GET", "/wait")]
    if profile == "refused":
        return [Request("PUT", "/nonsense")]
    return []


def request(profile, seed, index):
    if profile == "broken" and index == 2:
        raise ValueError("no such customer")
    if profile == "repeated":
        return Request("POST", "/", body=f"{seed}.{index}".encode(), repeat_after_s=0.05)
    if profile == "silent":
        return Request("GET", "/silent")
    return Request("POST", "/echo", {"content-type": "text/plain"}, f"{seed}.{index}".encode())
"""


@dataclass
class Target:
    """An HTTP server of the test's own loop; /silent never answers, /wait does when `gate` is set."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    connections: int = 0
    at_once: int = 0
    most_at_once: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def holds(self, requests: int) -> None:
        """Wait until that many are here at once."""
        async with asyncio.timeout(10):
            while self.at_once != requests:
                self.news.clear()
                await self.news.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer until the client goes."""
        self.connections += 1
        try:
            while True:
                await self._answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        _, path, _ = head.split(b" ", 2)
        length = head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
        body = await reader.readexactly(int(length or 0))
        self.bodies.append(body)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.news.set()
        if path == b"/silent":
            await reader.read()
        if path == b"/wait":
            await self.gate.wait()
        self.at_once -= 1
        if path == b"/hang-up":
            raise ConnectionResetError
        if path == b"/nonsense":
            writer.write(b"no HTTP at all\r\n\r\n")
        elif path == b"/chunked":
            writer.write(
                b"HTTP/1.1 201 Made\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
            )
        else:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))


@asynccontextmanager
async def _target() -> AsyncIterator[Target]:
    target = Target()
    server = await asyncio.start_server(target.serve, "127.0.0.1", 0)
    target.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield target
    finally:
        server.close()


@pytest.fixture
def running_target() -> Callable[[], object]:
    """`async with running_target() as target:`"""
    return _target


@pytest.fixture
def pack_folder(tmp_path: Path) -> Path:
    """A folder with nothing but traffic.py."""
    (tmp_path / "traffic.py").write_text(TRAFFIC)
    return tmp_path
