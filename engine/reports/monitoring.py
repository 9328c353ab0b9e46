"""The drill's monitoring for the tools that venues have: Prometheus alert rules, and a Grafana dashboard. Pure.

Both read the engine's own `/metrics`, where each series is `drill_series{name="..."}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.packs.records import Chart, ChartSeries, Condition

GROUP = "3am-drill"
_UNITS = {"ms": "ms", "per_s": "cps", "percent": "percent", "cents": "none", "count": "short"}
"""Grafana's names for the units of charts."""
_SOURCE = {"type": "prometheus", "uid": "${source}"}
_OPTIONS = {
    "tooltip": {"mode": "multi", "sort": "none"},
    "legend": {"showLegend": True, "displayMode": "table", "placement": "right", "calcs": ["lastNotNull"]},
}
"""As Signals shows a chart: its names with their newest values beside it, all values at the crosshair."""
_PANEL_HEIGHT = 8
_SCHEMA = 39


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alert as monitoring tools know it; `detail` may hold `{value}`."""

    title: str
    detail: str
    severity: str
    service: str
    condition: Condition


def prometheus_rules(rules: Iterable[AlertRule]) -> str:
    """The rules as a file that Prometheus loads, in YAML."""
    lines = ["# Alert rules of 3 A.M. Drill; they read the engine's /metrics.", "groups:"]
    lines += [f"  - name: {GROUP}", "    rules:"]
    found = [line for rule in rules for line in _rule_lines(rule)]
    return "\n".join([*lines, *found] if found else ["groups: []"]) + "\n"


def grafana_dashboard(title: str, charts: Sequence[Chart]) -> str:
    """A dashboard with the charts of Signals from top to bottom, as JSON for Grafana's import."""
    board = {
        "uid": "three-am-drill",
        "title": f"3 A.M. Drill: {title}",
        "schemaVersion": _SCHEMA,
        "refresh": "5s",
        "time": {"from": "now-20m", "to": "now"},
        "templating": {
            "list": [{"name": "source", "type": "datasource", "query": "prometheus", "label": "Prometheus"}]
        },
        "annotations": {
            "list": [
                {
                    "name": "Alerts",
                    "datasource": _SOURCE,
                    "enable": True,
                    "iconColor": "red",
                    "expr": 'ALERTS{alertstate="firing"}',
                    "titleFormat": "{{alertname}}",
                }
            ]
        },
        "panels": [_panel(number, chart) for number, chart in enumerate(charts)],
    }
    return json.dumps(board, indent=2, ensure_ascii=False) + "\n"


def selector(series: str) -> str:
    """The newest value of a series, as PromQL."""
    return f"drill_series{{name={_quoted(series)}}}"


def _rule_lines(rule: AlertRule) -> list[str]:
    condition = rule.condition
    labels = {"severity": rule.severity, **({"service": rule.service} if rule.service else {})}
    detail = rule.detail.replace("{{", "{{`{{`}}").replace("{value}", "{{ $value }}")
    return [
        f"      - alert: {_quoted(rule.title)}",
        f"        expr: {_quoted(f'{selector(condition.series)} {condition.op} {condition.value:g}')}",
        f"        for: {round(condition.for_s) if condition.for_s > 1 else 0}s",
        "        labels:",
        *(f"          {name}: {_quoted(value)}" for name, value in labels.items()),
        "        annotations:",
        f"          summary: {_quoted(rule.title)}",
        f"          description: {_quoted(detail)}",
    ]


def _quoted(text: str) -> str:
    """A text in double quotes; what JSON escapes, YAML and PromQL read the same."""
    return json.dumps(text, ensure_ascii=False)


def _panel(number: int, chart: Chart) -> dict[str, Any]:
    defaults: dict[str, Any] = {"unit": _UNITS.get(chart.unit, "short"), "custom": {"lineWidth": 1}}
    if chart.slo is not None:
        steps = [{"color": "transparent", "value": None}, {"color": "orange", "value": chart.slo}]
        defaults["thresholds"] = {"mode": "absolute", "steps": steps}
        defaults["custom"]["thresholdsStyle"] = {"mode": "dashed"}
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": chart.title,
        "description": chart.caption,
        "datasource": _SOURCE,
        "gridPos": {"x": 0, "y": number * _PANEL_HEIGHT, "w": 24, "h": _PANEL_HEIGHT},
        "targets": [_target(place, series) for place, series in enumerate(chart.series)],
        "fieldConfig": {
            "defaults": defaults,
            "overrides": [_look(series) for series in chart.series if series.style in _LOOKS],
        },
        "options": _OPTIONS,
    }


def _target(place: int, series: ChartSeries) -> dict[str, Any]:
    return {
        "refId": chr(ord("A") + place % 26) + ("" if place < 26 else str(place // 26)),
        "expr": selector(series.series),
        "legendFormat": series.label,
        "datasource": _SOURCE,
    }


_LOOKS: dict[str, tuple[str, Any]] = {
    "area": ("custom.fillOpacity", 12),
    "bars": ("custom.drawStyle", "bars"),
    "errors": ("custom.transform", "negative-Y"),
    "dashed": ("custom.lineStyle", {"fill": "dash", "dash": [6, 6]}),
}
"""What a style of Signals is called by Grafana; lines and heat stay lines."""


def _look(series: ChartSeries) -> dict[str, Any]:
    name, value = _LOOKS[series.style]
    return {
        "matcher": {"id": "byName", "options": series.label},
        "properties": [{"id": name, "value": value}],
    }
