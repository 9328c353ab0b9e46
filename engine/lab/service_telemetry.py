"""The OpenTelemetry set-up of a service, as any team would have it: traces, metrics and logs by OTLP/gRPC.

Imports nothing of ours but its sibling for the disk: it runs inside services. Called after the fork, since exporters
have threads and channels.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import sqlalchemy.event
from anyio import CapacityLimiter
from opentelemetry import metrics, trace
from opentelemetry._logs import LogRecord, SeverityNumber, set_logger_provider
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from sqlalchemy.engine import Engine

from engine.lab.service_disk import DataFolder, ServiceLog

_BATCH_DELAY_MS = 500
_METRICS_EVERY_MS = 1000
_EXPORT_TIMEOUT_S = 2
_SPAN_KEY = "service.span"


class Telemetry:
    """What a service exports; `flush` before the process ends."""

    def __init__(self, name: str, version: str, endpoint: str, folder: Path) -> None:
        resource = Resource.create({"service.name": name, "service.version": version})
        to: dict[str, Any] = {"endpoint": endpoint, "insecure": True, "timeout": _EXPORT_TIMEOUT_S}
        self._traces = TracerProvider(resource=resource)
        self._traces.add_span_processor(_Origins(name, folder))
        self._traces.add_span_processor(
            BatchSpanProcessor(OTLPSpanExporter(**to), schedule_delay_millis=_BATCH_DELAY_MS)
        )
        trace.set_tracer_provider(self._traces)
        self._logs = LoggerProvider(resource=resource)
        self._logs.add_log_record_processor(
            BatchLogRecordProcessor(OTLPLogExporter(**to), schedule_delay_millis=_BATCH_DELAY_MS)
        )
        set_logger_provider(self._logs)
        reader = PeriodicExportingMetricReader(
            OTLPMetricExporter(**to), export_interval_millis=_METRICS_EVERY_MS
        )
        self._metrics = MeterProvider(resource=resource, metric_readers=[reader])
        metrics.set_meter_provider(self._metrics)
        logging.getLogger().addHandler(_OtlpHandler(self._logs))
        _measure_pools()
        SQLAlchemyInstrumentor().instrument(skip_dep_check=True)
        HTTPXClientInstrumentor().instrument(skip_dep_check=True)

    def flush(self, timeout_s: float) -> None:
        """Send what is waiting, the three signals side by side, for at most `timeout_s`."""
        providers = (self._traces, self._logs, self._metrics)
        senders = [
            threading.Thread(target=p.force_flush, args=(int(timeout_s * 1000),), name="telemetry flush")
            for p in providers
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(timeout_s)


class _Origins(SpanProcessor):
    """Says of each statement and outgoing call which line of the service's own source it comes from."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._begin = f"{folder}{os.sep}"

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Look for the innermost frame of the service's own."""
        if span.kind is not trace.SpanKind.CLIENT:
            return
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and not frame.f_code.co_filename.startswith(self._begin):
            frame = frame.f_back
        if frame is not None:
            path = frame.f_code.co_filename.removeprefix(self._begin).replace(os.sep, "/")
            span.set_attributes(
                {
                    "code.file.path": f"{self._name}/{path}",
                    "code.function.name": frame.f_code.co_qualname,
                    "code.line.number": frame.f_lineno,
                }
            )


