"""A busy exporter: so many spans and log lines a second for so long, to an OTLP/gRPC address. Prints what it sent.

Spans are traces of eight; each line belongs to a span. `python tests/bench/flood.py HOST:PORT SECONDS SPANS LINES`.
"""

from __future__ import annotations

import json
import random
import sys
import time

import grpc
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

PREFIX = "/opentelemetry.proto.collector."
EXPORTS_A_S = 5
SPANS_A_TRACE = 8
SERVICES = ("gateway", "orders", "billing", "inventory")


def spans(rnd: random.Random, count: int) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """An export of traces that have just ended, and the ids of its spans."""
    request = ExportTraceServiceRequest()
    now_ns, ids = time.time_ns(), []
    groups = {}
    for service in SERVICES:
        resource = request.resource_spans.add()
        resource.resource.attributes.add(key="service.name").value.string_value = service
        groups[service] = resource.scope_spans.add()
    trace, parent = b"", b""
    for number in range(count):
        within = number % SPANS_A_TRACE
        if within == 0:
            trace, parent = rnd.randbytes(16), b""
        span_id, length_ns = rnd.randbytes(8), (80 - within * 9) * 1_000_000
        span = groups[SERVICES[within * len(SERVICES) // SPANS_A_TRACE]].spans.add(
            trace_id=trace,
            span_id=span_id,
            parent_span_id=parent,
            name=f"POST /step/{within}",
            kind=2,
            start_time_unix_nano=now_ns - length_ns,
            end_time_unix_nano=now_ns,
        )
        span.attributes.add(key="customer").value.string_value = f"customer-{rnd.randrange(1000)}"
        parent = span_id
        ids.append((trace, span_id))
    return request.SerializeToString(), ids


def lines(rnd: random.Random, count: int, ids: list[tuple[bytes, bytes]]) -> bytes:
    """An export of log lines of those spans."""
    request = ExportLogsServiceRequest()
    resource = request.resource_logs.add()
    resource.resource.attributes.add(key="service.name").value.string_value = "billing"
    scope = resource.scope_logs.add()
    now_ns = time.time_ns()
    for number in range(count):
        trace, span_id = ids[number % len(ids)] if ids else (b"", b"")
        record = scope.log_records.add(
            time_unix_nano=now_ns - number,
            severity_number=9 + 4 * (number % 40 == 0),
            trace_id=trace,
            span_id=span_id,
        )
        record.body.string_value = f"charged {rnd.randrange(10_000)} cents of order {rnd.randrange(100_000)}"
    return request.SerializeToString()


def main(address: str, seconds: float, spans_a_s: int, lines_a_s: int) -> None:
    """Send on time, whatever the last export took."""
    rnd = random.Random(9)
    sent = {"spans": 0, "lines": 0, "refused": 0}
    with grpc.insecure_channel(address) as channel:
        send_spans = channel.unary_unary(f"{PREFIX}trace.v1.TraceService/Export")
        send_lines = channel.unary_unary(f"{PREFIX}logs.v1.LogsService/Export")
        began = time.monotonic()
        for turn in range(round(seconds * EXPORTS_A_S)):
            time.sleep(max(0.0, began + turn / EXPORTS_A_S - time.monotonic()))
            some, ids = spans(rnd, spans_a_s // EXPORTS_A_S)
            more = lines(rnd, lines_a_s // EXPORTS_A_S, ids)
            for name, send, payload, count in (
                ("spans", send_spans, some, len(ids)),
                ("lines", send_lines, more, lines_a_s // EXPORTS_A_S),
            ):
                try:
                    send(payload, timeout=10)
                    sent[name] += count
                except grpc.RpcError:
                    sent["refused"] += 1
    print(json.dumps(sent))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
