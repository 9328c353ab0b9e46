"""The traces that a histogram's measurements name, as points on the charts of its percentiles."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.client import Engine, EngineState
from app.signals.exploring import Explored
from app.widgets.charts import ChartPoint
from app.widgets.charts.units import value_label
from protos.drill.v1.records import Exemplar

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient

NS = 1_000_000_000
EVERY_S = 2.0
PARTS = ("p50", "p95", "p99", "mean")
"""figures that a single measurement can be compared with"""
Points = Mapping[str, Sequence[ChartPoint]]


def exemplified(charts: Sequence[Explored]) -> tuple[str, ...]:
    """The series, without their parts, whose measurements belong on these charts."""
    names = (name for chart in charts if chart.part in PARTS for name in chart.names)
    return tuple(dict.fromkeys(name.rpartition("|")[0] for name in names))


def points_of(charts: Sequence[Explored], exemplars: Sequence[Exemplar]) -> dict[str, list[ChartPoint]]:
    """A point a measurement, by the key of its line."""
    by_series: dict[str, list[Exemplar]] = {}
    for one in exemplars:
        by_series.setdefault(one.series, []).append(one)
    return {
        chart.line_key(line): [
            ChartPoint(
                one.at_ns / NS,
                one.value,
                f"{value_label(chart.unit, one.value)}, trace {one.trace_id[:8]}",
                one.trace_id,
            )
            for name in line.names
            for one in by_series.get(name.rpartition("|")[0], ())
        ]
        for chart in charts
        if chart.part in PARTS
        for line in chart.lines
    }


class ExemplarFeed(QObject):
    """Asks for them, at most every two seconds."""

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._asked_s = 0.0

    def ask(self, charts: Sequence[Explored], from_s: float, show: Callable[[Points], None]) -> None:
        """Have the points of these charts shown, from a moment on."""
        series, now_s = exemplified(charts), time.monotonic()
        connected = self._engine.state is EngineState.CONNECTED
        if not series or not connected or now_s - self._asked_s < EVERY_S:
            return
        self._asked_s = now_s

        def call(client: DrillClient) -> Points:
            return points_of(charts, client.exemplars(series, round(from_s * NS)))

        self._engine.ask(call, show, _miss, owner=self)

    def renew(self) -> None:
        """Other charts are shown: ask at once."""
        self._asked_s = 0.0


def _miss(why: str) -> None:
    """The next question comes in two seconds."""
