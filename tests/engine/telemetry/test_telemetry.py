"""The whole path with the ordinary OpenTelemetry SDK: sent, asked, resumed, read back from the recorded run."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from opentelemetry._logs import LogRecord
from opentelemetry._logs.severity import SeverityNumber
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import Observation
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode

from engine.telemetry.disk.schema import FILE_NAME, TelemetryUnreadable
from engine.telemetry.records import Level, LogFilter, TraceFilter, Update
from engine.telemetry.telemetry import Telemetry, open_recorded

FOREVER = (0, 1 << 62)
REQUESTS = 20
Answer = TypeVar("Answer")


class ShiftedClock:
    """The system's clock, moved on by hand."""

    def __init__(self) -> None:
        self.ahead_ns = 0

    def wall_ns(self) -> int:
        return time.time_ns() + self.ahead_ns

    def monotonic_ns(self) -> int:
        return time.monotonic_ns() + self.ahead_ns


class Service:
    """One instrumented service."""

    def __init__(self, name: str, endpoint: str) -> None:
        resource = Resource.create({"service.name": name})
        to: dict[str, Any] = {"endpoint": f"http://{endpoint}", "insecure": True, "timeout": 5}
        self._traces = TracerProvider(resource=resource)
        self._traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(**to)))
        self._logs = LoggerProvider(resource=resource)
        self._logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(**to)))
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(**to), export_interval_millis=60_000)
        self._metrics = MeterProvider(resource=resource, metric_readers=[reader])
        self.tracer = self._traces.get_tracer(name)
        self.meter = self._metrics.get_meter(name)

    def log(self, body: str, severity: SeverityNumber, **attributes: Any) -> None:
        record = LogRecord(
            timestamp=time.time_ns(), severity_number=severity, body=body, attributes=attributes
        )
        self._logs.get_logger("app").emit(record)

    def close(self) -> None:
        for provider in (self._traces, self._logs, self._metrics):
            provider.force_flush()
            provider.shutdown()


def _traffic(endpoint: str) -> None:
    """Twenty charges through two services and a database; the fourth fails."""
    gateway, billing = Service("gateway", endpoint), Service("billing", endpoint)
    pool = {"db.client.connection.pool.name": "billing"}
    used = {**pool, "db.client.connection.state": "used"}
    meter = billing.meter
    meter.create_observable_up_down_counter("db.client.connection.count", [lambda _: [Observation(4, used)]])
    meter.create_observable_up_down_counter("db.client.connection.max", [lambda _: [Observation(5, pool)]])
    tracer = billing.tracer
    for number in range(REQUESTS):
        with gateway.tracer.start_as_current_span("POST /charges", kind=SpanKind.SERVER) as root:
            root.set_attribute("customer", number)
            with gateway.tracer.start_as_current_span("POST", kind=SpanKind.CLIENT):
                with tracer.start_as_current_span("POST /price", kind=SpanKind.SERVER) as span:
                    for _ in range(2):
                        with tracer.start_as_current_span("SELECT billing", kind=SpanKind.CLIENT) as query:
                            query.set_attribute("db.system", "postgresql")
                            query.set_attribute("db.statement", "SELECT amount FROM prices")
                    severity = SeverityNumber.ERROR if number == 3 else SeverityNumber.INFO
                    billing.log(f"Charged customer {number}", severity, customer=number)
                    if number == 3:
                        span.record_exception(ValueError("no price"))
                        span.set_status(StatusCode.ERROR, "no price")
    gateway.close()
    billing.close()


def _asked(folder: Path, ask: Callable[[Telemetry, ShiftedClock], Awaitable[Answer]]) -> Answer:
    """What `ask` says of the traffic, once it has settled."""

    async def run() -> Answer:
        clock = ShiftedClock()
        async with Telemetry(folder, clock) as telemetry:
            await asyncio.to_thread(_traffic, telemetry.endpoint)
            await telemetry.settle()
            return await ask(telemetry, clock)

    return asyncio.run(run())


