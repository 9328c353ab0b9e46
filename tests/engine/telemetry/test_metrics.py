"""Metrics: points become series, and pools become percent."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality, Metric

from engine.telemetry.metrics.catalogue import Catalogue, MetricSeries
from engine.telemetry.metrics.distribution import explicit, exponential
from engine.telemetry.metrics.points import Metrics, Taken
from engine.telemetry.metrics.series import SeriesStore

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


class Exporter:
    """Sends one metric of billing, again and again, with more each time."""

    def __init__(self) -> None:
        self.series, self.catalogue = SeriesStore(), Catalogue()
        self.metrics = Metrics(self.series, self.catalogue)

    def send(self, build: Callable[[Metric], None], **told: str) -> Taken:
        request = ExportMetricsServiceRequest()
        resource = request.resource_metrics.add()
        name = resource.resource.attributes.add(key="service.name")
        name.value.string_value = "billing"
        metric = resource.scope_metrics.add().metrics.add(**told)
        build(metric)
        return self.metrics.take(request, NOW_NS)

    def newest(self, name: str) -> float:
        latest = self.series.latest(name)
        assert latest is not None, name
        return latest[1]


def test_that_a_counter_has_its_rate_and_begins_anew_after_a_restart() -> None:
    exporter = Exporter()
    for at_s, value in ((0, 100), (2, 130), (4, 6)):

        def build(metric: Metric, at_s: int = at_s, value: int = value) -> None:
            metric.sum.is_monotonic = True
            metric.sum.aggregation_temporality = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE
            metric.sum.data_points.add(time_unix_nano=NOW_NS + at_s * 10**9, as_int=value)

        exporter.send(build, name="jobs")
    rates = exporter.series.values("metric.billing.jobs|per_s", NOW_NS // 10**9, NOW_NS // 10**9 + 5)
    assert rates[[2, 4]].tolist() == [15.0, 3.0]
    assert exporter.newest("metric.billing.jobs") == 6


def test_that_a_counter_of_differences_is_summed_up() -> None:
    exporter = Exporter()
    for at_s, value in ((0, 4), (1, 10)):

        def build(metric: Metric, at_s: int = at_s, value: int = value) -> None:
            metric.sum.is_monotonic = True
            metric.sum.aggregation_temporality = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA
            metric.sum.data_points.add(time_unix_nano=NOW_NS + at_s * 10**9, as_int=value)

        exporter.send(build, name="jobs")
    assert (exporter.newest("metric.billing.jobs"), exporter.newest("metric.billing.jobs|per_s")) == (14, 10)


def test_that_a_histogram_has_the_percentiles_of_its_last_interval_in_milliseconds() -> None:
    exporter = Exporter()
    for at_s, counts, total in ((0, (50, 0, 0, 1), 9.0), (5, (50, 90, 10, 1), 20.0)):

        def build(metric: Metric, at_s: int = at_s, counts: Any = counts, total: float = total) -> None:
            point = metric.histogram.data_points.add(time_unix_nano=NOW_NS + at_s * 10**9, sum=total)
            point.explicit_bounds.extend((0.1, 0.2, 0.4))
            point.bucket_counts.extend(counts)

        exporter.send(build, name="http.server.request.duration", unit="s", description="How long")
    base = "metric.billing.http.server.request.duration"
    figures = {part: exporter.newest(f"{base}|{part}") for part in ("p50", "p95", "mean", "per_s")}
    assert figures == pytest.approx({"p50": 155.6, "p95": 300.0, "mean": 110.0, "per_s": 20.0}, abs=0.1)
    (entry,) = [one for one in exporter.catalogue.entries(exporter.series.names()) if one.kind == "histogram"]
    assert (entry.unit, entry.sent_unit, entry.text) == ("ms", "s", "How long")
    assert entry.series == (MetricSeries(base, {"service": "billing"}),)


def test_that_what_cannot_be_charted_is_counted_apart_from_losses() -> None:
    exporter = Exporter()

    def summary(metric: Metric) -> None:
        metric.summary.data_points.add(count=3)

    def odd(metric: Metric) -> None:
        metric.histogram.data_points.add(bucket_counts=[1, 2], explicit_bounds=[1.0, 2.0, 3.0])

    assert exporter.send(summary, name="s").unread == 1
    assert exporter.send(odd, name="h").unread == 1


numbers = st.integers(0, 50)


@given(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), max_size=8, unique=True),
    st.lists(numbers, max_size=9),
    st.floats(0, 1),
)
def test_that_a_quantile_lies_within_the_bounds_of_its_bucket(
    bounds: list[float], counts: list[int], q: float
) -> None:
    found = explicit(sorted(bounds), counts, 1.0)
    if found is None:
        assert len(counts) not in (0, len(bounds) + 1)
        return
    (value,) = found.quantiles((q,))
    if not sum(counts):
        assert math.isnan(value)
        return
    place = int(np.searchsorted(np.cumsum(found.counts), max(q * sum(counts), 1e-9)))
    low, high = found.bounds[place], found.bounds[place + 1]
    assert low - 1e-6 <= value <= high + 1e-6 or not math.isfinite(low)


@given(st.integers(-12, 22), st.integers(-2000, 2000), st.lists(numbers, max_size=20), numbers)
def test_that_exponential_buckets_of_any_scale_give_numbers(
    scale: int, offset: int, counts: list[int], zeros: int
) -> None:
    found = exponential(scale, zeros, (offset, counts), (offset, counts), 0.0)
    if found is not None and found.count:
        assert not any(math.isnan(value) for value in found.quantiles((0.0, 0.5, 0.99, 1.0)))


def test_that_exponential_buckets_are_read_as_powers() -> None:
    found = exponential(0, 2, (0, ()), (1, (4, 4)), 40.0)
    assert found is not None
    assert found.bounds.tolist() == [0.0, 2.0, 4.0, 8.0]
    assert found.quantiles((0.2, 0.4, 1.0)) == (2.0, 3.0, 8.0)


def test_that_measured_series_tell_themselves_by_their_names() -> None:
    names = (
        "service.orders.p95_ms",
        "service.billing.p95_ms",
        "drift.absolute_cents",
        "metric.a.q{k=v,x=1,2}",
    )
    found = {entry.name: entry for entry in Catalogue().entries(names)}
    assert [dict(one.attributes) for one in found["service.p95_ms"].series] == [
        {"service": "billing"},
        {"service": "orders"},
    ]
    assert (found["service.p95_ms"].unit, found["drift.absolute_cents"].unit) == ("ms", "cents")
    assert dict(found["q"].series[0].attributes) == {"service": "a", "k": "v", "x": "1,2"}
