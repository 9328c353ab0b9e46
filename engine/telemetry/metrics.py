"""OTLP metrics: gauges and sums become series; database pools and workers become `service.<name>.pool_percent` and
`.workers_percent`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric, NumberDataPoint

from engine.telemetry.attributes import decoded, service_of
from engine.telemetry.series import SeriesStore

_COUNTS = ("db.client.connection.count", "db.client.connections.usage")
_LIMITS = ("db.client.connection.max", "db.client.connections.max")
_PERCENTS = ("db.client.connection.usage", "db.client.connection.pool_percent", "pool_percent")
_STATES = ("db.client.connection.state", "state")
_POOLS = ("db.client.connection.pool.name", "pool.name")
_LONGEST_NAME = 200
_MAX_SKEW_S = 600
_WORKERS = "service.workers.usage"

Pool = tuple[str, str]
"""service and pool"""


class Metrics:
    """Fills the series store."""

    def __init__(self, series: SeriesStore) -> None:
        self._series = series
        self._limits: dict[Pool, float] = {}

    def take(self, request: ExportMetricsServiceRequest, now_ns: int) -> tuple[int, int, int]:
        """Take one export in; how many of its points became series, met a limit, and are of kinds not charted."""
        taken = dropped = unread = 0
        for resource in request.resource_metrics:
            service = service_of(resource.resource.SerializeToString())
            pools = _Pools(self._limits, service)
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    points = _points(metric)
                    kept = sum(self._keep(service, metric.name, point, now_ns) for point in points)
                    pools.take(metric.name, points)
                    taken += kept
                    dropped += len(points) - kept
                    unread += _count(metric) - len(points)
            if (percent := pools.percent()) is not None:
                self._series.add(f"service.{service}.pool_percent", _second(pools.at_ns, now_ns), percent)
        return taken, dropped, unread

    def _keep(self, service: str, metric: str, point: NumberDataPoint, now_ns: int) -> bool:
        labels = _labels(point.attributes)
        name = f"metric.{service}.{metric}{labels}"[:_LONGEST_NAME]
        if metric == _WORKERS:
            name = f"service.{service}.workers_percent"
        return self._series.add(name, _second(point.time_unix_nano, now_ns), _value(point))


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


def _points(metric: Metric) -> Sequence[NumberDataPoint]:
    kind = metric.WhichOneof("data")
    if kind == "gauge":
        return metric.gauge.data_points
    return metric.sum.data_points if kind == "sum" else ()


def _count(metric: Metric) -> int:
    kind = metric.WhichOneof("data")
    return len(getattr(metric, kind).data_points) if kind else 0


def _value(point: NumberDataPoint) -> float:
    return float(point.as_int) if point.WhichOneof("value") == "as_int" else float(point.as_double)


def _second(at_ns: int, now_ns: int) -> int:
    at_s, now_s = at_ns // 1_000_000_000, now_ns // 1_000_000_000
    return at_s if math.fabs(at_s - now_s) <= _MAX_SKEW_S else now_s


def _labels(pairs: Iterable[KeyValue]) -> str:
    attributes = decoded(pairs)
    if not attributes:
        return ""
    return "{" + ",".join(f"{key}={value}" for key, value in sorted(attributes.items())) + "}"
