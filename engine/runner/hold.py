"""Live traffic stands still while the judge measures times: for a bounded while, and marked on the charts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from engine.clock import Clock
from engine.drill import events as e
from engine.runner.recorder import Recorder
from engine.runner.world import World

LOG = logging.getLogger(__name__)

LONGEST_HOLD_S = 20.0
"""in one judgement; a judge that measures longer measures beside live traffic"""


class TrafficHold:
    """`allowance` is what one judgement asks with; `work` holds and releases until cancelled."""

    def __init__(self, world: World, recorder: Recorder, clock: Clock) -> None:
        self._world = world
        self._recorder = recorder
        self._clock = clock
        self._is_asked = False
        self._left_s = 0.0
        self._changed = asyncio.Event()

    def allowance(self) -> Callable[[bool], None]:
        """For one judgement: to let live traffic stand still, or go on. The judgement before it is over."""
        self._left_s = LONGEST_HOLD_S
        return self._ask

    def _ask(self, held: bool) -> None:
        self._is_asked = held
        self._changed.set()

    async def work(self) -> None:
        """Carry out what is asked."""
        while True:
            await self._change()
            if self._is_asked and self._left_s > 0:
                await self._hold()

    async def _hold(self) -> None:
        began_ns = self._clock.monotonic_ns()
        await self._world.hold()
        await self._mark("Live traffic held: a fix is being timed")
        try:
            async with asyncio.timeout(self._left_s):
                while self._is_asked:
                    await self._change()
        except TimeoutError:
            LOG.warning("the judge wanted live traffic held for more than %.0f s", LONGEST_HOLD_S)
        self._left_s -= (self._clock.monotonic_ns() - began_ns) / 1e9
        await self._world.release(self._recorder.state.opened_ns)
        await self._mark("Live traffic goes on")

    async def _change(self) -> None:
        await self._changed.wait()
        self._changed.clear()

    async def _mark(self, text: str) -> None:
        await self._recorder.note(e.MomentMarked(text, self._clock.wall_ns()))
