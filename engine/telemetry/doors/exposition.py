"""The run's telemetry as Prometheus reads it: `/metrics` of the rollups, the series, and what was lost.

A Prometheus rule can be made of any series: `drill_series{name="client.latency.p95_ms"} > 400`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry

from engine.telemetry.doors.totals import BOUNDS_S, Counted, Totals
from engine.telemetry.memory.edges import EdgeNames
from engine.telemetry.memory.rollups import Rollups
from engine.telemetry.metrics.series import SeriesStore
from engine.telemetry.records import TelemetryCounters
from engine.telemetry.wire.signatures import Signatures

FRESH_S = 60
"""A series whose newest value is older is left out, as Prometheus expects of what is gone."""
_LATEST_S = 1 << 40


@dataclass(frozen=True, slots=True)
class Exposed:
    """Where the figures come from."""

    signatures: Signatures
    edges: EdgeNames
    requests: Totals
    rollups: Rollups
    calls: Totals
    edge_rollups: Rollups
    series: SeriesStore
    counters: Callable[[], TelemetryCounters]
    now_s: Callable[[], int]


class Exposition(Collector):
    """Collects anew for each scrape."""

    def __init__(self, exposed: Exposed) -> None:
        self._exposed = exposed
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def page(self, accept: str) -> tuple[bytes, str]:
        """The text for an Accept header, and its content type."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type

    def collect(self) -> Iterator[Metric]:
        """Every metric family."""
        yield from self._requests()
        yield from self._calls()
        yield self._series()
        yield from _own(self._exposed.counters())

    def _requests(self) -> Iterator[Metric]:
        exposed = self._exposed
        totals = exposed.requests.with_open(exposed.rollups.open_rows(0, _LATEST_S))
        by_route: dict[tuple[str, str], Counted] = {}
        for key, counted in totals.items():
            signature = exposed.signatures[key]
            if not signature.peer:
                by_route[signature.service, signature.name] = counted
        yield from _durations("drill_request", "requests served", ("service", "route"), by_route)

    def _calls(self) -> Iterator[Metric]:
        exposed = self._exposed
        totals = exposed.calls.with_open(exposed.edge_rollups.open_rows(0, _LATEST_S))
        by_edge = {exposed.edges[key]: counted for key, counted in totals.items()}
        yield from _durations("drill_call", "calls made", ("source", "target"), by_edge)

    def _series(self) -> Metric:
        family = GaugeMetricFamily(
            "drill_series", "The newest value of a series, by its name.", labels=("name",)
        )
        series, oldest_s = self._exposed.series, self._exposed.now_s() - FRESH_S
        for name in series.names():
            latest = series.latest(name)
            if latest is not None and latest[0] >= oldest_s and not math.isnan(latest[1]):
                family.add_metric((name,), latest[1])
        return family


def _durations(
    prefix: str, what: str, labels: tuple[str, str], found: Mapping[tuple[str, str], Counted]
) -> Iterator[Metric]:
    durations = HistogramMetricFamily(
        f"{prefix}_duration_seconds", f"How long the {what} took, by the spans.", labels=labels
    )
    errors = CounterMetricFamily(f"{prefix}_errors", f"How many of the {what} failed.", labels=labels)
    bounds = [*(str(bound) for bound in BOUNDS_S), "+Inf"]
    for names, counted in sorted(found.items()):
        cumulative = np.cumsum(counted.counts).tolist()
        durations.add_metric(names, list(zip(bounds, cumulative, strict=True)), counted.seconds)
        errors.add_metric(names, counted.errors)
    yield durations
    yield errors


def _own(counters: TelemetryCounters) -> Iterator[Metric]:
    received = CounterMetricFamily("drill_telemetry_received", "What exporters sent.", labels=("signal",))
    lost = CounterMetricFamily("drill_telemetry_lost", "What was not kept, and why.", labels=("reason",))
    for signal, count in (
        ("spans", counters.spans),
        ("log_lines", counters.log_lines),
        ("metric_points", counters.metric_points),
    ):
        received.add_metric((signal,), count)
    for reason, count in (
        ("export malformed", counters.refused_malformed),
        ("export too large", counters.refused_too_large),
        ("export while busy", counters.refused_busy),
        ("span without id", counters.dropped_spans),
        ("log line unreadable", counters.dropped_log_lines),
        ("metric point beyond the limit", counters.dropped_metric_points),
        ("batch that the disk refused", counters.not_written_batches),
        ("export that the collector did not take", counters.not_forwarded_exports),
    ):
        lost.add_metric((reason,), count)
    yield received
    yield lost
    disk = GaugeMetricFamily("drill_telemetry_disk_bytes", "The size of the run's telemetry on disk.")
    disk.add_metric((), counters.bytes_on_disk)
    yield disk
