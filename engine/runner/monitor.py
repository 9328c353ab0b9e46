"""What the engine watches by itself, once a second: the pack's alerts and its symptom."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator
from functools import partial

from engine.clock import Clock
from engine.drill import events as e
from engine.drill.state import DrillState
from engine.packs.records import AlertSpec, Pack
from engine.runner.recorder import Recorder
from engine.telemetry.metrics.conditions import ConditionState, evaluate
from engine.telemetry.metrics.series import SeriesStore

LAG_S = 1
"""a second is judged when it is over, so that late figures have arrived"""


class Monitor:
    """Notes alerts that begin and end, and the symptom when it is first measured after a trigger."""

    def __init__(self, pack: Pack, series: SeriesStore, recorder: Recorder, clock: Clock) -> None:
        self._pack = pack
        self._series = series
        self._recorder = recorder
        self._clock = clock

    async def watch(self) -> None:
        """Look once a second until cancelled."""
        while True:
            await asyncio.sleep(1.0)
            now_s = self._clock.wall_ns() / 1e9 - LAG_S
            for event in tuple(self._findings(self._recorder.state, now_s)):
                await self._recorder.note(event)

    def _findings(self, state: DrillState, now_s: float) -> Iterator[e.Event]:
        for alert in self._pack.alerts:
            found = evaluate(alert.condition, self._series, now_s)
            name = alert_name(self._pack, alert)
            yield from changes(state, name, found, partial(_fired, name, alert))
        yield from self._symptom(state, now_s)

    def _symptom(self, state: DrillState, now_s: float) -> Iterator[e.Event]:
        scenario = state.scenarios.get(self._pack.id)
        if scenario is None or scenario.triggered_ms is None or scenario.symptom_ms is not None:
            return
        condition = self._pack.symptom.condition
        found = evaluate(condition, self._series, now_s)
        if found.held and found.value is not None and now_s * 1e9 >= scenario.triggered_wall_ns:
            yield e.SymptomConfirmed(self._pack.id, f"{condition.series} = {shown(found.value)}")


def changes(
    state: DrillState, name: str, found: ConditionState, fired: Callable[[float | None], e.Event]
) -> Iterator[e.Event]:
    """What an alert's condition changes: it fires or is over. Where nothing is known it stays as it is."""
    firing = name in state.open_alerts
    if found.held and not firing:
        yield fired(found.value)
    elif firing and not found.held and found.value is not None:
        yield e.AlertResolved(name)


def shown(value: float | None) -> str:
    """A measured value for people: whole where it is whole, else two decimals."""
    if value is None or math.isnan(value):
        return "not measured"
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


def alert_name(pack: Pack, alert: AlertSpec) -> str:
    """How an alert is called in a run, which may have several packs."""
    return f"{pack.codename}.{alert.id}"


def _fired(name: str, alert: AlertSpec, value: float | None) -> e.Event:
    detail = alert.detail.replace("{value}", shown(value))
    return e.AlertFired(name, alert.title, detail, alert.severity, alert.service)
