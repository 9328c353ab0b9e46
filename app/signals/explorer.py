"""Any metric as a chart, and alert rules of one's own: a sheet over the charts of the run."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.client import Engine, EngineState
from app.signals.metric_chart import MetricChart
from app.signals.metric_list import MetricList
from app.signals.pins import Pins
from app.signals.rule_form import RuleForm
from app.signals.rule_list import RuleList
from app.signals.ruling import first_value, trial_events, trial_text
from app.theme import Icon, px
from app.widgets import Button, ButtonKind, EmptyState, Panel, Rule, Segmented, Trouble
from app.widgets.charts.stack import ChartStack
from app.widgets.save_file import save_text
from protos.drill.v1.records import AlertRule, AlertRuleTrial, ExportedText, Metric, Snapshot

LIST_WIDTH = 372
TIGHT_UNDER, TIGHT_SHARE = 1000, 0.36
"""the width from which on all has its room, and what the lists get of a smaller one"""
TICK_MS = 1000
LIST_EVERY_TICKS = 5
METRICS, RULES = range(2)
CHART, NOTHING = range(2)
YOUR_RULES = "Your rules"
RULE = "rule."
"""Before a rule's id: the id of its alert."""


class Explorer(Panel):
    """Asks the engine only while it is open. `dismissed` asks to close it."""

    dismissed = Signal()

    def __init__(self, engine: Engine, pins: Pins, stack: ChartStack, parent: QWidget | None = None) -> None:
        remark = "any metric as a chart, pinned below the others or with an alert of its own"
        super().__init__("Explore", remark, padded=False, ruled=True, parent=parent)
        self._engine = engine
        self._metrics: dict[str, Metric] = {}
        self._offset_s, self._ticks = 0.0, 0
        self._rules_words = YOUR_RULES
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._beat)
        self._tabs = Segmented(("Metrics", YOUR_RULES), name="What to look through")
        self.metrics, self.rules = MetricList(), RuleList()
        self.chart = MetricChart(engine, pins, stack)
        self.form = RuleForm()
        self._trouble, self._edge = Trouble(), Rule(None)
        self._build()
        self._connect()

    def open(self, offset_s: float, length_s: float) -> None:
        """Begin to ask; show so many seconds on the drill's clock."""
        self._offset_s, self._ticks = offset_s, 0
        self._ask_metrics()
        self.chart.start(offset_s, length_s)
        self._tick.start()
        self.show()
        self.raise_()
        self.metrics.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_explorer(self) -> None:
        """Ask no more."""
        self._tick.stop()
        self.chart.stop()
        self.hide()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """The run's own rules, and which of them fire."""
        open_alerts = {alert.id for alert in snapshot.alerts if not alert.resolved_ns}
        firing = {rule.id for rule in snapshot.alert_rules if RULE + rule.id in open_alerts}
        self.rules.show_rules(snapshot.alert_rules, firing)
        count = len(snapshot.alert_rules)
        words = f"{YOUR_RULES} ({count})" if count else YOUR_RULES
        if words != self._rules_words:
            self._rules_words = words
            self._tabs.set_options(("Metrics", words), self._tabs.current)

    # building

    def _build(self) -> None:
        cross = Button(kind=ButtonKind.GHOST, icon=Icon.X, small=True, tip="Back to the charts (Esc)")
        cross.clicked.connect(self.dismissed)
        self.add_action(cross)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self._build_lists())
        body.addWidget(self._edge)
        body.addWidget(self._build_chart(), 1)
        self.add(body, 1)

    def _build_lists(self) -> QWidget:
        self._left = QWidget()
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, px(10), 0, 0)
        column.setSpacing(px(10))
        tabs = QHBoxLayout()
        tabs.setContentsMargins(px(14), 0, px(14), 0)
        tabs.addWidget(self._tabs)
        tabs.addStretch(1)
        column.addLayout(tabs)
        inner = QWidget()
        self._lists = QStackedLayout(inner)
        self._lists.addWidget(self.metrics)
        self._lists.addWidget(self.rules)
        column.addWidget(inner, 1)
        return self._left

    def _build_chart(self) -> QWidget:
        right, page = QWidget(), QWidget()
        self._pages = QStackedLayout(right)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.chart, 1)
        trouble = QHBoxLayout()
        trouble.setContentsMargins(px(14), px(6), px(14), 0)
        trouble.addWidget(self._trouble)
        column.addLayout(trouble)
        self.form.hide()
        column.addWidget(self.form)
        self._pages.addWidget(page)
        self._pages.addWidget(
            EmptyState(
                Icon.CHART_LINE, "Choose a metric", "Type a part of its name, then Enter. J and K move."
            )
        )
        self._pages.setCurrentIndex(NOTHING)
        return right

    def _connect(self) -> None:
        self._tabs.chosen.connect(self._lists.setCurrentIndex)
        self.metrics.chosen.connect(self._choose)
        self.chart.alertWanted.connect(self._begin_rule)
        self.form.changed.connect(self._try)
        self.form.wanted.connect(self._save)
        self.form.dismissed.connect(self._end_rule)
        self.rules.edited.connect(self._edit)
        self.rules.removed.connect(self._remove)
        self.rules.exported.connect(self._export)

    def restyle(self) -> None:
        """Wider for larger text."""
        self._share_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the width again."""
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """Where there is little room the lists get less of it, and a rule that is written all."""
        tight, writes = self.width() < px(TIGHT_UNDER), not self.form.isHidden()
        self._left.setFixedWidth(round(TIGHT_SHARE * self.width()) if tight else px(LIST_WIDTH))
        self._left.setHidden(tight and writes)
        self._edge.setHidden(tight and writes)
        self.metrics.set_compact(tight)
        self.chart.set_brief(tight and writes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the form, then the sheet; `/` leads to the field; Ctrl and Return save the rule."""
        if event.key() == Qt.Key.Key_Escape:
            self._end_rule() if self.form.isVisible() else self.dismissed.emit()
        elif event.text() == "/":
            self._show_tab(METRICS)
            self.metrics.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() == Qt.Key.Key_Return:
            self.form.submit()
        else:
            super().keyPressEvent(event)

    def _show_tab(self, tab: int) -> None:
        self._tabs.choose(tab)
        self._lists.setCurrentIndex(tab)

    # metrics

    def _beat(self) -> None:
        self._ticks += 1
        self.chart.flush()
        if self._ticks % LIST_EVERY_TICKS == 0:
            self._ask_metrics()

    def _ask_metrics(self) -> None:
        if self._engine.state is EngineState.CONNECTED:
            self._engine.ask(
                lambda client: client.list_metrics(), self._take_metrics, lambda _: None, owner=self
            )

    def _take_metrics(self, metrics: tuple[Metric, ...]) -> None:
        self._metrics = {metric.name: metric for metric in metrics}
        self.metrics.show_metrics(metrics)
        self.chart.renew(self._metrics)

    def _choose(self, metric: Metric) -> None:
        self._end_rule()
        self.chart.show_metric(metric)
        self._pages.setCurrentIndex(CHART)

    # alert rules

    def _begin_rule(self) -> None:
        chart = self.chart.chart
        if chart is not None:
            self.form.begin(chart.choices, chart.unit, first_value(self.chart.values))
            self._show_form()

    def _edit(self, rule: AlertRule) -> None:
        metric = next((one for one in self._metrics.values() if _has(one, rule.series)), None)
        if metric is not None:
            self.metrics.choose(metric.name)
            self._choose(metric)
            self.chart.choose_part(rule.series.rpartition("|")[2])
        chart = self.chart.chart
        if chart is not None:
            self.form.edit(rule, chart.choices, chart.unit)
            self._show_form()

    def _show_form(self) -> None:
        self.form.show()
        self._share_out()
        self.chart.offer_alert("The rule below is not saved yet.")
        self.form.value.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.form.value.field.selectAll()

    def _end_rule(self) -> None:
        self.form.hide()
        self._share_out()
        self._trouble.tell("")
        self.chart.offer_alert("")
        self.chart.show_limit(None, ())

    def _try(self, rule: AlertRule | None) -> None:
        snapshot = self._engine.snapshot
        if rule is None or snapshot is None or not self.form.isVisible():
            return
        self.chart.show_limit(rule.value, ())

        def done(trial: AlertRuleTrial) -> None:
            if self.form.isVisible() and self.form.rule() == rule:
                self.form.show_trial(trial_text(trial.firings, self._offset_s, time.time_ns()))
                self.chart.show_limit(rule.value, trial_events(trial.firings, rule.severity))

        self._engine.ask(
            lambda client: client.try_alert_rule(rule, snapshot.started_ns),
            done,
            lambda why: self.form.show_trial(why, is_problem=True),
            owner=self,
        )

    def _save(self, rule: AlertRule) -> None:
        def done(rule_id: str) -> None:
            self._end_rule()
            self._show_tab(RULES)

        self._engine.ask(lambda client: client.save_alert_rule(rule), done, self._trouble.tell, owner=self)

    def _remove(self, rule_id: str) -> None:
        self._engine.ask(
            lambda client: client.remove_alert_rule(rule_id),
            lambda _: self._trouble.tell(""),
            self._trouble.tell,
            owner=self,
        )

    def _export(self, kind: str) -> None:
        def done(file: ExportedText) -> None:
            save_text(
                self.window(), file.name, file.text, lambda _: self._trouble.tell(""), self._trouble.tell
            )

        self._engine.ask(lambda client: client.export_monitoring(kind), done, self._trouble.tell, owner=self)


def _has(metric: Metric, series: str) -> bool:
    base = series.rpartition("|")[0] or series
    return any(one.base in (base, series) for one in metric.series)