async def _check_traces(telemetry: Telemetry) -> None:
    queries = telemetry.queries
    page = await queries.list_traces(TraceFilter(), *FOREVER, limit=8)
    assert (len(page.traces), page.total, page.matched) == (8, REQUESTS, REQUESTS)
    assert page.traces[0].entry == "POST /charges"
    assert page.traces[0].services == ("gateway", "billing")
    assert page.traces[0].spans == 5
    seen = [t.trace_id for t in page.traces]
    while page.next:
        page = await queries.list_traces(TraceFilter(), *FOREVER, limit=8, before=page.next)
        seen += [t.trace_id for t in page.traces]
    assert len(seen) == len(set(seen)) == REQUESTS
    for query, count in {
        "status:error": 1,
        "-status:error": 19,
        "service:billing route:/price": 20,
        "service:ledger": 0,
        "route:SELECT": 0,
        "name:SELECT": 20,
        "attr.customer=7": 1,
        "attr.customer:>=18 OR status:error": 3,
        "duration:>1m": 0,
        "spans:5 POST": 20,
        f"trace:{seen[0][:12]}": 1,
    }.items():
        assert len((await queries.list_traces(TraceFilter(query), *FOREVER)).traces) == count, query
    narrowed = TraceFilter(service="billing", route="/charges", errors_only=True)
    (failed,) = (await queries.list_traces(narrowed, *FOREVER)).traces
    trace = await queries.trace(failed.trace_id)
    assert trace is not None
    assert trace.spans.names == ("POST /charges", "POST", "POST /price", "SELECT billing", "SELECT billing")
    assert trace.spans.parent_index.tolist() == [-1, 0, 1, 2, 2]
    assert trace.spans.statuses.tolist()[2] == 2
    root, price = await queries.spans(failed.trace_id, [trace.spans.span_ids[0], trace.spans.span_ids[2]])
    assert root.attributes["customer"] == 3
    assert (price.status, price.status_message) == (2, "no price")
    assert price.events[0].attributes["exception.message"] == "no price"
    assert trace.spans.titles[3:] == ("SELECT prices", "SELECT prices")
    assert trace.spans.places[2:4] == ("billing", "postgres")
    assert trace.spans.alike[3] == trace.spans.alike[4] != trace.spans.alike[2]
    assert json.loads(await queries.otlp_json(failed.trace_id))["resourceSpans"]
    (line,) = trace.logs
    assert (line.body, line.level, line.span_id) == (
        "Charged customer 3",
        Level.ERROR,
        trace.spans.span_ids[2],
    )
    assert trace.summary.errors == 1
    assert await queries.trace("0" * 32) is None
    assert await queries.trace("no id") is None
    points = await queries.scatter(TraceFilter(), *FOREVER, max_points=10)
    assert (len(points.trace_ids), points.dropped, int(points.error.sum())) == (10, 10, 1)
    assert (np.diff(points.start_ns) >= 0).all()


async def _check_logs(telemetry: Telemetry) -> None:
    queries = telemetry.queries
    for query, count in {
        "charged": 20,
        '"customer 1"': 11,
        "level:error": 1,
        "level:>=info service:billing": 20,
        "service:gateway": 0,
        "attr.customer=7": 1,
        "attr.customer:>=18 OR level:error": 3,
        '-"customer 1"': 9,
        "attr.logger=app": 20,
    }.items():
        assert len((await queries.logs(LogFilter(query), *FOREVER)).lines) == count, query
        assert (await queries.log_counts(LogFilter(query), *FOREVER, bins=4)).matched == count, query
    page = await queries.logs(LogFilter(), *FOREVER, limit=5)
    assert [line.body for line in page.lines[:2]] == ["Charged customer 19", "Charged customer 18"]
    assert page.more
    older = await queries.logs(LogFilter(), *FOREVER, limit=50, before=page.lines[-1].id)
    newer = await queries.logs(LogFilter(), *FOREVER, after=page.lines[-1].id)
    assert (len(older.lines), len(newer.lines)) == (15, 4)
    counts = await queries.log_counts(LogFilter(min_level=Level.ERROR), *FOREVER, bins=2)
    assert counts.counts.sum() == 1


