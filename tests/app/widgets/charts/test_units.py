"""How a chart's numbers are written."""

from __future__ import annotations

import pytest

from app.widgets.charts import Unit
from app.widgets.charts.units import tick_label, value_label


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        (Unit.MILLISECONDS, 2254, "2.25\u2009s"),
        (Unit.PER_SECOND, 36.7, "36.7\u2009/s"),
        (Unit.PER_SECOND, 1204, "1,204\u2009/s"),
        (Unit.CENTS, 1082, "+€10.82"),
        (Unit.PERCENT, 93.2, "93\u2009%"),
        (Unit.PERCENT, 0.42, "0.4\u2009%"),
        (Unit.PERCENT, 0, "0\u2009%"),
        (Unit.COUNT, 1148, "1,148"),
        (Unit.MEGABYTES, 212.4, "212\u2009MB"),
        (Unit.CENTS, float("nan"), "–"),
    ],
)
def test_that_the_legend_writes_values_in_full(unit: Unit, value: float, text: str) -> None:
    assert value_label(unit, value) == text


@pytest.mark.parametrize(
    ("unit", "value", "largest", "text"),
    [
        (Unit.MILLISECONDS, 1500, 2000, "1.5\u2009s"),
        (Unit.MILLISECONDS, 500, 2000, "0.5\u2009s"),
        (Unit.MILLISECONDS, 200, 600, "200\u2009ms"),
        (Unit.CENTS, 1000, 2000, "€10"),
        (Unit.CENTS, 50, 100, "€0.50"),
        (Unit.CENTS, 5_000_000, 5_000_000, "€50\u2009k"),
        (Unit.CENTS, -1000, 2000, "−€10"),
        (Unit.CENTS, 0, 100, "€0"),
        (Unit.PERCENT, 50, 100, "50\u2009%"),
        (Unit.COUNT, 12_000, 12_000, "12\u2009k"),
        (Unit.COUNT, 0, 10, "0"),
    ],
)
def test_that_the_axis_writes_values_shortly(unit: Unit, value: float, largest: float, text: str) -> None:
    assert tick_label(unit, value, largest) == text
