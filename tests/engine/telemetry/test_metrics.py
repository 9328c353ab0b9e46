"""Metrics: points become series, and pools become percent."""

from __future__ import annotations

from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from engine.telemetry.metrics import Metrics
from engine.telemetry.series import SeriesStore

NOW_NS = 1_700_000_000 * 10**9


def _series(otlp: Any, *exports: list[Any]) -> SeriesStore:
    series = SeriesStore()
    metrics = Metrics(series)
    for specs in exports:
        metrics.take(ExportMetricsServiceRequest.FromString(otlp.metrics(specs)), NOW_NS)
    return series


def _pool(otlp: Any, state: str, value: float, pool: str = "billing-1") -> Any:
    attributes = {"db.client.connection.pool.name": pool, "db.client.connection.state": state}
    return otlp.Gauge("db.client.connection.count", value, is_sum=True, attributes=attributes)


def _most(otlp: Any, value: float, pool: str = "billing-1") -> Any:
    return otlp.Gauge("db.client.connection.max", value, attributes={"db.client.connection.pool.name": pool})


def test_that_gauges_and_sums_become_series_named_by_service_metric_and_attributes(otlp: Any) -> None:
    series = _series(
        otlp, [otlp.Gauge("queue", 3.0, attributes={"b": 2, "a": "x"}), otlp.Gauge("total", 5.0, is_sum=True)]
    )
    assert series.latest("metric.billing.queue{a=x,b=2}") == (1_700_000_000, 3.0)
    assert series.latest("metric.billing.total") == (1_700_000_000, 5.0)


def test_that_the_pool_percent_is_used_of_the_most_over_all_pools(otlp: Any) -> None:
    one = [_pool(otlp, "used", 3), _pool(otlp, "idle", 2), _most(otlp, 5)]
    assert _series(otlp, one).latest("service.billing.pool_percent") == (1_700_000_000, 60.0)
    two = [*one, _pool(otlp, "used", 0, "other"), _most(otlp, 5, "other")]
    assert _series(otlp, two).latest("service.billing.pool_percent") == (1_700_000_000, 30.0)


def test_that_a_limit_sent_once_is_remembered(otlp: Any) -> None:
    series = _series(otlp, [_most(otlp, 4)], [_pool(otlp, "used", 1)])
    assert series.latest("service.billing.pool_percent") == (1_700_000_000, 25.0)


def test_that_a_percent_gauge_is_taken_where_there_are_no_counts(otlp: Any) -> None:
    series = _series(otlp, [otlp.Gauge("db.client.connection.usage", 80.0)])
    assert series.latest("service.billing.pool_percent") == (1_700_000_000, 80.0)


def test_that_busy_workers_are_a_series_of_their_service(otlp: Any) -> None:
    series = _series(otlp, [otlp.Gauge("service.workers.usage", 75.0)])
    assert series.latest("service.billing.workers_percent") == (1_700_000_000, 75.0)


def test_that_without_a_limit_nothing_is_claimed(otlp: Any) -> None:
    assert _series(otlp, [_pool(otlp, "used", 1)]).latest("service.billing.pool_percent") is None


def test_that_a_point_of_a_clock_that_is_off_counts_now(otlp: Any) -> None:
    series = _series(otlp, [otlp.Gauge("queue", 1.0, at_ns=5)])
    assert series.latest("metric.billing.queue") == (1_700_000_000, 1.0)


def test_that_histograms_are_counted_apart_from_losses(otlp: Any) -> None:
    request = ExportMetricsServiceRequest()
    metric = request.resource_metrics.add().scope_metrics.add().metrics.add(name="http.server.duration")
    metric.histogram.data_points.add(count=3)
    assert Metrics(SeriesStore()).take(request, NOW_NS) == (0, 0, 1)
