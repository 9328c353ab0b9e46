"""Alert rules of people's own on a real event log: they fire, are over, follow a change, and go with their alert."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.clock import SystemClock
from engine.drill import events as e
from engine.drill.errors import DrillError
from engine.packs.agendas import read_agenda
from engine.runner.recorder import Recorder
from engine.runner.rules import AlertRules
from engine.storage.event_log import EventLog
from engine.telemetry.metrics.series import SeriesStore

CLOCK = SystemClock()
RULE = e.AlertRuleSaved("", "Slow billing", "service.billing.p95_ms", ">", 400.0, 3.0, "critical")
WHO = ("participant", "participant")


class Room:
    """Rules, their series and their log; time goes on by `second`."""

    def __init__(self, folder: Path) -> None:
        self.log = EventLog(folder / "drill.sqlite")
        self.recorder = Recorder(self.log, read_agenda(), CLOCK)
        self.series = SeriesStore()
        self.rules = AlertRules(self.series, self.recorder, CLOCK)
        self.now_s = CLOCK.wall_ns() // 1_000_000_000 - 1000

    async def second(self, *values: float) -> None:
        """Seconds with these values, each looked at when it is over."""
        for value in values:
            self.now_s += 1
            self.series.add(RULE.series, self.now_s, value)
            for event in tuple(self.rules._findings(self.recorder.state, self.now_s)):
                await self.recorder.note(event)

    @property
    def alerts(self) -> list[tuple[str, bool]]:
        """Each alert's detail, and whether it is open."""
        return [(one.fired.detail, one.resolved_ns is None) for one in self.recorder.state.alerts]


def in_a_room(folder: Path, act: Callable[[Room], Awaitable[None]]) -> None:
    """Do it on an event loop, and close the log."""

    async def run() -> None:
        room = Room(folder)
        try:
            await act(room)
        finally:
            await asyncio.to_thread(room.log.close)

    asyncio.run(run())


def test_that_a_rule_fires_after_its_time_and_is_over_when_it_holds_no_more(tmp_path: Path) -> None:
    async def act(room: Room) -> None:
        await room.second(100.0)
        rule = await room.rules.save(RULE, *WHO)
        await room.second(500.0, 500.0)
        assert room.alerts == []
        await room.second(512.5)
        detail = "service.billing.p95_ms is 512.50, above 400 for 3 s"
        assert room.alerts == [(detail, True)]
        fired = room.recorder.state.alerts[0].fired
        assert (fired.alert, fired.service, fired.severity) == (f"rule.{rule}", "billing", "critical")
        await room.second(90.0)
        assert room.alerts == [(detail, False)]

    in_a_room(tmp_path, act)


def test_that_a_changed_rule_is_judged_anew_and_a_removed_one_takes_its_alert_along(tmp_path: Path) -> None:
    async def act(room: Room) -> None:
        await room.second(500.0, 500.0, 500.0)
        rule = await room.rules.save(RULE, *WHO)
        await room.second(500.0)
        await room.rules.save(replace(RULE, rule=rule, value=600.0), *WHO)
        await room.second(500.0)
        assert [is_open for _, is_open in room.alerts] == [False]
        await room.rules.save(replace(RULE, rule=rule), *WHO)
        await room.second(500.0)
        await room.rules.remove(rule, *WHO)
        await room.second(500.0)
        assert [is_open for _, is_open in room.alerts] == [False, False]

    in_a_room(tmp_path, act)


def test_that_a_rule_is_tried_on_the_past_and_on_what_was_measured_only(tmp_path: Path) -> None:
    async def act(room: Room) -> None:
        first_s = room.now_s + 1
        await room.second(500.0, 500.0, 500.0, 100.0)
        (fired,) = room.rules.tried(replace(RULE, title=""), first_s)
        assert (fired.from_s, fired.to_s) == (first_s + 2, first_s + 3)
        assert room.recorder.state.rules == {}
        with pytest.raises(DrillError, match="Nothing of the series"):
            room.rules.tried(replace(RULE, series="service.nobody.p95_ms"), first_s)
        with pytest.raises(DrillError, match="compares by"):
            room.rules.tried(replace(RULE, op="!="), first_s)

    in_a_room(tmp_path, act)


def test_that_rules_stay_with_the_run(tmp_path: Path) -> None:
    async def make(room: Room) -> None:
        await room.second(1.0)
        await room.rules.save(RULE, *WHO)

    async def look(room: Room) -> None:
        (rule,) = room.recorder.state.rules.values()
        assert replace(rule, rule="") == RULE

    in_a_room(tmp_path, make)
    in_a_room(tmp_path, look)
