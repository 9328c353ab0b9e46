"""An alert rule of somebody's own: what it asks of a series, tried against the past before it is saved."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.signals.ruling import LONGEST_FOR_S, OPERATORS, SENT, SEVERITIES, USUAL_FOR_S, usual_title
from app.theme import Icon, Token, px
from app.widgets import Button, ButtonKind, Field, Line, MenuChoice, MenuOption, NumberCell, Segmented, Text
from app.widgets.charts import Unit
from app.widgets.numbers import BadNumber
from protos.drill.v1.records import AlertRule

TRY_AFTER_MS = 250
UNIT_WORDS = {
    Unit.MILLISECONDS: "ms",
    Unit.PER_SECOND: "/s",
    Unit.CENTS: "cents",
    Unit.PERCENT: "%",
    Unit.MEGABYTES: "MB",
    Unit.COUNT: "",
}
MOST = 1e12


class RuleForm(QWidget):
    """`changed` carries an AlertRule to try, None while it cannot be one; `wanted` carries the one to save."""

    changed = Signal(object)
    wanted = Signal(object)
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rule_id = ""
        self._unit = Unit.COUNT
        self._is_named = False
        self._words: dict[str, str] = {}
        self._due = QTimer(self, singleShot=True, interval=TRY_AFTER_MS)
        self._due.timeout.connect(lambda: self.changed.emit(self.rule()))
        self.series = MenuChoice("Series", "No series")
        self.operator = Segmented(OPERATORS, name="How to compare")
        self.value = NumberCell("Limit", "", 1.0, (-MOST, MOST), "The rule compares with it.", remark="")
        held = "So long the condition holds before the alert fires."
        self.held = NumberCell("For", "s", USUAL_FOR_S, (0.0, LONGEST_FOR_S), held)
        self.severity = Segmented(SEVERITIES, name="Severity")
        self.title = Field("What people read when it fires", name="Name of the rule")
        self.title.setMaxLength(80)
        self.title.keep_on_escape()
        self._trial = Text("", 12, ink=Token.TEXT2)
        self.cancel = Button("Cancel", ButtonKind.OUTLINE, keys="Esc", small=True)
        self.save = Button("Save rule", ButtonKind.PRIMARY, Icon.BELL, "Ctrl+Return", small=True)
        self._lay_out()
        self._connect()

    def begin(self, choices: Sequence[tuple[str, str]], unit: Unit, limit: float) -> None:
        """A new rule on one of these series; each has its words."""
        self._rule_id, self._unit, self._is_named = "", unit, False
        self.series.set_options([MenuOption(name, words) for name, words in choices])
        self._words = dict(choices)
        self.value.set_unit(UNIT_WORDS[unit])
        self.value.set_value(limit)
        self.held.set_value(USUAL_FOR_S)
        self.operator.choose(0)
        self.severity.choose(0)
        self._rename()
        self._check()

    def edit(self, rule: AlertRule, choices: Sequence[tuple[str, str]], unit: Unit) -> None:
        """Change a rule that there is."""
        known = dict(choices)
        own = [] if rule.series in known else [(rule.series, rule.series)]
        self.begin([*own, *choices], unit, rule.value)
        self._rule_id, self._is_named = rule.id, True
        self.series.choose(rule.series)
        self.operator.choose(SENT.index(rule.op) if rule.op in SENT else 0)
        self.severity.choose(SEVERITIES.index(rule.severity) if rule.severity in SEVERITIES else 0)
        self.held.set_value(rule.for_s)
        self.title.setText(rule.title)
        self._check()

    def rule(self) -> AlertRule | None:
        """What the form says; None while a number is wrong."""
        try:
            value, held = self.value.value, self.held.value
        except BadNumber:
            return None
        return AlertRule(
            id=self._rule_id,
            title=self.title.text().strip() or self._usual_title(value),
            series=self.series.current,
            op=SENT[self.operator.current],
            value=value,
            for_s=held,
            severity=SEVERITIES[self.severity.current],
        )

    def show_trial(self, words: str, is_problem: bool = False) -> None:
        """What trying it on the past has shown."""
        self._trial.setText(words)
        self._trial.set_ink(Token.CRIT_TEXT if is_problem else Token.TEXT2)

    def submit(self) -> None:
        """Save what the form says; the first wrong number gets the keyboard instead."""
        rule = self.rule()
        if rule is not None:
            self.wanted.emit(rule)
            return
        wrong = self.value if self.value.problem else self.held
        wrong.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _connect(self) -> None:
        self.series.chosen.connect(lambda _: self._note())
        self.operator.chosen.connect(lambda _: self._note())
        self.severity.chosen.connect(lambda _: self._note())
        self.value.changed.connect(self._note)
        self.held.changed.connect(self._note)
        self.title.textEdited.connect(lambda text: self._name(bool(text.strip())))
        self.cancel.clicked.connect(self.dismissed)
        self.save.clicked.connect(self.submit)
        for field in (self.value.field, self.held.field, self.title):
            field.returnPressed.connect(self.submit)
            field.escaped.connect(self.dismissed)

    def _note(self) -> None:
        self._rename()
        self._check()

    def _name(self, is_named: bool) -> None:
        self._is_named = is_named
        self._check()

    def _check(self) -> None:
        problem = self.value.problem or self.held.problem
        self.save.set_disabled_reason(problem)
        if problem:
            self.show_trial(problem, is_problem=True)
        self._due.start()

    def _rename(self) -> None:
        """As long as nobody has named it, the hint says how it will be called."""
        if not self._is_named:
            self.title.clear()
        try:
            self.title.setPlaceholderText(self._usual_title(self.value.value))
        except BadNumber:
            self.title.setPlaceholderText("")

    def _usual_title(self, value: float) -> str:
        return usual_title(
            self._words.get(self.series.current, ""), SENT[self.operator.current], value, self._unit
        )[:80]

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(14), px(12), px(14), px(12))
        column.setSpacing(px(10))
        first, second, last = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (first, second, last):
            row.setSpacing(px(10))
        first.addLayout(_named("Fires while", self.series), 1)
        first.addLayout(_named("is", self.operator))
        first.addWidget(self.value)
        first.addWidget(self.held)
        for cell in (self.value, self.held):
            cell.setFixedWidth(px(132))
        second.addLayout(_named("Name", self.title), 1)
        second.addLayout(_named("Severity", self.severity))
        last.addWidget(self._trial, 1)
        last.addWidget(self.cancel)
        last.addWidget(self.save)
        for row in (first, second, last):
            column.addLayout(row)


def _named(label: str, widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(px(3))
    column.addWidget(Line(label, 11, ink=Token.TEXT2))
    column.addWidget(widget)
    return column
