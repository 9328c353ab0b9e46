"""Measurements of histograms as points on charts."""

from __future__ import annotations

from app.signals.exemplars import exemplified, points_of
from app.signals.exploring import Explored, Line, Together
from app.widgets.charts import Unit
from protos.drill.v1.records import Exemplar

BILLING, GATEWAY = "metric.billing.wait{route=/a}", "metric.gateway.wait{route=/a}"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def chart(part: str) -> Explored:
    lines = (Line("billing", (f"{BILLING}|{part}",)), Line("gateway", (f"{GATEWAY}|{part}",)))
    unit = Unit.PER_SECOND if part == "per_s" else Unit.MILLISECONDS
    return Explored("wait", part, unit, Together.HIGHEST, "service", lines)


def test_that_only_figures_of_single_measurements_are_asked_for() -> None:
    assert exemplified([chart("p95"), chart("p95"), chart("per_s")]) == (BILLING, GATEWAY)
    assert exemplified([chart("per_s")]) == ()


def test_that_each_measurement_stands_on_its_line_and_names_its_trace() -> None:
    shown = chart("p95")

    points = points_of(
        [shown], [Exemplar(BILLING, 3_500_000_000, 2250.0, TRACE), Exemplar("x", 1, 1.0, TRACE)]
    )

    first, second = (shown.line_key(line) for line in shown.lines)
    (point,) = points[first]
    assert (point.at_s, point.value, point.key) == (3.5, 2250.0, TRACE)
    assert point.label == "2.25\u2009s, trace 4bf92f35"
    assert points[second] == []
