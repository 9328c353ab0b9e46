"""What is put on an edge's connections: latency, bandwidth, loss, reset, black hole."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from engine.lab.errors import LabError

OnEdge = Callable[..., None]


def test_that_a_delay_is_never_shorter_than_asked_and_the_edge_says_so(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        await edge.impair("latency", delay_ms=80, jitter_ms=20)
        assert await edge.on() == {"latency": {"delay_ms": 80, "jitter_ms": 20, "both_ways": 0}}
        before = await edge.counts()
        async with edge.client() as client:
            for _ in range(5):
                began_s = time.monotonic()
                assert await client.get() == (200, b"b")
                assert time.monotonic() - began_s >= 0.059
        counts = await edge.counts()
        latency_ms = counts.latency_ms_since(before)
        assert latency_ms is not None
        assert latency_ms >= 60
        assert counts.injected["latency"] == 5

    on_edge(scenario)


def test_that_a_delay_both_ways_is_felt_twice(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        await edge.impair("latency", delay_ms=50, both_ways=1)
        async with edge.client() as client:
            began_s = time.monotonic()
            assert await client.echo(b"x") == b"x"
            assert time.monotonic() - began_s >= 0.099

    on_edge(scenario, http=False)


def test_that_an_edge_has_its_own_latency_without_any_impairment(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        assert await edge.on() == {}
        async with edge.client() as client:
            began_s = time.monotonic()
            assert await client.get() == (200, b"b")
            assert time.monotonic() - began_s >= 0.039
        assert (await edge.counts()).injected == {}

    on_edge(scenario, latency_ms=40)


def test_that_bytes_stay_whole_and_in_order_while_impairments_come_and_go(on_edge: OnEdge) -> None:
    sent = random.Random(1).randbytes(3_000_000)

    async def scenario(edge: Any) -> None:
        async with edge.client() as client:

            async def send() -> None:
                for at in range(0, len(sent), 7_919):
                    client.writer.write(sent[at : at + 7_919])
                    await client.writer.drain()
                client.writer.write_eof()

            async def change() -> None:
                while not reading.done():
                    await edge.impair("bandwidth", kbit_per_s=400_000)
                    await edge.clear("latency")
                    await edge.clear("bandwidth")
                    await edge.impair("latency", delay_ms=5, jitter_ms=5, both_ways=1)

            await edge.impair("latency", delay_ms=5, jitter_ms=5, both_ways=1)
            async with asyncio.TaskGroup() as tasks:
                reading = tasks.create_task(client.reader.read(-1))
                tasks.create_task(send())
                await asyncio.sleep(0.01)
                tasks.create_task(change())
            assert reading.result() == sent
        assert (await edge.counts()).injected["latency"] > 0

    on_edge(scenario, http=False)


def test_that_what_a_client_sent_before_it_closed_still_arrives_late(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        async with edge.client() as client:
            assert await client.get() == (200, b"b")
            await edge.impair("latency", delay_ms=100)
            client.send("/last")
        async with asyncio.timeout(10):
            while b"/last" not in edge.upstream.received:  # noqa: ASYNC110 - the condition is the proxy's
                await asyncio.sleep(0.005)

    on_edge(scenario)


def test_that_a_delay_queue_is_bounded_and_holds_the_sender_back(on_edge: OnEdge) -> None:
    piece = bytes(65536)
    total = 64 * 1024 * 1024

    async def scenario(edge: Any) -> None:
        await edge.impair("latency", delay_ms=5000)
        async with edge.client() as client:
            sent = 0

            async def pour() -> None:
                nonlocal sent
                while sent < total:
                    client.writer.write(piece)
                    await client.writer.drain()
                    sent += len(piece)

            async def is_held() -> None:
                seen = -1
                while seen != sent:
                    seen = sent
                    await asyncio.sleep(0.1)

            async with asyncio.TaskGroup() as tasks:
                pouring = tasks.create_task(pour())
                await is_held()
                assert (await edge.counts()).bytes_up <= 1024 * 1024
                assert sent < total
                pouring.cancel()

    on_edge(scenario, http=False)


def test_that_bandwidth_is_shared_by_all_connections_of_the_edge(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        await edge.impair("bandwidth", kbit_per_s=800)
        began_s = time.monotonic()

        async def ask() -> None:
            async with edge.client() as client:
                assert await client.echo(bytes(20_000)) == bytes(20_000)

        async with asyncio.TaskGroup() as tasks:
            for _ in range(3):
                tasks.create_task(ask())
        # 60,000 bytes at 100,000 a second, but for the burst.
        assert time.monotonic() - began_s >= 0.55
        assert (await edge.counts()).injected["bandwidth"] > 0

    on_edge(scenario, http=False)


def test_that_a_loss_of_all_drops_new_connections_and_breaks_living_ones(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        async with edge.client() as living:
            assert await living.echo(b"x") == b"x"
            await edge.impair("loss", percent=100)
            assert await living.is_cut()
        async with edge.client() as fresh:
            assert await fresh.is_cut()
        await edge.clear("loss")
        assert await edge.on() == {}
        async with edge.client() as client:
            assert await client.echo(b"x") == b"x"
        assert (await edge.counts()).injected == {"loss": 2}

    on_edge(scenario, http=False)


def test_that_a_part_of_the_connections_is_lost_and_the_others_are_not(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        await edge.impair("loss", percent=50)
        cut = 0
        for _ in range(60):
            async with edge.client() as client:
                client.writer.write(b"x")
                cut += await client.is_cut()
        assert 10 < cut < 50

    on_edge(scenario, http=False)


def test_that_a_reset_is_seen_as_a_reset(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        async with edge.client() as client:
            assert await client.get() == (200, b"b")
            await edge.impair("reset", percent=100)
            with pytest.raises(ConnectionResetError):
                await client.reader.readexactly(1)
        assert (await edge.counts()).injected == {"reset": 1}

    on_edge(scenario)


def test_that_a_black_hole_takes_everything_gives_nothing_and_leaves_no_torn_stream(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        async with edge.client() as untouched, edge.client() as client:
            assert await untouched.get() == (200, b"b")
            await edge.impair("blackhole")
            client.send("/swallowed")
            answer = asyncio.ensure_future(client.reader.read(1))
            await edge.until(lambda counts: counts.in_flight == 1)
            assert not answer.done()
            await edge.clear("blackhole")
            with pytest.raises(ConnectionResetError):
                await answer
            assert await untouched.get() == (200, b"b")
        assert b"/swallowed" not in edge.upstream.received
        assert (await edge.counts()).injected == {"blackhole": 1}

    on_edge(scenario)


def test_that_several_are_on_one_edge_at_once_and_are_cleared_one_by_one(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        await edge.impair("latency", delay_ms=30)
        await edge.impair("bandwidth", kbit_per_s=100_000)
        await edge.impair("upstream_errors", percent=100)
        assert set(await edge.on()) == {"latency", "bandwidth", "upstream_errors"}
        async with edge.client() as client:
            assert (await client.get())[0] in (500, 503)
            await edge.clear("upstream_errors")
            began_s = time.monotonic()
            assert await client.get() == (200, b"b")
            assert time.monotonic() - began_s >= 0.029
            await edge.clear("latency")
            await edge.clear("latency")
            assert set(await edge.on()) == {"bandwidth"}

    on_edge(scenario)


def test_that_an_impairment_ends_by_itself_and_tells(on_edge: OnEdge) -> None:
    over: list[tuple[str, str]] = []

    async def scenario(edge: Any) -> None:
        assert await edge.impair("latency", 0.05, delay_ms=2000) == 0.05
        async with edge.client() as client:
            client.send("/")
            async with asyncio.timeout(1.5):
                assert (await client.read())[0] == 200
        assert await edge.on() == {}

    on_edge(scenario, on_over=lambda edge, kind: over.append((edge, kind)))
    assert over == [("a->b", "latency")]


@pytest.mark.parametrize(
    ("kind", "lasts_s", "intensity", "words"),
    [
        ("latency", None, {"delay_ms": 6000}, "delay_ms = 6000 is out of bounds. Allowed: 0 to 5000 ms"),
        ("latency", None, {"delay": 5}, "has no intensity 'delay'. It has: delay_ms, jitter_ms, both_ways"),
        ("loss", None, {"percent": 0}, "Allowed: 1 to 100 %"),
        ("loss", 1e9, {"percent": 10}, "cannot last 1e\\+09 s. Allowed: more than 0 and up to 1800 s"),
        ("freeze", None, {}, "there is no 'freeze' for an edge; there are: latency, loss"),
        ("upstream_slow", None, {}, "needs an edge that carries HTTP"),
    ],
)
def test_that_what_is_out_of_bounds_is_refused_in_words(
    on_edge: OnEdge, kind: str, lasts_s: float | None, intensity: dict[str, float], words: str
) -> None:
    async def scenario(edge: Any) -> None:
        with pytest.raises(LabError, match=words):
            await edge.impair(kind, lasts_s, **intensity)
        assert await edge.on() == {}

    on_edge(scenario, http=False)