class _OtlpHandler(logging.Handler):
    """Sends logging records as OTLP log records; the current span's context gives them their trace id."""

    def __init__(self, provider: LoggerProvider) -> None:
        super().__init__()
        self._provider = provider

    def emit(self, record: logging.LogRecord) -> None:
        """Hand one record to the batch processor."""
        attributes: dict[str, Any] = {
            "code.file.path": record.pathname,
            "code.function.name": record.funcName,
            "code.line.number": record.lineno,
        }
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            attributes["exception.type"] = type(error).__name__
            attributes["exception.message"] = str(error)
            attributes["exception.stacktrace"] = "".join(traceback.format_exception(error))
        self._provider.get_logger(record.name).emit(
            LogRecord(
                timestamp=int(record.created * 1e9),
                severity_text=record.levelname,
                severity_number=SeverityNumber(min(21, record.levelno // 10 * 4 + 1)),
                body=record.getMessage(),
                attributes=attributes,
            )
        )


class _TraceIdFilter(logging.Filter):
    """Gives a record the `trace_id` that the text format prints."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; adds the id of the current span's trace, or a dash."""
        context = trace.get_current_span().get_span_context()
        record.trace_id = f"{context.trace_id:032x}" if context.is_valid else "-"
        return True


def in_text(handler: logging.Handler) -> None:
    """Let a handler write records as one line of text each, with the trace id."""
    handler.addFilter(_TraceIdFilter())
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s trace=%(trace_id)s %(message)s")
    )


def log_to_stderr() -> None:
    """The service's text log: level INFO, one line a record, with the trace id."""
    handler = logging.StreamHandler(sys.stderr)
    in_text(handler)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "uvicorn.error", "uvicorn.access", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # An exporter's own complaints must not be exported: each would cause the next.
    exporters = logging.getLogger("opentelemetry")
    exporters.setLevel(logging.ERROR)
    exporters.propagate = False
    exporters.addHandler(handler)


def instrument(app: Any) -> None:
    """Trace a FastAPI application: one server span a request, none for health checks."""

    def keep_span(span: trace.Span, scope: dict[str, Any]) -> None:
        scope[_SPAN_KEY] = span

    FastAPIInstrumentor.instrument_app(
        app, excluded_urls="/health$", exclude_spans=["receive", "send"], server_request_hook=keep_span
    )


def log_failed_request(scope: dict[str, Any], error: BaseException) -> None:
    """Log an exception that left the application, under the trace of its request (its span has just ended)."""
    span = scope.get(_SPAN_KEY, trace.INVALID_SPAN)
    with trace.use_span(span):
        logging.getLogger("service").error(
            "%s %s failed: %s", scope.get("method"), scope.get("path"), error, exc_info=error
        )


def measure_disk(data: DataFolder, log: ServiceLog) -> None:
    """Observe how full the service's folder is, and what its log could not do."""

    def usage(options: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
        yield metrics.Observation(data.used_percent)

    def failures(options: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
        yield metrics.Observation(log.failures)

    def rotation_failures(options: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
        yield metrics.Observation(log.rotation_failures)

    meter = metrics.get_meter("service.disk")
    meter.create_observable_gauge("service.disk.usage", [usage], "%")
    meter.create_observable_counter("service.log.failures", [failures], "{line}")
    meter.create_observable_counter("service.log.rotation_failures", [rotation_failures], "{rotation}")


def measure_workers(limiter: CapacityLimiter) -> None:
    """Observe how many of the threads for blocking handlers are busy. Read off by the exporter's own thread, so that
    it is told also when all of them are stuck."""

    def usage(options: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
        yield metrics.Observation(100.0 * limiter.borrowed_tokens / limiter.total_tokens)

    metrics.get_meter("service.workers").create_observable_gauge("service.workers.usage", [usage], "%")


def _measure_pools() -> None:
    """Observe every SQLAlchemy engine's pool: connections used and idle, the most there may be, percent in use."""
    names: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()

    def remember(connection: Any) -> None:
        engine = connection.engine
        if engine.pool not in names:
            names[engine.pool] = f"{engine.url.database}-{len(names) + 1}"

    sqlalchemy.event.listen(Engine, "engine_connect", remember)

    def counts(options: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
        for name, used, idle, _most in _pool_figures(names):
            yield metrics.Observation(used, {**name, "db.client.connection.state": "used"})
            yield metrics.Observation(idle, {**name, "db.client.connection.state": "idle"})

    def most(options: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
        for name, _used, _idle, limit in _pool_figures(names):
            yield metrics.Observation(limit, name)

    def usage(options: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
        for name, used, _idle, limit in _pool_figures(names):
            yield metrics.Observation(100.0 * used / limit, name)

    meter = metrics.get_meter("service.pool")
    meter.create_observable_up_down_counter("db.client.connection.count", [counts], "{connection}")
    meter.create_observable_up_down_counter("db.client.connection.max", [most], "{connection}")
    meter.create_observable_gauge("db.client.connection.usage", [usage], "%")


def _pool_figures(names: Mapping[Any, str]) -> Iterable[tuple[dict[str, str], int, int, int]]:
    """(attributes, used, idle, most) of each pool that counts at all; a NullPool does not."""
    for pool, name in list(names.items()):
        if hasattr(pool, "checkedout") and hasattr(pool, "size"):
            most = pool.size() + max(0, getattr(pool, "_max_overflow", 0))
            yield {"db.client.connection.pool.name": name}, pool.checkedout(), pool.checkedin(), max(1, most)
