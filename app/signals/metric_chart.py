"""One metric as a chart: which figure of it, how its series are grouped and put together."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.client import Engine, Subscription
from app.signals.exemplars import ExemplarFeed
from app.signals.exploring import (
    ALL,
    EACH,
    PART_WORDS,
    Explored,
    allowed_together,
    attributes_of,
    chart_of,
    default_together,
    explore,
    values_of,
)
from app.signals.history import History
from app.signals.pins import MOST_PINS, Pins
from app.theme import SEMIBOLD, Icon, Token, px
from app.widgets import Button, ButtonKind, FlowLayout, Line, MenuChoice, MenuOption, Segmented
from app.widgets.charts import ChartEvent, Threshold
from app.widgets.charts.reduction import Floats
from app.widgets.charts.stack import ChartStack
from protos.drill.v1.records import Metric, SeriesSet

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient

GROUPS_WIDTH = 210


class MetricChart(QWidget):
    """`alertWanted` asks for an alert on what is shown, `traceWanted` for the trace of a measurement.

    It follows its series between `start` and `stop`.
    """

    alertWanted = Signal()
    traceWanted = Signal(str)

    def __init__(self, engine: Engine, pins: Pins, stack: ChartStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._pins = pins
        self._stack = stack
        self._history = History()
        self._exemplars = ExemplarFeed(engine, self)
        self._metric: Metric | None = None
        self._limit: float | None = None
        self._follows = False
        self._stream: Subscription[SeriesSet] | None = None
        self.chart: Explored | None = None
        self._about = QWidget()
        self._name, self._text = Line("", 15, SEMIBOLD), Line("", 12, ink=Token.TEXT3)
        self._parts = Segmented(("",), name="Which figure")
        self._groups = MenuChoice("Lines")
        self._together = Segmented(("",), name="How to put together")
        self._pin = Button("Pin", ButtonKind.OUTLINE, Icon.PUSH_PIN, small=True)
        self._alert = Button("Alert on this", ButtonKind.OUTLINE, Icon.BELL, small=True)
        self._lay_out()
        self._parts.chosen.connect(lambda _: self._take_part())
        self._groups.chosen.connect(lambda _: self._draw())
        self._together.chosen.connect(lambda _: self._draw())
        self._pin.clicked.connect(self._toggle_pin)
        self._alert.clicked.connect(self.alertWanted)
        stack.pointOpened.connect(self.traceWanted)
        pins.changed.connect(self._offer_pin)

    @property
    def values(self) -> Floats:
        """What is known of the first line."""
        if self.chart is None or not self.chart.lines:
            return np.empty(0)
        return self._stack.data(self.chart.line_key(self.chart.lines[0]))[1]

    def start(self, offset_s: float, length_s: float) -> None:
        """Follow the series; show so many seconds on the drill's clock."""
        self._follows = True
        self._stack.set_clock_offset(offset_s)
        self._stack.set_window(length_s)
        self._follow()

    def stop(self) -> None:
        """Ask no more."""
        self._follows = False
        self._end_stream()

    def show_metric(self, metric: Metric) -> None:
        """Show another metric, as it is best looked at."""
        self._metric = metric
        self._name.set_text(metric.name)
        sent = f"sent in {metric.sent_unit}" if metric.sent_unit else ""
        self._text.set_text(", ".join(word for word in (metric.text.rstrip("."), sent) if word))
        self._text.setVisible(bool(metric.text or sent))
        self._parts.set_options([PART_WORDS.get(part, part) for part in metric.parts])
        self._parts.setVisible(len(metric.parts) > 1)
        self._take_groups(metric)
        self._take_part()

    def renew(self, metrics: Mapping[str, Metric]) -> None:
        """More series may have come: the same chart with them."""
        known = metrics.get(self._metric.name) if self._metric is not None else None
        if known is not None and known != self._metric:
            self._metric = known
            group = self._groups.current
            self._take_groups(known)
            self._groups.choose(group)
            self._draw()

    def choose_part(self, part: str) -> None:
        """Show that figure, if the metric has it."""
        if self._metric is not None and part in self._metric.parts:
            self._parts.choose(self._metric.parts.index(part))
            self._take_part()

    def show_limit(self, limit: float | None, events: Sequence[ChartEvent]) -> None:
        """A dashed line at a limit, and markers; None takes the line away."""
        self._stack.set_events(events)
        if limit != self._limit:
            self._limit = limit
            self._show()

    def set_brief(self, brief: bool) -> None:
        """Where there is little room the chart speaks for itself, and offers nothing."""
        self._about.setHidden(brief)

    def offer_alert(self, reason: str) -> None:
        """Offer an alert, or say why not."""
        self._alert.set_disabled_reason(reason)

    def flush(self) -> None:
        """Draw what came."""
        if self.chart is not None:
            self._stack.set_data(values_of(self.chart, self._history.samples))
            self._stack.follow(self._history.newest_s or time.time())
            self._exemplars.ask([self.chart], self._stack.span.start_s, self._stack.set_points)

    def _take_groups(self, metric: Metric) -> None:
        attributes = attributes_of(metric)
        options = [MenuOption(key, f"By {key}") for key in attributes]
        options.append(MenuOption(ALL, "All together"))
        if len(attributes) != 1:
            options.append(MenuOption(EACH, "Each series"))
        self._groups.set_options(options)
        self._groups.setVisible(len(metric.series) > 1)

    @property
    def _part(self) -> str:
        metric = self._metric
        return metric.parts[max(self._parts.current, 0)] if metric is not None and metric.parts else ""

    def _take_part(self) -> None:
        if self._metric is None:
            return
        allowed, usual = allowed_together(self._part), default_together(self._metric, self._part)
        self._together.set_options([str(one) for one in allowed], allowed.index(usual))
        self._draw()

    def _draw(self) -> None:
        if self._metric is None:
            return
        together = allowed_together(self._part)[max(self._together.current, 0)]
        chart = explore(self._metric, self._part, self._groups.current, together)
        self._together.setVisible(any(len(line.names) > 1 for line in chart.lines))
        changed = self.chart is None or chart.names != self.chart.names
        self.chart = chart
        self._show()
        if changed:
            self._stack.set_points({})
            self._exemplars.renew()
            self._follow()
        self._offer_pin()

    def _show(self) -> None:
        snapshot = self._engine.snapshot
        if self.chart is not None and snapshot is not None:
            services = frozenset(one.name for one in snapshot.services)
            threshold = Threshold(self._limit, "") if self._limit is not None else None
            self._stack.set_charts([chart_of(self.chart, services, threshold)])
            self.flush()

    def _follow(self) -> None:
        """The series of the chart, from the run's beginning on."""
        self._end_stream()
        self._history.clear()
        chart, snapshot = self.chart, self._engine.snapshot
        if chart is None or snapshot is None or not self._follows:
            return
        names, from_ns = chart.names, snapshot.started_ns

        def watch(client: DrillClient) -> Iterator[SeriesSet]:
            return client.watch_series(names, from_ns)

        self._stream = self._engine.follow(watch, self._take, self)

    def _take(self, answer: SeriesSet) -> None:
        first = not len(self._history)
        self._history.take(answer.series)
        if first:
            self.flush()

    def _end_stream(self) -> None:
        if self._stream is not None:
            self._stream.stop()
            self._stream = None

    def _toggle_pin(self) -> None:
        if self.chart is not None:
            self._pins.toggle(self.chart)

    def _offer_pin(self) -> None:
        pinned = self.chart is not None and self._pins.has(self.chart)
        self._pin.set_text("Unpin" if pinned else "Pin")
        full = self._pins.is_full and not pinned
        self._pin.set_disabled_reason(f"{MOST_PINS} charts are pinned; unpin one." if full else "")

    def _lay_out(self) -> None:
        head, names, choices = QHBoxLayout(), QVBoxLayout(), FlowLayout(8)
        names.setSpacing(px(4))
        names.addWidget(self._name)
        names.addWidget(self._text)
        head.setSpacing(px(8))
        head.addLayout(names, 1)
        head.addWidget(self._pin)
        head.addWidget(self._alert)
        self._groups.setMaximumWidth(px(GROUPS_WIDTH))
        for widget in (self._parts, self._groups, self._together):
            choices.addWidget(widget)
        inside = QVBoxLayout(self._about)
        inside.setContentsMargins(px(14), px(12), px(14), 0)
        inside.setSpacing(px(10))
        inside.addLayout(head)
        inside.addLayout(choices)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        column.addWidget(self._about)
        column.addWidget(self._stack, 1)