def test_that_what_the_sdk_sends_can_be_asked_for(tmp_path: Path) -> None:
    async def ask(telemetry: Telemetry, clock: ShiftedClock) -> None:
        await _check_traces(telemetry)
        await _check_logs(telemetry)
        counters = telemetry.counters()
        assert (counters.spans, counters.log_lines) == (100, 20)
        assert counters.metric_points >= 2
        assert counters.dropped_spans + counters.dropped_log_lines + counters.not_written_batches == 0

    _asked(tmp_path, ask)


def test_that_a_recorded_run_answers_as_the_live_one_did(tmp_path: Path) -> None:
    async def live(telemetry: Telemetry, clock: ShiftedClock) -> Any:
        clock.ahead_ns = 20 * 10**9
        await telemetry.settle()
        assert telemetry.series.latest("service.billing.pool_percent") is not None
        return telemetry.series.read(telemetry.series.names(), 0, 1 << 40), telemetry.counters()

    series, counters = _asked(tmp_path, live)

    async def recorded() -> None:
        with open_recorded(tmp_path) as run:
            await _check_traces(run)  # type: ignore[arg-type]
            await _check_logs(run)  # type: ignore[arg-type]
            for name, expected in run.series.read(tuple(series), 0, 1 << 40).items():
                first, last = series[name].at_s[[0, -1]]
                known = (expected.at_s >= first) & (expected.at_s <= last)
                assert np.array_equal(expected.values[known], series[name].values, equal_nan=True), name
            assert run.counters().spans == counters.spans
            edges = {(e.source, e.target) for e in (await run.queries.service_map(3600)).edges}
            assert edges == {("clients", "gateway"), ("gateway", "billing"), ("billing", "postgres")}
            assert sum(r.requests for r in await run.queries.routes(0, 1 << 40)) == 2 * REQUESTS

    asyncio.run(recorded())


def test_that_services_get_series_and_a_map_of_measured_calls(tmp_path: Path) -> None:
    async def ask(telemetry: Telemetry, clock: ShiftedClock) -> None:
        clock.ahead_ns = 5 * 10**9
        await telemetry.settle()
        requests = telemetry.series.read(["service.gateway.requests_per_s"], 0, 1 << 40)
        assert np.nansum(requests["service.gateway.requests_per_s"].values) == REQUESTS
        errors = telemetry.series.read(["service.billing.errors_per_s"], 0, 1 << 40)
        assert np.nansum(errors["service.billing.errors_per_s"].values) == 1
        queries = telemetry.series.latest("service.billing.queries_per_request")
        assert queries is not None
        assert queries[1] == 2.0
        pool = telemetry.series.latest("service.billing.pool_percent")
        assert pool is not None
        assert pool[1] == 80.0
        found = await telemetry.queries.service_map(60)
        assert {n.name for n in found.nodes} == {"gateway", "billing", "postgres"}
        calls = {(e.source, e.target): (round(e.calls_per_s * 60), e.calls_per_request) for e in found.edges}
        assert calls["gateway", "billing"] == (REQUESTS, 1.0)
        assert calls["billing", "postgres"] == (2 * REQUESTS, 2.0)
        assert calls["clients", "gateway"][0] == REQUESTS
        routes = await telemetry.queries.routes(0, 1 << 40)
        assert {(r.service, r.route, r.requests, r.errors) for r in routes} == {
            ("gateway", "POST /charges", REQUESTS, 0),
            ("billing", "POST /price", REQUESTS, 1),
        }

    _asked(tmp_path, ask)


