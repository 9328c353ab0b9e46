"""Alert rules and dashboard for other tools: every alert, every chart, and nothing that breaks their quoting."""

from __future__ import annotations

import json

from engine.packs.records import Chart, ChartSeries, Condition
from engine.reports.monitoring import AlertRule, grafana_dashboard, prometheus_rules

CONDITION = Condition("client.latency.p95_ms", ">", 400.0, 10.0)


def test_that_a_rule_is_written_as_prometheus_reads_it() -> None:
    rule = AlertRule('Slow "checkout"', "P95 is {value} ms", "critical", "billing", CONDITION)
    assert prometheus_rules([rule]).splitlines()[2:] == [
        "  - name: 3am-drill",
        "    rules:",
        '      - alert: "Slow \\"checkout\\""',
        '        expr: "drill_series{name=\\"client.latency.p95_ms\\"} > 400"',
        "        for: 10s",
        "        labels:",
        '          severity: "critical"',
        '          service: "billing"',
        "        annotations:",
        '          summary: "Slow \\"checkout\\""',
        '          description: "P95 is {{ $value }} ms"',
    ]


def test_that_a_run_without_alerts_has_an_empty_file_that_loads() -> None:
    assert prometheus_rules([]).splitlines()[-1] == "groups: []"


def test_that_the_dashboard_has_each_chart_with_its_series_limit_and_look() -> None:
    charts = [
        Chart(
            "copper.latency",
            "Latency",
            "P95",
            "ms",
            (
                ChartSeries("client.latency.p95_ms", "P95", "area", ""),
                ChartSeries("e", "Failed", "errors", ""),
            ),
            400.0,
            "SLO",
        ),
        Chart("copper.cpu", "CPU", "", "percent", (ChartSeries("cpu", "billing", "heat", ""),), None, ""),
    ]
    board = json.loads(grafana_dashboard("Month-end close", charts))
    first, second = board["panels"]
    assert [target["expr"] for target in first["targets"]] == [
        'drill_series{name="client.latency.p95_ms"}',
        'drill_series{name="e"}',
    ]
    assert first["fieldConfig"]["defaults"]["thresholds"]["steps"][1]["value"] == 400.0
    assert [one["properties"][0]["value"] for one in first["fieldConfig"]["overrides"]] == [12, "negative-Y"]
    assert (first["gridPos"]["y"], second["gridPos"]["y"]) == (0, 8)
    assert second["fieldConfig"]["defaults"]["unit"] == "percent"
