"""An upstream that fails, as the proxy plays it on HTTP edges."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

OnEdge = Callable[..., None]


def test_that_errors_are_answered_without_asking_the_upstream_and_keep_the_connection(
    on_edge: OnEdge,
) -> None:
    async def scenario(edge: Any) -> None:
        await edge.impair("upstream_errors", percent=100)
        async with edge.client() as client:
            statuses = [(await client.get("/failed"))[0] for _ in range(20)]
            assert set(statuses) == {500, 503}
            client.send("/head", "HEAD")
            assert (await client.read(has_body=False))[0] in (500, 503)
            assert b"/failed" not in edge.upstream.received
            await edge.clear("upstream_errors")
            assert await client.get() == (200, b"b")
        counts = await edge.counts()
        assert (counts.requests, counts.responses) == (22, {"5xx": 21, "2xx": 1})
        assert (counts.injected, counts.in_flight, counts.lost) == ({"upstream_errors": 21}, 0, 0)

    on_edge(scenario)


def test_that_a_request_in_flight_when_errors_begin_is_answered_by_the_upstream(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        async with edge.client() as client:
            client.send("/wait")
            await edge.until(lambda counts: counts.in_flight == 1)
            await edge.impair("upstream_errors", percent=100)
            edge.upstream.gate.set()
            assert (await client.read())[:2] == (200, b"b")
            assert (await client.get())[0] in (500, 503)

    on_edge(scenario)


def test_that_a_half_sent_request_is_answered_once_whole_also_if_errors_end_meanwhile(
    on_edge: OnEdge,
) -> None:
    async def scenario(edge: Any) -> None:
        await edge.impair("upstream_errors", percent=100)
        async with edge.client() as client:
            client.writer.write(b"POST /half HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\n\r\nabc")
            await edge.until(lambda counts: counts.requests == 1)
            await edge.clear("upstream_errors")
            client.writer.write(b"def")
            assert (await client.read())[0] in (500, 503)
            assert await client.get() == (200, b"b")
        assert b"/half" not in edge.upstream.received

    on_edge(scenario)


def test_that_pipelined_requests_are_each_answered(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        await edge.impair("upstream_errors", percent=100)
        async with edge.client() as client:
            one = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
            client.writer.write(one + one + one)
            assert [(await client.read())[0] in (500, 503) for _ in range(3)] == [True] * 3
            await edge.clear("upstream_errors")
            client.writer.write(one + one)
            assert [(await client.read())[0] for _ in range(2)] == [200, 200]

    on_edge(scenario)


def test_that_a_slow_upstream_delays_each_request_once_however_many_pieces_it_has(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        await edge.impair("upstream_slow", delay_ms=60)
        async with edge.client() as client:
            for _ in range(2):
                began_s = time.monotonic()
                client.writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\n")
                client.writer.write(b"abc")
                assert (await client.read())[:2] == (200, b"b")
                assert time.monotonic() - began_s >= 0.059
        assert (await edge.counts()).injected == {"upstream_slow": 2}

    on_edge(scenario)


def test_that_requests_that_wait_when_slowness_ends_go_on_at_once(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        await edge.impair("upstream_slow", delay_ms=30_000)
        async with edge.client() as client:
            client.send("/")
            await edge.until(lambda counts: counts.in_flight == 1)
            await edge.clear("upstream_slow")
            assert (await client.read())[:2] == (200, b"b")

    on_edge(scenario)


@pytest.mark.parametrize("path", ["/", "/wait"])
def test_that_a_malformed_answer_is_200_and_no_json_and_the_upstream_was_asked(
    on_edge: OnEdge, path: str
) -> None:
    async def scenario(edge: Any) -> None:
        edge.upstream.gate.set()
        await edge.impair("upstream_malformed", percent=100)
        async with edge.client() as client:
            client.send(path)
            status, body, head = await client.read()
            assert (status, b"application/json" in head) == (200, True)
            with pytest.raises(ValueError, match=r"line 1 column"):
                json.loads(body)
            assert path.encode() in edge.upstream.received
            assert (await client.get("/busy"))[0] == 503
            client.send("/", "HEAD")
            assert (await client.read(has_body=False))[0] == 200
            await edge.clear("upstream_malformed")
            assert await client.get() == (200, b"b")
        assert (await edge.counts()).injected == {"upstream_malformed": 1}

    on_edge(scenario)


def test_that_an_answer_under_way_when_spoiling_ends_is_still_framed(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        await edge.impair("upstream_malformed", percent=100)
        async with edge.client() as client:
            client.send("/wait")
            await edge.until(lambda counts: counts.in_flight == 1)
            await edge.clear("upstream_malformed")
            edge.upstream.gate.set()
            assert (await client.read())[0] == 200
            assert await client.get() == (200, b"b")

    on_edge(scenario)


def test_that_requests_above_a_quota_are_told_when_to_come_again(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        await edge.impair("upstream_quota", requests_per_s=0.5)
        async with edge.client() as client:
            assert await client.get() == (200, b"b")
            client.send("/")
            status, _, head = await client.read()
            assert (status, b"retry-after: 2" in head) == (429, True)
        assert (await edge.counts()).injected == {"upstream_quota": 1}

    on_edge(scenario)


def test_that_no_answer_is_mixed_up_while_failures_come_and_go(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        answers: list[tuple[int, bytes]] = []

        async def ask_often() -> None:
            async with edge.client() as client:
                answers.extend([await client.get() for _ in range(100)])

        async with asyncio.TaskGroup() as tasks:
            asking = [tasks.create_task(ask_often()) for _ in range(4)]
            while not all(task.done() for task in asking):
                for kind, intensity in (
                    ("upstream_errors", {"percent": 50}),
                    ("upstream_malformed", {"percent": 50}),
                    ("upstream_slow", {"delay_ms": 2}),
                    ("latency", {"delay_ms": 1, "jitter_ms": 1}),
                ):
                    await edge.impair(kind, **intensity)
                await edge.clear("upstream_malformed")
                await edge.clear("upstream_errors")
                await edge.clear("upstream_slow")
                await edge.clear("latency")
        assert len(answers) == 400
        assert {status for status, _ in answers} <= {200, 500, 503}
        counts = await edge.counts()
        assert (counts.requests, counts.lost, counts.in_flight) == (400, 0, 0)
        failed = sum(status != 200 for status, _ in answers)
        assert counts.injected.get("upstream_errors", 0) == failed == counts.responses.get("5xx", 0)

    on_edge(scenario)


def test_that_each_reader_has_a_peak_of_its_own(on_edge: OnEdge) -> None:
    async def scenario(edge: Any) -> None:
        async with edge.client() as one, edge.client() as two:
            one.send("/wait")
            two.send("/wait")
            await edge.until(lambda counts: counts.in_flight == 2)
            edge.upstream.gate.set()
            await one.read()
            await two.read()
        for reader in ("engine", "judge"):
            assert (await edge.proxy.counts(reader))["a->b"].peak_in_flight == 2
            assert (await edge.proxy.counts(reader))["a->b"].peak_in_flight == 0

    on_edge(scenario)
