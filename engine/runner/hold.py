"""Live traffic stands still while the judge measures times: for a bounded while, and marked on the charts."""

from __future__ import annotations

import asyncio
import logging

from engine.clock import Clock
from engine.drill import events as e
from engine.runner.recorder import Recorder
from engine.runner.world import World

LOG = logging.getLogger(__name__)

LONGEST_HOLD_S = 20.0
"""a judge that measures longer measures beside live traffic"""


class TrafficHold:
    """`ask` when something changes; `work` holds and releases until cancelled."""

    def __init__(self, world: World, recorder: Recorder, clock: Clock) -> None:
        self._world = world
        self._recorder = recorder
        self._clock = clock
        self._is_asked = False
        self._changed = asyncio.Event()

    def ask(self, held: bool) -> None:
        """Let live traffic stand still, or go on."""
        self._is_asked = held
        self._changed.set()

    async def work(self) -> None:
        """Carry out what is asked."""
        while True:
            await self._change()
            if self._is_asked:
                await self._hold()

    async def _hold(self) -> None:
        await self._world.hold()
        await self._mark("Live traffic held: a fix is being timed")
        try:
            async with asyncio.timeout(LONGEST_HOLD_S):
                while self._is_asked:
                    await self._change()
        except TimeoutError:
            LOG.warning("the judge wanted live traffic held for more than %.0f s", LONGEST_HOLD_S)
        await self._world.release(self._recorder.state.opened_ns)
        await self._mark("Live traffic goes on")

    async def _change(self) -> None:
        await self._changed.wait()
        self._changed.clear()

    async def _mark(self, text: str) -> None:
        await self._recorder.note(e.MomentMarked(text, self._clock.wall_ns()))
