"""OTLP/HTTP on a real port: what it takes, what it refuses and how it says so, and `/metrics` beside it."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from google.rpc.status_pb2 import Status
from prometheus_client.parser import text_string_to_metric_families

from engine.clock import SystemClock
from engine.telemetry.doors.addresses import AddressTaken
from engine.telemetry.records import TraceFilter
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.telemetry import Telemetry

T = TypeVar("T")
PROTOBUF = {"content-type": "application/x-protobuf"}
SMALL = TelemetrySettings(max_message_bytes=100_000)


def with_telemetry(
    folder: Path,
    act: Callable[[Telemetry, httpx.AsyncClient], Awaitable[T]],
    settings: TelemetrySettings = SMALL,
) -> T:
    """Run `act` against a live receiver."""

    async def run() -> T:
        async with Telemetry(folder, SystemClock(), settings) as telemetry:
            base = f"http://{telemetry.http_endpoint}"
            async with httpx.AsyncClient(base_url=base, headers=PROTOBUF, trust_env=False) as client:
                return await act(telemetry, client)

    return asyncio.run(run())


@pytest.mark.parametrize("packed", [False, True])
def test_that_spans_over_http_are_spans_like_any_other(tmp_path: Path, otlp: Any, packed: bool) -> None:
    payload = otlp.spans([otlp.Span(b"t" * 16, b"s" * 8)])

    async def act(telemetry: Telemetry, client: httpx.AsyncClient) -> tuple[httpx.Response, int]:
        content = gzip.compress(payload) if packed else payload
        headers = {"content-encoding": "gzip"} if packed else {}
        answer = await client.post("/v1/traces", content=content, headers=headers)
        await telemetry.settle()
        return answer, (await telemetry.queries.list_traces(TraceFilter(), 0, 1 << 62)).total

    answer, traces = with_telemetry(tmp_path, act)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (
        200,
        b"",
        "application/x-protobuf",
    )
    assert traces == 1


def test_that_each_refusal_says_what_was_wrong_and_is_counted(tmp_path: Path) -> None:
    async def act(telemetry: Telemetry, client: httpx.AsyncClient) -> tuple[list[httpx.Response], Any]:
        bomb = gzip.compress(bytes(1_000_000))
        answers = [
            await client.post("/v1/traces", content=b"\xff\xff\xff"),
            await client.post("/v1/logs", content=bytes(150_000)),
            await client.post("/v1/traces", content=bomb, headers={"content-encoding": "gzip"}),
            await client.post("/v1/traces", content=b"no gzip", headers={"content-encoding": "gzip"}),
            await client.post("/v1/traces", content=b"", headers={"content-encoding": "br"}),
            await client.post("/v1/traces", content=b"{}", headers={"content-type": "application/json"}),
            await client.get("/v1/traces"),
            await client.post("/v1/profiles", content=b""),
        ]
        return answers, telemetry.counters()

    answers, counters = with_telemetry(tmp_path, act)
    assert [answer.status_code for answer in answers] == [400, 413, 413, 400, 400, 415, 405, 404]
    assert (counters.refused_malformed, counters.refused_too_large) == (3, 2)
    told = [Status.FromString(answer.content).message for answer in answers]
    assert all(told)
    assert "application/x-protobuf, not application/json" in told[5]


def test_that_a_full_queue_asks_to_come_again(tmp_path: Path, otlp: Any) -> None:
    payload = otlp.spans([otlp.Span(b"t" * 16, b"s" * 8)])
    settings = TelemetrySettings(queue_exports=1, queue_wait_s=0.1, write_backlog_bytes=-1)

    async def act(telemetry: Telemetry, client: httpx.AsyncClient) -> list[httpx.Response]:
        gate = asyncio.Event()
        telemetry._written = gate.wait  # type: ignore[method-assign, assignment]
        sent = [client.post("/v1/traces", content=payload) for _ in range(4)]
        answers = await asyncio.gather(*sent)
        gate.set()
        return list(answers)

    answers = with_telemetry(tmp_path, act, settings)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 503, 503]
    assert next(a for a in answers if a.status_code == 503).headers["retry-after"] == "1"


def test_that_metrics_count_requests_by_route_and_only_grow(tmp_path: Path, otlp: Any) -> None:
    clock = SystemClock()

    def export(number: int, ms: int, error: bool = False) -> bytes:
        now_ns = clock.wall_ns()
        times = {"start_ns": now_ns - ms * 1_000_000, "end_ns": now_ns}
        return otlp.spans([otlp.Span(bytes([number]) * 16, b"s" * 8, error=error, **times)])

    async def act(telemetry: Telemetry, client: httpx.AsyncClient) -> list[str]:
        pages = []
        for number, (ms, error) in enumerate(((3, False), (40, True), (700, False)), start=1):
            await client.post("/v1/traces", content=export(number, ms, error))
            await telemetry.settle()
            telemetry.series.add("client.latency.p95_ms", clock.wall_ns() / 1e9, 40.0 + number)
            pages.append((await client.get("/metrics")).text)
        return pages

    pages = with_telemetry(tmp_path, act)
    samples = [
        {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(page)
            for sample in family.samples
        }
        for page in pages
    ]
    route = ("POST /charges", "gateway")
    counts = [page["drill_request_duration_seconds_count", *route] for page in samples]
    assert counts == [1, 2, 3]
    last = samples[-1]
    assert last["drill_request_duration_seconds_bucket", "0.005", *route] == 1
    assert last["drill_request_duration_seconds_bucket", "0.05", *route] == 2
    assert last["drill_request_duration_seconds_bucket", "1.0", *route] == 3
    assert last["drill_request_duration_seconds_sum", *route] == pytest.approx(0.743, rel=0.01)
    assert last["drill_request_errors_total", *route] == 1
    assert last["drill_series", "client.latency.p95_ms"] == 43.0
    assert last["drill_telemetry_received_total", "spans"] == 3
    assert last["drill_telemetry_lost_total", "export malformed"] == 0


def test_that_a_port_in_use_is_an_error_and_leaves_nothing_open(tmp_path: Path) -> None:
    async def act(telemetry: Telemetry, client: httpx.AsyncClient) -> None:
        port = int(telemetry.http_endpoint.rpartition(":")[2])
        with pytest.raises(AddressTaken, match="another program listens there"):
            await Telemetry(tmp_path / "b", SystemClock(), TelemetrySettings(http_port=port)).__aenter__()
        assert (await client.get("/metrics")).status_code == 200

    with_telemetry(tmp_path / "a", act)