def test_that_a_run_is_gone_on_with(tmp_path: Path) -> None:
    async def first(telemetry: Telemetry, clock: ShiftedClock) -> str:
        telemetry.series.add("drift.net_cents", 1_700_000_000, 3.0)
        return (await telemetry.queries.list_traces(TraceFilter("status:error"), *FOREVER)).traces[0].trace_id

    trace_id = _asked(tmp_path, first)

    async def second(telemetry: Telemetry, clock: ShiftedClock) -> None:
        assert telemetry.series.latest("drift.net_cents") == (1_700_000_000, 3.0)
        assert telemetry.counters().spans == 200
        page = await telemetry.queries.list_traces(TraceFilter(), *FOREVER)
        assert page.total == 2 * REQUESTS
        trace = await telemetry.queries.trace(trace_id)
        assert trace is not None
        assert len(trace.logs) == 1
        lines = (await telemetry.queries.logs(LogFilter("charged"), *FOREVER, limit=100)).lines
        assert len({line.id for line in lines}) == 2 * REQUESTS

    _asked(tmp_path, second)


def test_that_a_follower_hears_of_new_points(tmp_path: Path) -> None:
    async def run() -> Update:
        async with Telemetry(tmp_path, ShiftedClock()) as telemetry:
            updates = telemetry.feed.follow(["drift.net_cents"], every_s=0.01)
            telemetry.series.add("other", 1_700_000_000, 1.0)
            change = telemetry.series.changes
            updates = telemetry.feed.follow(["drift.net_cents"], change, every_s=0.01)
            telemetry.series.add("drift.net_cents", 1_700_000_001, 2.0)
            return await anext(updates)

    update = asyncio.run(run())
    (series,) = update.series
    assert (series.name, series.at_s.tolist(), series.values.tolist()) == (
        "drift.net_cents",
        [1_700_000_001],
        [2.0],
    )


def test_that_the_file_opens_in_any_sqlite_tool(tmp_path: Path) -> None:
    async def nothing(telemetry: Telemetry, clock: ShiftedClock) -> None:
        return None

    _asked(tmp_path, nothing)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    assert connection.execute("SELECT count(*), sum(spans), sum(errors) FROM trace").fetchone() == (
        20,
        100,
        1,
    )
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"this is no database, whatever its name" * 100, "damaged"), (None, "There is no recorded telemetry")],
)
def test_that_a_file_that_is_none_is_refused_and_left_alone(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / FILE_NAME
    if content is not None:
        path.write_bytes(content)
        with pytest.raises(TelemetryUnreadable, match=said):
            asyncio.run(Telemetry(tmp_path, ShiftedClock()).__aenter__())
    with pytest.raises(TelemetryUnreadable, match=said):
        open_recorded(tmp_path)
    assert content is None or path.read_bytes() == content


@pytest.mark.parametrize(
    ("statement", "said"),
    [("PRAGMA user_version = 99", "newer version"), ("PRAGMA application_id = 7", "not a telemetry file")],
)
def test_that_a_newer_or_foreign_file_is_refused_and_left_alone(
    tmp_path: Path, statement: str, said: str
) -> None:
    asyncio.run(_empty_run(tmp_path))
    connection = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    connection.execute(statement)
    connection.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(TelemetryUnreadable, match=said):
        asyncio.run(Telemetry(tmp_path, ShiftedClock()).__aenter__())
    with pytest.raises(TelemetryUnreadable, match=said):
        open_recorded(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_that_damage_inside_the_file_is_told_and_the_file_left_alone(tmp_path: Path) -> None:
    asyncio.run(_empty_run(tmp_path))
    path = tmp_path / FILE_NAME
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(TelemetryUnreadable, match="damaged"):
        open_recorded(tmp_path)
    with pytest.raises(TelemetryUnreadable, match="damaged"):
        asyncio.run(Telemetry(tmp_path, ShiftedClock()).__aenter__())
    assert path.read_bytes() == content


async def _empty_run(folder: Path) -> None:
    async with Telemetry(folder, ShiftedClock()):
        pass
