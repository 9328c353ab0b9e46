"""Charts in words and rows."""

from __future__ import annotations

import numpy as np

from app.time_axis import Span
from app.widgets.charts.readout import read_rows, sentence
from app.widgets.charts.specs import ChartSpec, HeatRowSpec, HeatSpec, SeriesSpec, Threshold, Unit

LATENCY = ChartSpec(
    "Latency",
    "by clients",
    Unit.MILLISECONDS,
    (SeriesSpec("p50", "P50"), SeriesSpec("p99", "P99")),
    Threshold(800.0, "SLO"),
)
CPU = HeatSpec("CPU", "per service", (HeatRowSpec("a", "orders"), HeatRowSpec("b", "billing")))
SPAN = Span(10.0, 20.0)


def series(*points: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    x, y = zip(*points, strict=True)
    return np.array(x), np.array(y)


def test_that_a_sentence_says_since_when_a_series_is_beyond_the_threshold() -> None:
    data = {
        "p50": series((11, 12), (19, 13)),
        "p99": series((11, 100), (12, 900), (13, 500), (15, 1200), (19, 2250)),
    }

    assert sentence(LATENCY, data, SPAN, 0.0) == (
        "Latency: P50 13\u2009ms, P99 2.25\u2009s; P99 above 800\u2009ms since 00:00:15"
    )


def test_that_what_began_before_is_said_so_and_what_is_well_too() -> None:
    high = {"p99": series((5, 900), (11, 900), (19, 900))}
    assert sentence(LATENCY, high, SPAN, 0.0).endswith("P99 above 800\u2009ms since before 00:00:11")

    low = {"p99": series((11, 90), (19, 90))}
    assert sentence(LATENCY, low, SPAN, 0.0).endswith("P99 90\u2009ms; nothing above 800\u2009ms")


def test_that_nothing_measured_is_said() -> None:
    assert sentence(CPU, {}, SPAN, 0.0) == "CPU: nothing measured"


def test_that_rows_are_the_measured_moments_newest_first_with_holes() -> None:
    data = {"p50": series((9, 1), (11, 2), (12, 3)), "p99": series((12, 30), (20, 40), (21, 50))}

    rows = read_rows(LATENCY, data, SPAN)

    assert rows.at_s.tolist() == [20.0, 12.0, 11.0]
    assert [[rows.text(row, column) for column in (0, 1)] for row in range(3)] == [
        ["–", "40\u2009ms"],
        ["3.0\u2009ms", "30\u2009ms"],
        ["2.0\u2009ms", "–"],
    ]


def test_that_a_heat_chart_has_a_column_a_strip_and_may_be_empty() -> None:
    assert [column.name for column in read_rows(CPU, {}, SPAN).columns] == ["orders", "billing"]
    assert read_rows(CPU, {}, SPAN).values.shape == (0, 2)
