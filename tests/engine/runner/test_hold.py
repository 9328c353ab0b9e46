"""How long live traffic stands still while a fix is timed."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from engine.clock import SystemClock
from engine.runner import hold
from engine.runner.hold import TrafficHold


class World:
    """Clients that note when they are told to stand still and to go on."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def hold(self) -> None:
        self.told.append("hold")

    async def release(self, opened_ns: int) -> None:
        self.told.append("release")


class Recorder:
    """An event log that keeps the moments that were marked."""

    def __init__(self) -> None:
        self.state = cast("Any", self)
        self.opened_ns = 0
        self.moments: list[str] = []

    async def note(self, event: Any) -> None:
        self.moments.append(event.text)


def told(monkeypatch: pytest.MonkeyPatch, longest_s: float, *steps: str | float) -> tuple[World, Recorder]:
    """What the clients were told: each step is `judge` (a new one begins), `hold`, `go on`, or seconds to wait."""
    monkeypatch.setattr(hold, "LONGEST_HOLD_S", longest_s)
    world, recorder = World(), Recorder()

    async def scenario() -> None:
        held = TrafficHold(cast("Any", world), cast("Any", recorder), SystemClock())
        async with asyncio.TaskGroup() as tasks:
            working = tasks.create_task(held.work())
            ask = held.allowance()
            for step in steps:
                if isinstance(step, float):
                    await asyncio.sleep(step)
                elif step == "judge":
                    ask = held.allowance()
                else:
                    ask(step == "hold")
                    await asyncio.sleep(0.01)
            working.cancel()

    asyncio.run(scenario())
    return world, recorder


def test_that_clients_stand_still_for_as_long_as_the_judge_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    world, recorder = told(monkeypatch, 5.0, "hold", "go on", "hold", "go on")
    assert world.told == ["hold", "release", "hold", "release"]
    assert recorder.moments == ["Live traffic held: a fix is being timed", "Live traffic goes on"] * 2


def test_that_all_holds_of_one_judgement_share_one_allowance(monkeypatch: pytest.MonkeyPatch) -> None:
    world, _ = told(monkeypatch, 0.1, "hold", 0.3, "go on", "hold", "go on")
    assert world.told == ["hold", "release"]


def test_that_the_next_judgement_has_its_own_allowance(monkeypatch: pytest.MonkeyPatch) -> None:
    world, _ = told(monkeypatch, 0.1, "hold", 0.3, "go on", "judge", "hold", "go on")
    assert world.told == ["hold", "release"] * 2
