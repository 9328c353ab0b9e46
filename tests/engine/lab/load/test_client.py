"""The HTTP client against a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from engine.lab.load import LoadClient
from engine.lab.load.client import TrafficFailed
from engine.packs.api import Request
from engine.packs.levels import LoadProfile

T = TypeVar("T")
RunningTarget = Callable[[], AbstractAsyncContextManager[Any]]


async def limited(scenario: Coroutine[Any, Any, T]) -> T:
    """A test that hangs shall fail."""
    async with asyncio.timeout(60):
        return await scenario


def test_that_replies_come_in_the_order_of_the_requests_with_no_more_at_once_than_asked(
    running_target: RunningTarget,
) -> None:
    async def scenario() -> None:
        async with running_target() as target, LoadClient(target.url) as client:
            requests = [Request("POST", "/wait", body=str(n).encode()) for n in range(100)]
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(client.send_all(requests, at_once=7))
                await target.holds(7)
                target.gate.set()
            result = sending.result()
            assert [reply.body for reply in result.replies] == [str(n).encode() for n in range(100)]
            assert result.good == 100
            assert (target.connections, target.most_at_once) == (7, 7)

    asyncio.run(limited(scenario()))


def test_that_a_request_carries_its_own_headers_and_no_trace(running_target: RunningTarget) -> None:
    async def scenario() -> None:
        async with running_target() as target, LoadClient(target.url) as client:
            await client.send(Request("POST", "/x", {"Idempotency-Key": "k1"}, b"{}"))
            head = target.heads[0].decode()
            assert head.startswith("POST /x HTTP/1.1\r\nhost: 127.0.0.1:")
            assert "Idempotency-Key: k1\r\n" in head
            assert "content-length: 2\r\n" in head
            assert "traceparent" not in head.lower()

    asyncio.run(limited(scenario()))


@pytest.mark.parametrize(
    ("path", "method", "status", "body"),
    [
        ("/chunked", "GET", 201, b"abc"),
        ("/x", "HEAD", 200, b""),
        ("/hang-up", "GET", 0, b""),
        ("/nonsense", "GET", 0, b""),
    ],
)
def test_that_every_end_of_a_request_is_a_reply(
    running_target: RunningTarget, path: str, method: str, status: int, body: bytes
) -> None:
    async def scenario() -> None:
        async with running_target() as target, LoadClient(target.url) as client:
            reply = await client.send(Request(method, path))
            assert (reply.status, reply.body) == (status, body)
            assert (await client.send(Request("POST", "/echo", body=b"next"))).body == b"next"

    asyncio.run(limited(scenario()))


def test_that_a_request_without_an_answer_is_given_up_after_its_time(running_target: RunningTarget) -> None:
    async def scenario() -> None:
        async with running_target() as target, LoadClient(target.url) as client:
            reply = await client.send(Request("GET", "/silent"), timeout_s=0.05)
            assert reply.status == 0
            assert reply.latency_ms >= 50

    asyncio.run(limited(scenario()))


def test_that_a_short_time_is_kept_beside_a_long_one(running_target: RunningTarget) -> None:
    async def scenario() -> None:
        async with running_target() as target, LoadClient(target.url) as client:
            async with asyncio.TaskGroup() as tasks:
                waiting = tasks.create_task(client.send(Request("GET", "/wait"), timeout_s=50))
                await target.holds(1)
                assert (await client.send(Request("GET", "/silent"), timeout_s=0.05)).status == 0
                assert not waiting.done()
                target.gate.set()
            assert waiting.result().status == 200

    asyncio.run(limited(scenario()))


def test_that_a_head_goes_on_a_connection_of_its_own(running_target: RunningTarget) -> None:
    async def scenario() -> None:
        async with running_target() as target, LoadClient(target.url) as client:
            assert (await client.send(Request("POST", "/echo", body=b"1"))).body == b"1"
            assert (await client.send(Request("HEAD", "/x", {"content-length": "3"}, b"abc"))).status == 200
            assert (await client.send(Request("POST", "/echo", body=b"2"))).body == b"2"
            assert target.connections == 2

    asyncio.run(limited(scenario()))


def test_that_a_refused_connection_is_a_reply_without_status() -> None:
    async def scenario() -> None:
        async with LoadClient("http://127.0.0.1:1") as client:
            assert (await client.send(Request("GET", "/"))).status == 0

    asyncio.run(limited(scenario()))


def test_that_a_cancelled_burst_leaves_nothing_under_way(running_target: RunningTarget) -> None:
    async def scenario() -> None:
        async with running_target() as target, LoadClient(target.url) as client:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await client.send_all([Request("GET", "/silent")] * 5, at_once=2)
            assert (await client.send(Request("POST", "/echo", body=b"x"))).body == b"x"
            assert len(target.heads) == 3

    asyncio.run(limited(scenario()))


def test_that_a_profile_is_played_by_index_from_the_first_one_asked(
    running_target: RunningTarget, pack_folder: Path
) -> None:
    async def scenario() -> None:
        profile = LoadProfile("base", rate_per_s=200, max_in_flight=50, timeout_s=5)
        async with running_target() as target, LoadClient(target.url) as client:
            played = await client.play(pack_folder, profile, seed=3, seconds=0.1, first=40)
            assert [r.body for r in played.result.replies] == [f"3.{n}".encode() for n in range(40, 60)]
            assert played.dropped == 0

    asyncio.run(limited(scenario()))


def test_that_a_repeat_sends_the_same_bytes_once_more(
    running_target: RunningTarget, pack_folder: Path
) -> None:
    async def scenario() -> None:
        profile = LoadProfile("repeated", rate_per_s=100, max_in_flight=50, timeout_s=5)
        async with running_target() as target, LoadClient(target.url) as client:
            played = await client.play(pack_folder, profile, seed=1, seconds=0.03)
            assert len(played.result.replies) == 3
            assert sorted(target.bodies) == sorted([b"1.0", b"1.1", b"1.2"] * 2)
            assert [reply.status for reply in played.result.repeats] == [200, 200, 200]

    asyncio.run(limited(scenario()))


def test_that_requests_over_the_cap_are_dropped_and_counted(
    running_target: RunningTarget, pack_folder: Path
) -> None:
    async def scenario() -> None:
        profile = LoadProfile("silent", rate_per_s=100, max_in_flight=2, timeout_s=0.3)
        async with running_target() as target, LoadClient(target.url) as client:
            played = await client.play(pack_folder, profile, seed=1, seconds=0.1)
            assert len(played.result.replies) == 10
            assert played.dropped == 8
            assert played.result.good == 0
            assert len(target.heads) == 2

    asyncio.run(limited(scenario()))


def test_that_traffic_that_fails_is_shown_with_its_traceback(
    running_target: RunningTarget, pack_folder: Path
) -> None:
    async def scenario() -> None:
        profile = LoadProfile("broken", rate_per_s=100, max_in_flight=2, timeout_s=5)
        async with running_target() as target, LoadClient(target.url) as client:
            with pytest.raises(TrafficFailed, match=r"no such customer"):
                await client.play(pack_folder, profile, seed=1, seconds=1)

    asyncio.run(limited(scenario()))
