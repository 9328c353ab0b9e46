"""Charts of any metric: lines, groups, putting values together, and alert rules in words."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.signals.baseline import healthy_window
from app.signals.exploring import (
    ALL,
    EACH,
    HELD_S,
    MOST_LINES,
    Together,
    allowed_together,
    attributes_of,
    combined,
    default_together,
    explore,
    from_kept,
    to_kept,
)
from app.signals.ruling import first_value, rule_text, trial_text
from app.time_axis import Span
from app.widgets.charts import Unit
from protos.drill.v1.records import Alert, AlertRule, Firing, Metric, MetricSeries

NS = 10**9


def metric(*attributes: dict[str, str], kind: str = "gauge", parts: tuple[str, ...] = ()) -> Metric:
    series = tuple(MetricSeries(f"s{n}", found) for n, found in enumerate(attributes))
    return Metric("queue", kind, "count", "", "", parts, series)


def test_that_series_are_grouped_by_what_tells_them_apart() -> None:
    found = metric(
        {"service": "a", "route": "x"}, {"service": "a", "route": "y"}, {"service": "b", "route": "x"}
    )
    assert attributes_of(found) == ("service", "route")
    by_route = explore(found, "", "route", Together.SUM)
    assert [(line.label, line.names) for line in by_route.lines] == [("x", ("s0", "s2")), ("y", ("s1",))]
    assert by_route.caption == "sum, by route"
    assert [line.label for line in explore(found, "", EACH, Together.SUM).lines] == ["a x", "a y", "b x"]
    assert [line.names for line in explore(found, "", ALL, Together.SUM).lines] == [("s0", "s1", "s2")]


def test_that_lines_that_do_not_fit_are_counted() -> None:
    many = explore(metric(*({"n": str(n)} for n in range(9))), "", "n", Together.SUM)
    assert (len(many.lines), many.left_out) == (MOST_LINES, 3)
    assert "3 more not shown" in many.caption


def test_that_percentiles_are_never_averaged_or_summed() -> None:
    assert allowed_together("p95") == (Together.HIGHEST, Together.LOWEST)
    assert default_together(metric(kind="histogram"), "p99") is Together.HIGHEST
    assert default_together(metric(kind="counter"), "per_s") is Together.SUM


def test_that_a_chart_comes_back_as_it_was_kept() -> None:
    chart = explore(metric({"a": "1"}, {"a": "2"}, parts=("per_s",)), "per_s", "a", Together.SUM)
    assert from_kept(json.loads(json.dumps(to_kept(chart)))) == chart
    assert chart.unit is Unit.PER_SECOND


@given(
    st.lists(st.dictionaries(st.integers(0, 40), st.integers(-5, 5), max_size=12), min_size=1, max_size=4),
    st.sampled_from(Together),
)
def test_that_values_are_put_together_as_they_stand_at_each_moment(
    series: list[dict[int, int]], together: Together
) -> None:
    samples = [
        (np.array(sorted(one), float), np.array([one[at] for at in sorted(one)], float)) for one in series
    ]
    at, values = combined(samples, together)
    known = [one for one in series if one]
    for moment, value in zip(at.tolist(), values.tolist(), strict=True):
        held = [
            one[max(t for t in one if t <= moment)]
            for one in known
            if any(t <= moment and moment - t <= HELD_S for t in one)
            and moment - max(t for t in one if t <= moment) <= HELD_S
        ]
        expected = {
            Together.SUM: sum(held),
            Together.MEAN: sum(held) / len(held),
            Together.HIGHEST: max(held),
            Together.LOWEST: min(held),
        }[together]
        assert value == pytest.approx(expected)
    assert sorted({moment for one in known for moment in one}) == at.tolist()


def test_that_a_trial_is_told_in_one_sentence() -> None:
    assert "would not have fired" in trial_text((), 0.0, 0)
    once = trial_text((Firing(3_600 * NS, 3_672 * NS),), 0.0, 0)
    assert once == "It would have fired once: 01:00:00 for 1\u2009min 12\u2009s."
    often = trial_text(tuple(Firing(n * 100 * NS, 0) for n in range(5)), 0.0, 500 * NS)
    assert often.startswith("It would have fired 5 times; the last: ")
    assert often.endswith("until now.")


@pytest.mark.parametrize(
    ("values", "limit"), [([], 1.0), ([0, 0], 1.0), ([100, 120], 200.0), ([30], 50.0), ([0.002], 0.005)]
)
def test_that_a_first_limit_is_round_and_above_what_is_usual(values: list[float], limit: float) -> None:
    assert first_value(np.array(values, float)) == pytest.approx(limit)


def test_that_a_rule_is_written_in_one_line() -> None:
    rule = AlertRule("r", "Slow", "service.billing.p95_ms", ">=", 400.0, 10.0, "warning")
    assert rule_text(rule) == "service.billing.p95_ms ≥ 400 for 10 s"


def alert(fired_s: float, resolved_s: float = 0.0) -> Alert:
    return Alert("a", "t", "", "warning", "", round(fired_s * NS), round(resolved_s * NS), "")


def test_that_the_last_quiet_stretch_before_an_alert_is_the_baseline() -> None:
    assert healthy_window((), 0.0, 1000.0, 300.0) is None
    assert healthy_window((alert(500),), 0.0, 1000.0, 300.0) == Span(190.0, 490.0)
    assert healthy_window((alert(100), alert(105)), 0.0, 1000.0, 300.0) == Span(0.0, 90.0)
    settled = (alert(100, 200), alert(600))
    assert healthy_window(settled, 0.0, 1000.0, 300.0) == Span(290.0, 590.0)
    assert healthy_window((alert(15),), 0.0, 1000.0, 300.0) is None
