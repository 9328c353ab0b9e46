"""What Signals shows, without widgets."""

from __future__ import annotations

import pytest

from app.drill_time import clock_offset_s
from app.signals.model import (
    Range,
    alert_rows,
    chart_events,
    chart_specs,
    first_range,
    happenings,
    mark_rows,
    range_length_s,
    range_text,
    service_of,
)
from app.theme import Status, Token
from app.time_axis import Span
from app.widgets.charts import ChartSpec, EventKind, HeatSpec, SeriesKind
from protos.drill.v1.records import Deploy, Mark
from tests.app.signals.records import CHARTS, NOW_S, NS, alert, event, snapshot

OFFSET_S = clock_offset_s(snapshot().clock)


def test_that_errors_hang_below_zero_and_services_keep_their_names() -> None:
    latency, rate, pools, cpu = chart_specs(CHARTS, ("gateway", "billing"))
    assert isinstance(latency, ChartSpec)
    assert latency.threshold is not None
    assert (latency.threshold.value, latency.series[0].colour) == (400.0, Token.P99)
    assert isinstance(rate, ChartSpec)
    assert [(one.name, one.kind) for one in rate.series] == [
        ("Requests", SeriesKind.AREA),
        ("Errors", SeriesKind.BELOW),
    ]
    assert isinstance(pools, ChartSpec)
    assert (pools.series[0].name, pools.series[0].colour, pools.at_least) == ("billing", "billing", 100.0)
    assert isinstance(cpu, HeatSpec)
    assert [row.name for row in cpu.rows] == ["gateway", "billing"]


def test_that_open_alerts_come_first_and_the_newest_on_top() -> None:
    alerts = (
        alert("old", NOW_S - 500),
        alert("over", NOW_S - 100, NOW_S - 92),
        alert("new", NOW_S - 30, severity="critical"),
    )
    rows = alert_rows(alerts, OFFSET_S, NOW_S * NS)
    assert [row.alert_id for row in rows] == ["new", "old", "over"]
    assert [row.status for row in rows] == [Status.CRITICAL, Status.WARNING, Status.OK]
    assert [row.note for row in rows] == ["just now", "for 8\u2009min", "over after 8\u2009s"]
    assert rows[1].clock == "03:01"


def test_that_an_acknowledged_alert_needs_nobody() -> None:
    (row,) = alert_rows((alert("drift", NOW_S - 90, taken_by="Lena"),), OFFSET_S, NOW_S * NS)
    assert row.is_open
    assert not row.needs_somebody
    assert row.note == "acknowledged by Lena"


def test_that_an_alert_that_flaps_is_one_row_and_one_marker() -> None:
    alerts = tuple(alert("wait", NOW_S - 300 + 60 * n, NOW_S - 290 + 60 * n) for n in range(4))
    (row,) = alert_rows(alerts, OFFSET_S, NOW_S * NS)
    assert row.note == "4 times, last over after 10\u2009s"
    (marker,) = chart_events(snapshot(alerts), ())
    assert (marker.at_s, marker.label) == (NOW_S - 300, "Wait ×4")


def test_that_firings_far_apart_keep_markers_of_their_own() -> None:
    alerts = tuple(alert("wait", NOW_S - 900 + 400 * n, NOW_S - 890 + 400 * n) for n in range(2))
    assert len(chart_events(snapshot(alerts), ())) == 2


def test_that_the_lane_tells_alerts_deploys_marks_failures_and_phases_and_nothing_else() -> None:
    run = snapshot(
        (alert("drift", NOW_S - 60, severity="critical"),),
        (
            Deploy("4f1c2abd", "", ("billing",), (NOW_S - 50) * NS, "running", "", "", 0),
            Deploy("5e2d3bce", "Whole cents", ("billing",), (NOW_S - 40) * NS, "failed", "", "", 0),
        ),
        (Mark("Bends here", "Lena", (NOW_S - 30) * NS),),
    )
    happened = happenings(
        (
            event("PhaseStarted", NOW_S - 70, phase="phase-1"),
            event("ScenarioTriggered", NOW_S - 65, pack="fp_drift"),
            event("ServiceFailed", NOW_S - 20, service="billing", problem="signal 9"),
            event("ServiceRecovered", NOW_S - 10, service="billing"),
        )
    )
    assert [(one.kind, one.label) for one in chart_events(run, happened)] == [
        (EventKind.INFRASTRUCTURE, "Phase 1"),
        (EventKind.PAGE, "Drift"),
        (EventKind.DEPLOY, "4f1c2ab"),
        (EventKind.PAGE, "Whole cents: did not start"),
        (EventKind.MARK, "Bends here"),
        (EventKind.PAGE, "billing stopped"),
        (EventKind.RECOVERY, "billing runs again"),
    ]


def test_that_marks_are_read_on_the_drill_clock_the_latest_on_top() -> None:
    marks = (Mark("one", "Lena", (NOW_S - 300) * NS), Mark("two", "", NOW_S * NS))
    assert [(row.text, row.clock) for row in mark_rows(marks, OFFSET_S)] == [
        ("two", "03:10"),
        ("one", "03:05"),
    ]


def test_that_a_young_run_starts_with_the_short_range() -> None:
    assert first_range(NOW_S - 100, NOW_S) is Range.SHORT
    assert first_range(NOW_S - 900, NOW_S) is Range.LONG
    assert range_length_s(Range.RUN, NOW_S - 900, NOW_S) == 900
    assert range_length_s(Range.LONG, NOW_S - 900, NOW_S) == 1200


def test_that_a_short_stretch_is_written_with_seconds() -> None:
    assert range_text(Span(NOW_S - 60, NOW_S), OFFSET_S) == "03:09:00 – 03:10:00"
    assert range_text(Span(NOW_S - 600, NOW_S), OFFSET_S) == "03:00 – 03:10"


@pytest.mark.parametrize(
    ("series", "service"),
    [
        ("service.billing.p95_ms", "billing"),
        ("process.billing.cpu_percent", "billing"),
        ("edge.billing-to-postgres.queries_per_s", "billing"),
        ("metric.billing.queue.length", "billing"),
        ("client.shoppers.latency.p95_ms", ""),
        ("host.cpu_percent", ""),
        ("service.billing-archive.p95_ms", ""),
        ("", ""),
    ],
)
def test_that_a_series_tells_whose_traces_are_behind_it(series: str, service: str) -> None:
    assert service_of(series, snapshot()) == service
