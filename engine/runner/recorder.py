"""The log while it grows: durable first, then folded for each audience, then told to whoever watches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from engine.clock import Clock
from engine.drill.agenda import Agenda
from engine.drill.audience import Audience, may_see
from engine.drill.events import Event, Recorded
from engine.drill.state import DrillState, apply
from engine.storage.event_log import EventLog

ENGINE = "engine"
"""the actor of what the engine itself notes"""


@dataclass
class _View:
    """What one audience has seen so far; `events[n - 1]` has the audience's own number n."""

    events: list[Recorded] = field(default_factory=list)
    state: DrillState = field(default_factory=DrillState)


class Recorder:
    """Appends events and answers what each audience may know. Lives on one event loop."""

    def __init__(self, log: EventLog, agenda: Agenda, clock: Clock) -> None:
        self._log = log
        self._agenda = agenda
        self._clock = clock
        self._order = asyncio.Lock()
        self._changed = asyncio.Event()
        self._views = {audience: _View() for audience in Audience}
        for recorded in log.read():
            self._fold(recorded)

    @property
    def state(self) -> DrillState:
        """All of it, as the facilitator knows it."""
        return self._views[Audience.FACILITATOR].state

    def view(self, audience: Audience) -> tuple[int, DrillState]:
        """The audience's newest number, and the state folded from what it may see."""
        view = self._views[audience]
        return len(view.events), view.state

    def whole_log(self) -> tuple[Recorded, ...]:
        """Every event so far."""
        return tuple(self._views[Audience.FACILITATOR].events)

    def log(self, audience: Audience, after: int = 0) -> list[Recorded]:
        """The audience's events with numbers above `after`."""
        return self._views[audience].events[max(0, after) :]

    async def act(
        self, decide: Callable[[DrillState], Event], actor: str = ENGINE, role: str = ENGINE
    ) -> Recorded:
        """Record what `decide` makes of the state now. Returns when it is on disk; refusals pass through."""
        async with self._order:
            state = self.state
            event = decide(state)
            wall_ns = self._clock.wall_ns()
            recorded = Recorded(
                state.sequence + 1, wall_ns, state.clock.drill_ms(wall_ns), actor, role, event
            )
            await asyncio.wrap_future(self._log.append(recorded))
            self._fold(recorded)
        self.wake()
        return recorded

    async def note(self, event: Event) -> Recorded:
        """Record what the engine itself saw happen."""
        return await self.act(lambda _: event)

    def wake(self) -> None:
        """Tell watchers that something changed, in the log or beside it."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def changes(self, every_s: float) -> AsyncIterator[None]:
        """One item now, and one after each change, at most one each `every_s` seconds."""
        while True:
            changed = self._changed
            yield
            await changed.wait()
            await asyncio.sleep(every_s)

    def _fold(self, recorded: Recorded) -> None:
        for audience, view in self._views.items():
            if may_see(audience, recorded.event):
                view.events.append(recorded)
                view.state = apply(self._agenda, view.state, recorded)
