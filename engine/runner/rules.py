"""The alert rules that people made: saved, tried against the past, and watched once a second."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from engine.clock import Clock
from engine.drill import acts
from engine.drill import events as e
from engine.drill.errors import DrillError, Refusal
from engine.drill.state import DrillState
from engine.packs.records import Condition, Pack
from engine.reports.monitoring import AlertRule
from engine.runner.monitor import LAG_S, changes, shown
from engine.runner.recorder import Recorder
from engine.telemetry.metrics.conditions import Firing, evaluate, firings
from engine.telemetry.metrics.series import SeriesStore

PREFIX = "rule."
"""Before a rule's id: what its alert is called."""
_OWNERS = "service."


class AlertRules:
    """The rules of one run."""

    def __init__(self, series: SeriesStore, recorder: Recorder, clock: Clock) -> None:
        self._series = series
        self._recorder = recorder
        self._clock = clock

    async def save(self, rule: e.AlertRuleSaved, actor: str, role: str) -> str:
        """Make a rule, or change the one with that id; returns its id. Raises DrillError."""
        rule = self._checked(rule)
        if not rule.rule:
            rule = replace(rule, rule=secrets.token_hex(4))
        await self._recorder.act(lambda state: acts.save_rule(state, rule), actor, role)
        return rule.rule

    async def remove(self, rule: str, actor: str, role: str) -> None:
        """Remove a rule; an alert of it that fires is over. Raises DrillError."""
        await self._recorder.act(lambda state: acts.remove_rule(state, rule), actor, role)

    def tried(self, rule: e.AlertRuleSaved, from_s: int) -> tuple[Firing, ...]:
        """When the rule would have fired since then. Raises DrillError."""
        acts.save_rule(self._recorder.state, replace(self._checked(rule), title=rule.title or "untitled"))
        to_s = self._clock.wall_ns() // 1_000_000_000 - LAG_S + 1
        return firings(condition_of(rule), self._series.values(rule.series, from_s, to_s), from_s)

    async def watch(self) -> None:
        """Look once a second until cancelled."""
        while True:
            await asyncio.sleep(1.0)
            now_s = self._clock.wall_ns() / 1e9 - LAG_S
            for event in tuple(self._findings(self._recorder.state, now_s)):
                await self._recorder.note(event)

    def _checked(self, rule: e.AlertRuleSaved) -> e.AlertRuleSaved:
        if self._series.latest(rule.series) is None:
            raise DrillError(
                f"Nothing of the series “{rule.series}” was measured in this run. Choose one that has values.",
                Refusal.NOT_FOUND,
            )
        return rule

    def _findings(self, state: DrillState, now_s: float) -> Iterator[e.Event]:
        for rule in state.rules.values():
            found = evaluate(condition_of(rule), self._series, now_s)
            yield from changes(state, PREFIX + rule.rule, found, partial(_fired, rule))
        for alert in state.open_alerts:
            if alert.startswith(PREFIX) and alert.removeprefix(PREFIX) not in state.rules:
                yield e.AlertResolved(alert)


def condition_of(rule: e.AlertRuleSaved) -> Condition:
    """What a rule asks."""
    return Condition(rule.series, rule.op, rule.value, rule.for_s)


def exported(packs: Sequence[Pack], state: DrillState) -> tuple[AlertRule, ...]:
    """Every alert of a run as monitoring tools know it: those of its scenarios, then people's own."""
    theirs = [
        AlertRule(one.title, one.detail, one.severity, one.service, one.condition)
        for pack in packs
        for one in pack.alerts
    ]
    own = [
        AlertRule(
            rule.title,
            f"{rule.series} is {{value}}, {_WORDS[rule.op]} {rule.value:g}",
            rule.severity,
            service_of(rule.series),
            condition_of(rule),
        )
        for rule in state.rules.values()
    ]
    return (*theirs, *own)


def service_of(series: str) -> str:
    """The service that a series is about; empty where it is about none."""
    return series.split(".")[1] if series.startswith(_OWNERS) else ""


def _fired(rule: e.AlertRuleSaved, value: float | None) -> e.Event:
    lasting = f" for {rule.for_s:g} s" if rule.for_s > 1 else ""
    detail = f"{rule.series} is {shown(value)}, {_WORDS[rule.op]} {rule.value:g}{lasting}"
    return e.AlertFired(PREFIX + rule.rule, rule.title, detail, rule.severity, service_of(rule.series))


_WORDS = {">": "above", ">=": "at or above", "<": "below", "<=": "at or below"}
