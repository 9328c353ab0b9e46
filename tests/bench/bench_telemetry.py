"""Spans, log lines and metric points in, decoded, queryable and on disk, against raw gRPC + one upb decode.

Each server runs in a process of its own and is sent the same exports in turn: 512 spans with 10 attributes,
512 log lines with 4, or 512 points of counters, gauges and histograms. CPU is the server process's, all threads,
until everything is answerable and on disk. Spans are also sent over HTTP. Prints one JSON object.
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
import httpx  # noqa: E402
import psutil  # noqa: E402
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest  # noqa: E402
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (  # noqa: E402
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest  # noqa: E402

from engine.clock import SystemClock  # noqa: E402
from engine.telemetry.telemetry import Telemetry  # noqa: E402

EXPORTS = 400
WARM_UP = 100
SPANS = 512
SPANS_A_TRACE = 8
ROUNDS = 3
PREFIX = "/opentelemetry.proto.collector."
METHODS = {
    "spans": (f"{PREFIX}trace.v1.TraceService/Export", ExportTraceServiceRequest),
    "logs": (f"{PREFIX}logs.v1.LogsService/Export", ExportLogsServiceRequest),
    "metrics": (f"{PREFIX}metrics.v1.MetricsService/Export", ExportMetricsServiceRequest),
}
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SERIES = 64
GOALS = {"cpu_ratio": 3.0, "memory_bytes_a_span": 64, "disk_bytes_a_span": 150}
TRIED = {
    "cpu_ratio": "Attributes stay bytes until a span is opened, names are interned, a batch is one slice assignment.",
    "memory_bytes_a_span": "49 bytes are the row in the ring, 10 the share of its trace's row, 17 of the index "
    "of traces (eight spans a trace, by tracemalloc); the rest is what the allocator keeps of batches that come at "
    "full speed here. An index in numpy instead of a dict was not tried.",
    "disk_bytes_a_span": "zlib at level 1 over whole batches.",
}
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


def span_export(rnd: random.Random, number: int) -> bytes:
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


def log_export(rnd: random.Random, number: int) -> bytes:
    """One export of a service that logs each request."""
    request = ExportLogsServiceRequest()
    resource = request.resource_logs.add()
    name = resource.resource.attributes.add(key="service.name")
    name.value.string_value = "billing"
    scope = resource.scope_logs.add()
    scope.scope.name = "billing.charges"
    now_ns = time.time_ns()
    for index in range(SPANS):
        record = scope.log_records.add(
            time_unix_nano=now_ns + index * 100_000,
            severity_number=9,
            trace_id=rnd.randbytes(16),
            span_id=rnd.randbytes(8),
        )
        record.body.string_value = f"customer {rnd.randrange(1000)} charged {rnd.randrange(10_000)} cents"
        for key in ("code.file.path", "code.function.name", "customer"):
            record.attributes.add(key=key).value.string_value = f"{key} {index % 7}"
        record.attributes.add(key="code.line.number").value.int_value = index
    return request.SerializeToString()


def metric_export(rnd: random.Random, number: int) -> bytes:
    """One export of counters, gauges and histograms of 64 routes each, a second after the one before."""
    request = ExportMetricsServiceRequest()
    resource = request.resource_metrics.add()
    name = resource.resource.attributes.add(key="service.name")
    name.value.string_value = "billing"
    scope = resource.scope_metrics.add()
    at_ns = (1_800_000_000 + number) * 1_000_000_000
    for place in range(SPANS // SERIES):
        kind = ("sum", "gauge", "histogram")[place % 3]
        metric = scope.metrics.add(name=f"metric.{place}", unit="s" if kind == "histogram" else "1")
        points = getattr(metric, kind).data_points
        for route in range(SERIES):
            point = points.add(time_unix_nano=at_ns)
            point.attributes.add(key="http.route").value.string_value = f"/route/{route}"
            if kind == "histogram":
                point.explicit_bounds.extend(BOUNDS)
                point.bucket_counts.extend([number * (n + 1) for n in range(len(BOUNDS) + 1)])
                point.sum = number * 3.5
            else:
                point.as_int = number * route
        if kind == "sum":
            metric.sum.is_monotonic = True
            metric.sum.aggregation_temporality = 2
    return request.SerializeToString()


async def serve_reference() -> None:
    """Raw bytes, one full upb decode, thrown away."""

    class Handler(grpc.GenericRpcHandler):
        def service(self, handler_call_details: Any) -> Any:
            kinds = dict(METHODS.values())
            kind = kinds[handler_call_details.method]

            async def take(raw: bytes, context: Any) -> bytes:
                kind.FromString(raw)
                return b""

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
            print(
                telemetry.endpoint.rpartition(":")[2], telemetry.http_endpoint.rpartition(":")[2], flush=True
            )
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


async def _send(port: int, method: str, payloads: list[bytes]) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary(method)
        for payload in payloads:
            await call(payload, timeout=60)


async def _post(port: int, payloads: list[bytes]) -> None:
    headers = {"content-type": "application/x-protobuf"}
    async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
        for payload in payloads:
            (await client.post(f"http://127.0.0.1:{port}/v1/traces", content=payload)).raise_for_status()


def measure(server: str, signal: str, payloads: list[bytes], over_http: bool = False) -> dict[str, float]:
    """CPU in microseconds, memory and disk in bytes, a row, after a warm-up."""
    command = [sys.executable, __file__, server]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        ports = [int(word) for word in child.stdout.readline().split()]
        found = []
        for part in (payloads[:WARM_UP], payloads[WARM_UP:]):
            sending = _post(ports[1], part) if over_http else _send(ports[0], METHODS[signal][0], part)
            asyncio.run(sending)
            child.stdin.write("?\n")
            child.stdin.flush()
            found.append(json.loads(child.stdout.readline()))
        child.stdin.close()
    rows = (len(payloads) - WARM_UP) * SPANS
    grown = {key: (found[1][key] - found[0][key]) / rows for key in found[0]}
    return {"cpu_us": grown["cpu_s"] * 1e6, "memory_bytes": grown["memory"], "disk_bytes": grown["disk"]}


def compared(signal: str, payloads: list[bytes]) -> dict[str, Any]:
    """Ours against the reference, in turn."""
    pairs = [
        (measure("reference", signal, payloads), measure("ours", signal, payloads)) for _ in range(ROUNDS)
    ]
    ratios = [ours["cpu_us"] / reference["cpu_us"] for reference, ours in pairs]
    return {
        "cpu_ratio": round(statistics.median(ratios), 2),
        "cpu_ratio_spread": [round(min(ratios), 2), round(max(ratios), 2)],
        "cpu_us": round(statistics.median(ours["cpu_us"] for _, ours in pairs), 2),
        "memory_bytes": round(statistics.median(ours["memory_bytes"] for _, ours in pairs), 1),
        "disk_bytes": round(pairs[-1][1]["disk_bytes"], 1),
    }


def main() -> None:
    """Print one JSON object."""
    makers = {"spans": span_export, "logs": log_export, "metrics": metric_export}
    payloads = {
        signal: [make(random.Random(number), number) for number in range(EXPORTS)]
        for signal, make in makers.items()
    }
    found = {signal: compared(signal, payloads[signal]) for signal in makers}
    over_http = measure("ours", "spans", payloads["spans"], over_http=True)
    spans = found["spans"]
    goals = {
        "cpu_ratio": spans["cpu_ratio"],
        "memory_bytes_a_span": spans["memory_bytes"],
        "disk_bytes_a_span": spans["disk_bytes"],
    }
    told = {
        **goals,
        **found,
        "spans_over_http_cpu_us": round(over_http["cpu_us"], 2),
        "rows": (EXPORTS - WARM_UP) * SPANS,
        "cores": os.cpu_count(),
    }
    missed = [name for name, goal in GOALS.items() if goals[name] > goal]
    tried = {name: TRIED[name] for name in missed}
    print(json.dumps({**told, "goals": GOALS, "missed": missed, "tried": tried}))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run({"reference": serve_reference, "ours": serve_ours}[sys.argv[1]]())
    else:
        main()
