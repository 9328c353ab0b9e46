"""OTLP metrics become series: gauges as they are, counters also as rates, histograms as percentiles.

Database pools and workers become `service.<name>.pool_percent` and `.workers_percent`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality, Metric, NumberDataPoint

from engine.telemetry.metrics.catalogue import OTLP, PART, Catalogue, MetricKind
from engine.telemetry.metrics.distribution import Distribution, explicit, exponential
from engine.telemetry.metrics.exemplars import Exemplar, Exemplars
from engine.telemetry.metrics.series import SeriesStore
from engine.telemetry.wire.attributes import decoded, service_of

_COUNTS = ("db.client.connection.count", "db.client.connections.usage")
_LIMITS = ("db.client.connection.max", "db.client.connections.max")
_PERCENTS = ("db.client.connection.usage", "db.client.connection.pool_percent", "pool_percent")
_STATES = ("db.client.connection.state", "state")
_POOLS = ("db.client.connection.pool.name", "pool.name")
_LONGEST_NAME = 200
_MAX_SKEW_S = 600
_MOST_NAMES = 20_000
_TRACE_ID_BYTES = 16
_WORKERS = "service.workers.usage"
_QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
_SCALES = {"s": 1000.0, "us": 0.001, "µs": 0.001, "ns": 1e-6, "By": 1e-6}
"""To the units of charts: milliseconds and megabytes."""

Pool = tuple[str, str]
"""service and pool"""


@dataclass(slots=True)
class Taken:
    """What became of the points of an export: a series, one too many, of a kind or shape that cannot be charted."""

    kept: int = 0
    dropped: int = 0
    unread: int = 0


@dataclass(slots=True)
class _Before:
    """The point before of one series."""

    at_ns: int
    value: float = 0.0
    values: Distribution | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    """Whose metric it is, and how its values are scaled."""

    service: str
    metric: Metric
    scale: float


class Metrics:
    """Fills the series store and the catalogue."""

    def __init__(self, series: SeriesStore, catalogue: Catalogue | None = None) -> None:
        self.exemplars = Exemplars()
        self._series = series
        self._catalogue = catalogue or Catalogue()
        self._limits: dict[Pool, float] = {}
        self._before: dict[str, _Before] = {}
        self._names: dict[tuple[str, str, bytes], str] = {}

    def take(self, request: ExportMetricsServiceRequest, now_ns: int) -> Taken:
        """Take one export in."""
        taken = Taken()
        for resource in request.resource_metrics:
            service = service_of(resource.resource.SerializeToString())
            pools = _Pools(self._limits, service)
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    self._take_metric(_Source(service, metric, _SCALES.get(metric.unit, 1.0)), now_ns, taken)
                    pools.take(metric.name, _numbers(metric))
            if (percent := pools.percent()) is not None:
                self._series.add(f"service.{service}.pool_percent", _second(pools.at_ns, now_ns), percent)
        return taken

    def _take_metric(self, source: _Source, now_ns: int, taken: Taken) -> None:
        metric = source.metric
        kind = metric.WhichOneof("data")
        points: Sequence[Any] = getattr(metric, kind).data_points if kind else ()
        for point in points:
            if kind == "gauge":
                kept = self._take_gauge(source, point, now_ns)
            elif kind == "sum":
                kept = self._take_sum(source, point, now_ns)
            else:
                values = _distribution(kind, point)
                if values is None:
                    taken.unread += 1
                    continue
                kept = self._take_histogram(source, point, values, now_ns)
            taken.kept += kept
            taken.dropped += not kept

    def _take_gauge(self, source: _Source, point: NumberDataPoint, now_ns: int) -> bool:
        second = _second(point.time_unix_nano, now_ns)
        if source.metric.name == _WORKERS:
            return self._series.add(f"service.{source.service}.workers_percent", second, _value(point))
        name = self._named(source, MetricKind.GAUGE, point.attributes)
        return self._series.add(name, second, _value(point) * source.scale)

    def _take_sum(self, source: _Source, point: NumberDataPoint, now_ns: int) -> bool:
        told, second = source.metric.sum, _second(point.time_unix_nano, now_ns)
        if not told.is_monotonic:
            return self._take_gauge(source, point, now_ns)
        name = self._named(source, MetricKind.COUNTER, point.attributes)
        before = self._before.get(name)
        value = _value(point)
        is_delta = told.aggregation_temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA
        grown = value if is_delta else _grown(value, before)
        total = value if not is_delta else value + (before.value if before else 0.0)
        if before is not None and point.time_unix_nano > before.at_ns:
            seconds = (point.time_unix_nano - before.at_ns) / 1e9
            self._series.add(f"{name}{PART}per_s", second, grown / seconds)
        self._before[name] = _Before(point.time_unix_nano, total)
        return self._series.add(name, second, total)

    def _take_histogram(self, source: _Source, point: Any, values: Distribution, now_ns: int) -> bool:
        kind = source.metric.WhichOneof("data")
        told = getattr(source.metric, kind or "")
        name, second = (
            self._named(source, MetricKind.HISTOGRAM, point.attributes),
            _second(point.time_unix_nano, now_ns),
        )
        self.exemplars.add(name, _exemplars(point, source.scale, now_ns))
        before = self._before.get(name)
        is_delta = told.aggregation_temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA
        self._before[name] = _Before(point.time_unix_nano, values=values)
        if before is None and not is_delta:
            # What an exporter counted before it was heard first has no time of its own.
            return True
        fresh = values if is_delta else values.since(before.values if before else None)
        parts = dict(zip(_QUANTILES, fresh.quantiles(tuple(_QUANTILES.values())), strict=True))
        parts["mean"] = fresh.mean()
        kept = [
            self._series.add(f"{name}{PART}{part}", second, value * source.scale)
            for part, value in parts.items()
        ]
        began_ns = before.at_ns if before else point.start_time_unix_nano
        if point.time_unix_nano > began_ns > 0:
            seconds = (point.time_unix_nano - began_ns) / 1e9
            kept.append(self._series.add(f"{name}{PART}per_s", second, fresh.count / seconds))
        return all(kept)

    def _named(self, source: _Source, kind: MetricKind, pairs: Sequence[KeyValue]) -> str:
        """The series of a point without its part; the catalogue learns it. The same attributes are decoded once."""
        metric = source.metric
        key = (source.service, metric.name, b"".join([pair.SerializeToString() for pair in pairs]))
        known = self._names.get(key)
        if known is not None:
            return known
        attributes = {key: str(value) for key, value in sorted(decoded(pairs).items())}
        name = f"{OTLP}{source.service}.{metric.name}{_labels(attributes)}"[:_LONGEST_NAME]
        told = {"service": source.service, **attributes}
        self._catalogue.note(metric.name, kind, metric.unit, metric.description, name, told)
        if len(self._names) >= _MOST_NAMES:
            self._names.clear()
        self._names[key] = name
        return name


class _Pools:
    """The pools of one service in one export: used against the most there may be, over all of them."""

    def __init__(self, limits: dict[Pool, float], service: str) -> None:
        self.at_ns = 0
        self._service = service
        self._limits = limits
        self._used: dict[Pool, float] = {}
        self._percents: list[float] = []

    def take(self, metric: str, points: Sequence[NumberDataPoint]) -> None:
        """Look whether a metric is about pools."""
        if metric not in (*_COUNTS, *_LIMITS, *_PERCENTS):
            return
        for point in points:
            self.at_ns = max(self.at_ns, point.time_unix_nano)
            attributes = decoded(point.attributes)
            pool = self._service, str(_first(attributes.get(key) for key in _POOLS))
            if metric in _PERCENTS:
                self._percents.append(_value(point))
            elif metric in _LIMITS:
                self._limits[pool] = _value(point)
            elif _first(attributes.get(key) for key in _STATES) == "used":
                self._used[pool] = self._used.get(pool, 0.0) + _value(point)

    def percent(self) -> float | None:
        """Of all connections that the service may open, the share in use; None where that is not told."""
        known = {pool: used for pool, used in self._used.items() if self._limits.get(pool, 0.0) > 0}
        if known:
            return 100.0 * sum(known.values()) / sum(self._limits[pool] for pool in known)
        return max(self._percents) if self._percents else None


def _first(values: Iterable[object]) -> object:
    return next((value for value in values if value is not None), "")


def _numbers(metric: Metric) -> Sequence[NumberDataPoint]:
    kind = metric.WhichOneof("data")
    if kind == "gauge":
        return metric.gauge.data_points
    return metric.sum.data_points if kind == "sum" else ()


def _distribution(kind: str | None, point: Any) -> Distribution | None:
    if kind == "histogram":
        return explicit(tuple(point.explicit_bounds), tuple(point.bucket_counts) or (point.count,), point.sum)
    if kind == "exponential_histogram":
        negative, positive = point.negative, point.positive
        return exponential(
            point.scale,
            point.zero_count,
            (negative.offset, tuple(negative.bucket_counts)),
            (positive.offset, tuple(positive.bucket_counts)),
            point.sum,
        )
    return None


def _exemplars(point: Any, scale: float, now_ns: int) -> Iterable[Exemplar]:
    """Those of a histogram's point that name a trace; of a clock that is off they count now."""
    for one in point.exemplars:
        value = one.as_int if one.WhichOneof("value") == "as_int" else one.as_double
        is_near = math.fabs(one.time_unix_nano - now_ns) <= _MAX_SKEW_S * 1e9
        if len(one.trace_id) == _TRACE_ID_BYTES and math.isfinite(value):
            yield Exemplar(one.time_unix_nano if is_near else now_ns, value * scale, one.trace_id.hex())


def _grown(value: float, before: _Before | None) -> float:
    """How much a counter grew; one that fell began anew."""
    if before is None:
        return 0.0
    return value - before.value if value >= before.value else value


def _value(point: NumberDataPoint) -> float:
    return float(point.as_int) if point.WhichOneof("value") == "as_int" else float(point.as_double)


def _second(at_ns: int, now_ns: int) -> int:
    at_s, now_s = at_ns // 1_000_000_000, now_ns // 1_000_000_000
    return at_s if math.fabs(at_s - now_s) <= _MAX_SKEW_S else now_s


def _labels(attributes: Mapping[str, str]) -> str:
    if not attributes:
        return ""
    return "{" + ",".join(f"{key}={value}" for key, value in attributes.items()) + "}"
