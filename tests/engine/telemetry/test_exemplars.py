"""Exemplars: what a histogram's points say of single traces."""

from __future__ import annotations

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from engine.telemetry.metrics.exemplars import KEPT_S, MOST_SERIES, Exemplar, Exemplars
from engine.telemetry.metrics.points import Metrics
from engine.telemetry.metrics.series import SeriesStore

NOW_NS = 1_700_000_000_000_000_000
SECOND_NS = 1_000_000_000
FOREVER_NS = 1 << 62
TRACES = [bytes([number]) * 16 for number in range(1, 6)]
SERIES = "metric.billing.wait"


def taken(*measured: tuple[int, float, bytes], unit: str = "s") -> dict[str, tuple[Exemplar, ...]]:
    """What is known after an export with these measurements: nanoseconds, value, trace."""
    request = ExportMetricsServiceRequest()
    resource = request.resource_metrics.add()
    resource.resource.attributes.add(key="service.name").value.string_value = "billing"
    metric = resource.scope_metrics.add().metrics.add(name="wait", unit=unit)
    point = metric.histogram.data_points.add(
        time_unix_nano=NOW_NS, count=3, sum=1.0, explicit_bounds=[1.0], bucket_counts=[3, 0]
    )
    for at_ns, value, trace in measured:
        point.exemplars.add(time_unix_nano=at_ns, as_double=value, trace_id=trace)
    metrics = Metrics(SeriesStore())
    metrics.take(request, NOW_NS)
    return metrics.exemplars.read([SERIES, "metric.nobody.has"], 0, FOREVER_NS)


def test_that_the_largest_of_each_second_is_kept_in_the_unit_of_charts() -> None:
    found = taken(
        (NOW_NS, 0.2, TRACES[0]),
        (NOW_NS + 1, 0.9, TRACES[1]),
        (NOW_NS + 2, 0.4, TRACES[2]),
        (NOW_NS - SECOND_NS, 0.1, TRACES[3]),
    )
    assert list(found) == [SERIES]
    assert [(one.value, one.trace_id) for one in found[SERIES]] == [
        (100.0, TRACES[3].hex()),
        (900.0, TRACES[1].hex()),
    ]


def test_that_what_names_no_trace_or_no_number_is_left_out() -> None:
    assert taken((NOW_NS, 0.2, b""), (NOW_NS, float("nan"), TRACES[0]), (NOW_NS, 0.1, b"short")) == {}


def test_that_a_clock_that_is_off_counts_now() -> None:
    (one,) = taken((5, 0.2, TRACES[0]))[SERIES]
    assert one.at_ns == NOW_NS


def test_that_a_stretch_is_read_oldest_first() -> None:
    exemplars = Exemplars()
    exemplars.add("a", [Exemplar(second * SECOND_NS, 1.0, "t") for second in (5, 3, 4)])
    found = exemplars.read(["a"], 3 * SECOND_NS, 5 * SECOND_NS)
    assert [one.at_ns // SECOND_NS for one in found["a"]] == [3, 4]


def test_that_time_and_number_are_bounded() -> None:
    exemplars = Exemplars()
    exemplars.add("long", [Exemplar(second * SECOND_NS, 1.0, "t") for second in range(KEPT_S + 50)])
    (kept,) = exemplars.read(["long"], 0, FOREVER_NS).values()
    assert len(kept) == KEPT_S
    assert kept[0].at_ns == 50 * SECOND_NS
    for number in range(MOST_SERIES):
        exemplars.add(f"s{number}", [Exemplar(1, 1.0, "t")])
    assert exemplars.read(["long"], 0, FOREVER_NS) == {}
