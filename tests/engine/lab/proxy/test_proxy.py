"""The proxy as a real process between real connections."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar

import psutil
import pytest

from engine.lab.errors import HelperFailed, LabError
from engine.lab.proxy import EdgeCounts, Proxy
from engine.packs.topology import Protocol

T = TypeVar("T")
UpstreamNamed = Callable[..., AbstractAsyncContextManager[Any]]
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Client:
    """A keep-alive HTTP client that shows every byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, path: str, method: str = "GET", headers: str = "", body: bytes = b"") -> None:
        head = f"{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n{headers}\r\n"
        self.writer.write(head.encode() + body)

    async def read(self, has_body: bool = True) -> tuple[int, bytes]:
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        body = await self.reader.readexactly(length) if has_body else b""
        return int(head.split(b" ")[1]), body

    async def get(self, path: str) -> tuple[int, bytes]:
        self.send(path)
        return await self.read()


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Client(reader, writer)
    finally:
        writer.close()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 - the condition is another process's
            await asyncio.sleep(0.005)


async def counts_of(proxy: Proxy, edge: str) -> EdgeCounts:
    return (await proxy.counts())[edge]


async def limited(scenario: Coroutine[Any, Any, T]) -> T:
    """A test that hangs shall fail."""
    async with asyncio.timeout(60):
        return await scenario


def test_that_requests_responses_and_traceparents_of_an_edge_are_counted(
    upstream_named: UpstreamNamed,
) -> None:
    async def scenario() -> None:
        async with Proxy("test") as proxy, upstream_named("a") as a:
            port = await proxy.open_edge("clients->a", Protocol.HTTP, a.port)
            async with connected(port) as client:
                assert await client.get("/x?y=1") == (200, b"a")
                client.send("/busy", "POST", f"TraceParent: {TRACEPARENT}\r\n", b"body")
                assert await client.read() == (503, b"a")
                seen = await counts_of(proxy, "clients->a")
                assert (seen.connections, seen.open_connections, seen.requests) == (1, 1, 2)
                assert (seen.responses, seen.traceparents) == ({"2xx": 1, "5xx": 1}, 1)
                assert (seen.in_flight, seen.lost, seen.refused, seen.unparsed) == (0, 0, 0, 0)
                assert seen.bytes_up == len(a.received)
                hops = await proxy.hops("clients->a")
                assert [(h.number, h.method, h.path, h.traceparent) for h in hops] == [
                    (1, "GET", "/x?y=1", ""),
                    (2, "POST", "/busy", TRACEPARENT),
                ]
                assert [h.number for h in await proxy.hops("clients->a", after=1)] == [2]

    asyncio.run(limited(scenario()))


def test_that_a_head_request_does_not_hide_the_next_response(upstream_named: UpstreamNamed) -> None:
    async def scenario() -> None:
        async with Proxy("test") as proxy, upstream_named("a") as a:
            port = await proxy.open_edge("e", Protocol.HTTP, a.port)
            async with connected(port) as client:
                client.send("/", "HEAD")
                client.send("/busy")
                assert (await client.read(has_body=False))[0] == 200
                assert await client.read() == (503, b"a")
            seen = await counts_of(proxy, "e")
            assert (seen.responses, seen.in_flight) == ({"2xx": 1, "5xx": 1}, 0)

    asyncio.run(limited(scenario()))


def test_that_an_idle_connection_follows_a_retarget_at_once(upstream_named: UpstreamNamed) -> None:
    async def scenario() -> None:
        async with Proxy("test") as proxy, upstream_named("old") as old, upstream_named("new") as new:
            port = await proxy.open_edge("e", Protocol.HTTP, old.port)
            async with connected(port) as client:
                assert (await client.get("/"))[1] == b"old"
                await proxy.retarget("e", new.port)
                assert (await client.get("/"))[1] == b"new"
            assert (await counts_of(proxy, "e")).moved == 1

    asyncio.run(limited(scenario()))


def test_that_a_request_in_flight_ends_where_it_began_and_the_next_follows_a_retarget(
    upstream_named: UpstreamNamed,
) -> None:
    async def scenario() -> None:
        async with Proxy("test") as proxy, upstream_named("old") as old, upstream_named("new") as new:
            port = await proxy.open_edge("e", Protocol.HTTP, old.port)
            async with connected(port) as client:
                client.send("/wait")

                async def is_in_flight() -> bool:
                    return (await counts_of(proxy, "e")).in_flight == 1

                await until(is_in_flight)
                await proxy.retarget("e", new.port)
                old.gate.set()
                assert (await client.read())[1] == b"old"
                assert (await client.get("/"))[1] == b"new"

    asyncio.run(limited(scenario()))


def test_that_no_request_is_lost_while_the_edge_is_turned_again_and_again(
    upstream_named: UpstreamNamed,
) -> None:
    async def scenario() -> None:
        async with Proxy("test") as proxy, upstream_named("a") as a, upstream_named("b") as b:
            port = await proxy.open_edge("e", Protocol.HTTP, a.port)
            answers: list[tuple[int, bytes]] = []

            async def ask_often() -> None:
                async with connected(port) as client:
                    answers.extend([await client.get("/") for _ in range(150)])

            async with asyncio.TaskGroup() as tasks:
                asking = [tasks.create_task(ask_often()) for _ in range(4)]
                while not all(task.done() for task in asking):
                    await proxy.retarget("e", b.port)
                    await proxy.retarget("e", a.port)
            assert [status for status, _ in answers] == [200] * 600
            seen = await counts_of(proxy, "e")
            assert (seen.requests, seen.lost, seen.in_flight) == (600, 0, 0)
            assert seen.moved > 0

    asyncio.run(limited(scenario()))


