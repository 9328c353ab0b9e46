"""Stress tests of the live system: asked for by the facilitator, one at a time, each with its outcome in the log."""

from __future__ import annotations

import asyncio

from engine.drill import events as e
from engine.drill.errors import DrillError, Refusal
from engine.drill.state import DrillState
from engine.packs.records import Pack
from engine.runner.recorder import Recorder
from engine.runner.world import STRESS, World

LEAST_S, MOST_S = 2.0, 60.0
"""how long a burst may last"""


class StressTests:
    """`ask` for one; `work` plays it and records what came of it."""

    def __init__(self, world: World, recorder: Recorder) -> None:
        self._world = world
        self._recorder = recorder
        self._asked: asyncio.Queue[tuple[Pack, float]] = asyncio.Queue()

    async def ask(self, pack: Pack, seconds: float, actor: str, role: str) -> None:
        """Record that a burst of the scenario's stress traffic begins, and begin it. Raises DrillError."""
        if not LEAST_S <= seconds <= MOST_S:
            raise DrillError(f"A stress test takes {LEAST_S:.0f} to {MOST_S:.0f} seconds, not {seconds:g}.")
        if all(profile.name != STRESS for profile in pack.profiles):
            raise DrillError(f"{pack.title} has no stress traffic.", Refusal.NOT_FOUND)
        event = e.StressStarted(pack.codename, seconds)
        await self._recorder.act(lambda state: _unless_running(state, event), actor, role)
        self._asked.put_nowait((pack, seconds))

    async def work(self) -> None:
        """Play what is asked for, until cancelled."""
        while True:
            pack, seconds = await self._asked.get()
            try:
                measured = await self._world.stress(pack, self._recorder.state.opened_ns, seconds)
            except DrillError as problem:
                measured = f"could not be run: {problem}"
            await self._recorder.note(e.StressFinished(pack.codename, measured))


def _unless_running(state: DrillState, event: e.StressStarted) -> e.StressStarted:
    if any(not stress.measured for stress in state.stress):
        raise DrillError("A stress test is running already. Wait for its end.", Refusal.NOT_NOW)
    return event
