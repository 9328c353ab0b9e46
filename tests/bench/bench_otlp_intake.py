"""Spans in, decoded, queryable and on disk: CPU, memory and disk a span, against raw gRPC + one upb decode.

Each server runs in a process of its own and is sent the same exports of 512 spans with 10 attributes, one after the
other. CPU is the server process's, all threads, until everything is answerable and on disk.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import grpc  # noqa: E402
import grpc.aio  # noqa: E402
import psutil  # noqa: E402
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest  # noqa: E402

from engine.clock import SystemClock  # noqa: E402
from engine.telemetry.telemetry import Telemetry  # noqa: E402

EXPORTS = 400
WARM_UP = 100
SPANS = 512
SPANS_A_TRACE = 8
ROUNDS = 3
METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
TEXTS = {
    "http.request.method": "POST",
    "url.path": "/charges",
    "http.route": "/charges",
    "db.statement": "SELECT charges.id, charges.cents FROM charges WHERE charges.key = %s",
    "db.system": "postgresql",
    "net.peer.name": "127.0.0.1",
    "thread.name": "AnyIO worker thread",
}
NUMBERS = ("server.port", "http.status_code")


def export(rnd: random.Random) -> bytes:
    """One export of a busy service."""
    request = ExportTraceServiceRequest()
    resource = request.resource_spans.add()
    name = resource.resource.attributes.add(key="service.name")
    name.value.string_value = "billing"
    scope = resource.scope_spans.add()
    now_ns = time.time_ns()
    for index in range(SPANS):
        if index % SPANS_A_TRACE == 0:
            trace, root = rnd.randbytes(16), rnd.randbytes(8)
        is_root = index % SPANS_A_TRACE == 0
        span = scope.spans.add(
            trace_id=trace,
            span_id=root if is_root else rnd.randbytes(8),
            parent_span_id=b"" if is_root else root,
            name="POST /charges" if is_root else ("SELECT billing", "INSERT billing", "connect")[index % 3],
            kind=2 if is_root else 3,
            start_time_unix_nano=now_ns + index * 100_000,
            end_time_unix_nano=now_ns + index * 100_000 + rnd.randrange(50_000_000),
            flags=256,
        )
        for key, text in TEXTS.items():
            span.attributes.add(key=key).value.string_value = text
        for key in NUMBERS:
            span.attributes.add(key=key).value.int_value = rnd.randrange(10_000)
        span.attributes.add(key="customer").value.string_value = f"customer-{rnd.randrange(1000)}"
        span.status.SetInParent()
    return request.SerializeToString()


async def serve_reference() -> None:
    """Raw bytes, one full upb decode, thrown away."""

    async def take(raw: bytes, context: Any) -> bytes:
        ExportTraceServiceRequest.FromString(raw)
        return b""

    class Handler(grpc.GenericRpcHandler):
        def service(self, handler_call_details: Any) -> Any:
            return grpc.unary_unary_rpc_method_handler(take)

    server = grpc.aio.server(handlers=[Handler()], options=[("grpc.so_reuseport", 0)])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await _answer(lambda: 0, _nothing)
    await server.stop(0)


async def serve_ours() -> None:
    """The engine's telemetry."""
    with tempfile.TemporaryDirectory() as folder:
        async with Telemetry(Path(folder), SystemClock()) as telemetry:
            print(telemetry.endpoint.rpartition(":")[2], flush=True)
            await _answer(lambda: telemetry.counters().bytes_on_disk, telemetry.settle)


async def _nothing() -> None:
    return None


async def _answer(disk: Callable[[], int], settle: Callable[[], Awaitable[None]]) -> None:
    process = psutil.Process()
    while (await asyncio.to_thread(sys.stdin.readline)).strip():
        await settle()
        times = process.cpu_times()
        figures = {"cpu_s": times.user + times.system, "memory": process.memory_info().rss, "disk": disk()}
        print(json.dumps(figures), flush=True)


async def _send(port: int, payloads: list[bytes]) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary(METHOD)
        for payload in payloads:
            await call(payload, timeout=60)


def measure(server: str, payloads: list[bytes]) -> dict[str, float]:
    """CPU in microseconds, memory and disk in bytes, a span, after a warm-up."""
    command = [sys.executable, __file__, server]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        port = int(child.stdout.readline())
        found = []
        for part in (payloads[:WARM_UP], payloads[WARM_UP:]):
            asyncio.run(_send(port, part))
            child.stdin.write("?\n")
            child.stdin.flush()
            found.append(json.loads(child.stdout.readline()))
        child.stdin.close()
    spans = (len(payloads) - WARM_UP) * SPANS
    grown = {key: (found[1][key] - found[0][key]) / spans for key in found[0]}
    return {"cpu_us": grown["cpu_s"] * 1e6, "memory_bytes": grown["memory"], "disk_bytes": grown["disk"]}


def main() -> None:
    """Print one JSON object."""
    rnd = random.Random(1)
    payloads = [export(rnd) for _ in range(EXPORTS)]
    pairs = [(measure("reference", payloads), measure("ours", payloads)) for _ in range(ROUNDS)]
    ratios = [ours["cpu_us"] / reference["cpu_us"] for reference, ours in pairs]
    last = pairs[-1][1]
    found = {
        "cpu_ratio": round(statistics.median(ratios), 2),
        "cpu_ratio_spread": [round(min(ratios), 2), round(max(ratios), 2)],
        "goal_cpu_ratio": 3.0,
        "disk_bytes_a_span": round(last["disk_bytes"], 1),
        "goal_disk_bytes_a_span": 150,
        "memory_bytes_a_span": round(statistics.median(ours["memory_bytes"] for _, ours in pairs), 1),
        "goal_memory_bytes_a_span": 64,
        "cpu_us_a_span": round(statistics.median(ours["cpu_us"] for _, ours in pairs), 2),
        "spans": (EXPORTS - WARM_UP) * SPANS,
        "cores": os.cpu_count(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run({"reference": serve_reference, "ours": serve_ours}[sys.argv[1]]())
    else:
        main()
