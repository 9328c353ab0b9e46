"""The sizes and budgets of the telemetry path, all of them in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TelemetrySettings:
    """How much is taken in, kept in memory and kept on disk."""

    host: str = "127.0.0.1"
    """loopback only"""
    port: int = 0
    """of OTLP/gRPC; 0: a free one"""
    http_port: int = 0
    """of OTLP/HTTP and /metrics; 0: a free one"""
    forward_to: str = ""
    """host:port of an OTLP/gRPC collector that gets everything too; empty: none"""
    forward_backlog_bytes: int = 16 * 1024 * 1024
    """exports that may wait for the collector; further ones are dropped and counted"""
    max_message_bytes: int = 16 * 1024 * 1024
    """a larger export is refused with RESOURCE_EXHAUSTED"""
    queue_exports: int = 256
    """exports that wait for the worker; an export that meets a full queue waits"""
    queue_wait_s: float = 5.0
    """how long it waits before it is refused with UNAVAILABLE, which exporters retry"""
    ring_spans: int = 1_200_000
    """10 minutes of 2,000 spans a second, 49 bytes each; memory is touched only as spans come"""
    traces: int = 131_072
    """trace summaries held in memory"""
    ring_log_lines: int = 262_144
    ring_log_bytes: int = 16 * 1024 * 1024
    """text of log lines held for searching (twice: as written and in lower case)"""
    ring_log_attribute_bytes: int = 32 * 1024 * 1024
    seal_every_s: float = 0.5
    """a batch of exports goes to disk at least this often; what a crash may lose"""
    seal_spans: int = 4096
    seal_bytes: int = 2 * 1024 * 1024
    write_backlog_bytes: int = 64 * 1024 * 1024
    """batches that may wait for the disk before the intake waits"""
    settle_s: int = 2
    """seconds after which a second's series are written; later spans correct them"""
    percentile_window_s: int = 10
    """the trailing window of the `service.<name>.p95_ms` series"""
    max_signatures: int = 20_000
    """different (service, span name, kind); further ones count as `(other)`"""
    max_series: int = 2_000
    raw_s: int = 30 * 60
    """all spans and logs are kept this long; later only errors, the slowest, pinned traces and a sample"""
    keep_one_in: int = 20
    """of the older ordinary traces, one in this many is kept whole"""
    keep_slowest_percent: float = 1.0
    retention_every_s: float = 30.0