def test_that_a_client_outlives_the_end_of_an_idle_upstream(upstream_named: UpstreamNamed) -> None:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    async def scenario() -> None:
        async with Proxy("test") as proxy, upstream_named("a", once) as a:
            port = await proxy.open_edge("e", Protocol.HTTP, a.port)
            async with connected(port) as client:
                for _ in range(3):
                    assert await client.get("/") == (200, b"")
            assert a.connections == 3

    asyncio.run(limited(scenario()))


def test_that_an_answer_that_ends_with_its_connection_ends_for_the_client_too(
    upstream_named: UpstreamNamed,
) -> None:
    async def until_closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\r\n\r\nall of it")

    async def scenario() -> None:
        async with Proxy("test") as proxy, upstream_named("a", until_closed) as a:
            port = await proxy.open_edge("e", Protocol.HTTP, a.port)
            async with connected(port) as client:
                client.send("/")
                assert (await client.reader.read()).endswith(b"all of it")

    asyncio.run(limited(scenario()))


def test_that_a_refused_upstream_resets_the_client_and_is_counted() -> None:
    async def scenario() -> None:
        with socket.socket() as nobody_listens:
            nobody_listens.bind(("127.0.0.1", 0))
            async with Proxy("test") as proxy:
                await ask(proxy, nobody_listens.getsockname()[1])

    async def ask(proxy: Proxy, closed_port: int) -> None:
        port = await proxy.open_edge("e", Protocol.HTTP, closed_port)
        async with connected(port) as client:
            client.send("/")
            with pytest.raises(ConnectionResetError):
                await client.reader.readexactly(1)
        seen = await counts_of(proxy, "e")
        assert (seen.refused, seen.lost, seen.in_flight) == (1, 1, 0)

    asyncio.run(limited(scenario()))


def test_that_bytes_that_are_not_http_pass_unchanged_and_uncounted(upstream_named: UpstreamNamed) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)

    async def scenario() -> None:
        async with Proxy("test") as proxy, upstream_named("a", echo) as a:
            port = await proxy.open_edge("e", Protocol.HTTP, a.port)
            async with connected(port) as client:
                client.writer.write(b"\x00\x01 not http")
                client.writer.write_eof()
                assert await client.reader.read() == b"\x00\x01 not http"
            seen = await counts_of(proxy, "e")
            assert (seen.unparsed, seen.requests) == (1, 0)

    asyncio.run(limited(scenario()))


def test_that_a_slow_reader_holds_the_sender_back(upstream_named: UpstreamNamed) -> None:
    total = 48 * 1024 * 1024
    sent = 0

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % total)
        piece = bytes(65536)
        while sent < total:
            writer.write(piece)
            sent += len(piece)
            await writer.drain()

    async def scenario() -> None:
        async with Proxy("test") as proxy, upstream_named("a", pour) as a:
            port = await proxy.open_edge("e", Protocol.HTTP, a.port)
            async with connected(port) as client:
                client.send("/")
                head = await client.reader.readuntil(b"\r\n\r\n")
                assert b"200" in head
                seen = -1

                async def stands_still() -> bool:
                    nonlocal seen
                    before, seen = seen, sent
                    await asyncio.sleep(0.05)
                    return before == sent

                await until(stands_still)
                assert sent < total
                assert psutil.Process(proxy.pid).memory_info().rss < 120 * 1024 * 1024
                assert len(await client.reader.readexactly(total)) == total
            assert (await counts_of(proxy, "e")).responses == {"2xx": 1}

    asyncio.run(limited(scenario()))


def test_that_commands_that_cannot_be_done_are_refused_in_words() -> None:
    async def scenario() -> None:
        async with Proxy("test") as proxy:
            await proxy.open_edge("e", Protocol.HTTP, 1)
            with pytest.raises(LabError, match="is open already"):
                await proxy.open_edge("e", Protocol.HTTP, 1)
            with pytest.raises(LabError, match="no edge 'f'; open: e"):
                await proxy.retarget("f", 1)

    asyncio.run(limited(scenario()))


def test_that_the_end_of_the_process_is_told_and_fails_calls() -> None:
    async def scenario() -> None:
        ended = asyncio.Event()
        codes: list[int] = []

        def on_exit(code: int, lines: tuple[str, ...]) -> None:
            codes.append(code)
            ended.set()

        async with Proxy("test", on_exit) as proxy:
            psutil.Process(proxy.pid).kill()
            async with asyncio.timeout(10):
                await ended.wait()
            with pytest.raises(HelperFailed):
                await proxy.counts()
        assert len(codes) == 1

    asyncio.run(limited(scenario()))


def test_that_no_process_is_left_after_the_stop() -> None:
    async def scenario() -> int:
        proxy = Proxy("test")
        await proxy.start()
        pid = proxy.pid
        await proxy.stop()
        await proxy.stop()
        assert pid is not None
        return pid

    assert not psutil.pid_exists(asyncio.run(limited(scenario())))
