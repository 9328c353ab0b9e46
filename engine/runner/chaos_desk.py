"""The run's chaos: started by the facilitator or as a red herring, watched until it is seen, ended and read back."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.clock import Clock
from engine.drill import events as e
from engine.drill.errors import DrillError, Refusal
from engine.drill.state import ChaosState, DrillState
from engine.lab.chaos_effect import Points, Visible, effect
from engine.lab.graph import edge_name
from engine.lab.records import ChaosEnd, ChaosEnded, ChaosOrder
from engine.packs.chaos import (
    ACTIONS,
    ChaosAction,
    ChaosTarget,
    action_named,
    checked_duration_s,
    checked_intensity,
    seen_in,
)
from engine.packs.records import Herring, Pack
from engine.packs.topology import Protocol, Topology
from engine.runner.recorder import ENGINE, Recorder
from engine.runner.world import World
from engine.telemetry.metrics.series import SeriesStore

LOG = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
LOOKED_FOR_S = 30.0
"""an effect that is not measured by then is told as not seen"""
_BEFORE_S = 30
_WORDS = {
    ChaosEnd.UNDONE: "undone",
    ChaosEnd.TIME_OVER: "its time was over",
    ChaosEnd.HELPER_GONE: "the process that did it ended",
    ChaosEnd.ENVIRONMENT_ENDED: "the run was closed",
}


@dataclass(frozen=True, slots=True)
class ChaosWanted:
    """What to start; intensities that are left out are as usual. `lasts_s` None: as long as it may last."""

    action: str
    target: str
    intensity: Mapping[str, float]
    lasts_s: float | None = None
    pack: str = ""
    herring: str = ""


class ChaosDesk:
    """Every chaos action of one run. The log says what should be on; after a crash that is what comes on again."""

    def __init__(
        self,
        packs: Sequence[Pack],
        topology: Topology,
        world: World,
        recorder: Recorder,
        series: SeriesStore,
        clock: Clock,
    ) -> None:
        self._packs = packs
        self._edges = {edge_name(edge): edge.protocol for edge in topology.edges}
        self._services = tuple(spec.name for spec in topology.services)
        self._world = world
        self._recorder = recorder
        self._series = series
        self._clock = clock

    def menu(self) -> tuple[tuple[ChaosAction, tuple[str, ...]], ...]:
        """Every action with what it may be done to in this run."""
        return tuple((action, self._targets(action)) for action in ACTIONS.values())

    async def start(self, wanted: ChaosWanted, actor: str = ENGINE, role: str = ENGINE) -> str:
        """Record an action, then carry it out; returns its id. Raises DrillError where it cannot be."""
        action = action_named(wanted.action)
        intensity = checked_intensity(action, wanted.intensity)
        lasts_s = checked_duration_s(action, wanted.lasts_s)
        self._check_target(action, wanted.target)
        ends_ns = self._clock.wall_ns() + round(lasts_s * 1e9)
        name = secrets.token_hex(4)
        started = e.ChaosStarted(
            name, action.name, action.title, wanted.target, intensity, ends_ns, wanted.pack, wanted.herring
        )
        await self._recorder.act(lambda state: _unless_on(state, started), actor, role)
        await self._apply(started, lasts_s)
        return name

    async def start_herring(
        self, pack_id: str, herring_id: str, actor: str = ENGINE, role: str = ENGINE
    ) -> str:
        """Start a red herring of a scenario's level now. Raises DrillError where there is none of that id."""
        for pack in self._packs:
            for herring in pack.herrings:
                if (pack.id, herring.id) == (pack_id, herring_id):
                    return await self.start(_wanted(pack, herring), actor, role)
        raise DrillError(f"There is no red herring “{herring_id}” at this level.", Refusal.NOT_FOUND)

    async def stop(self, name: str, actor: str, role: str) -> None:
        """Undo an action, and record it once it was read back as off. Raises DrillError where it is not."""
        known = self._recorder.state.chaos.get(name)
        if known is None:
            raise DrillError("There is no such chaos action.", Refusal.NOT_FOUND)
        if known.ended_ns is not None:
            raise DrillError("This chaos action is over already.", Refusal.NOT_NOW)
        ended = await self._world.chaos.undo(name)
        if not ended.is_off:
            raise DrillError(f"{known.started.title} could not be undone: it reads back as on.")
        await self._recorder.act(lambda _: e.ChaosEnded(name, _WORDS[ChaosEnd.UNDONE]), actor, role)

    async def note_end(self, ended: ChaosEnded) -> None:
        """Record what ended without being asked; what somebody undid was recorded with who did it."""
        known = self._recorder.state.chaos.get(ended.order.id)
        if known is None or known.ended_ns is not None or ended.why is ChaosEnd.UNDONE:
            return
        how = _WORDS[ended.why] if ended.is_off else f"{_WORDS[ended.why]}, but it reads back as on"
        await self._recorder.note(e.ChaosEnded(ended.order.id, how))

    async def go_on(self) -> None:
        """After a crash: what should be on comes on again for the time that it has left; the rest is over."""
        now_ns = self._clock.wall_ns()
        for name, known in self._running():
            left_s = (known.started.ends_ns - now_ns) / 1e9
            if left_s > 0:
                await self._try(known.started, left_s)
            else:
                await self._recorder.note(e.ChaosEnded(name, "its time was over while the engine was down"))

    async def end_all(self) -> None:
        """Before the run is closed: undo everything and record it."""
        for name, known in self._running():
            ended = await self._world.chaos.undo(name, ChaosEnd.ENVIRONMENT_ENDED)
            how = _WORDS[ended.why] if ended.is_off else f"{_WORDS[ended.why]}, but it reads back as on"
            LOG.info("%s: %s", known.started.title, how)
            await self._recorder.note(e.ChaosEnded(name, how))

    async def tend(self) -> None:
        """Start red herrings when they are due, and look for effects, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            for pack, herring in tuple(self._due()):
                try:
                    await self.start(_wanted(pack, herring))
                except DrillError as refused:
                    LOG.error("the red herring %s could not be started: %s", herring.id, refused)
            for event in tuple(self._effects()):
                await self._recorder.note(event)

    def _running(self) -> list[tuple[str, ChaosState]]:
        return [(name, known) for name, known in self._recorder.state.chaos.items() if known.ended_ns is None]

    async def _apply(self, started: e.ChaosStarted, lasts_s: float) -> None:
        """Carry out what is recorded; what cannot be is recorded as over, and told."""
        order = ChaosOrder(started.chaos, started.action, started.target, started.intensity, lasts_s)
        try:
            await self._world.chaos.apply(order)
        except DrillError as refused:
            await self._recorder.note(e.ChaosEnded(started.chaos, f"could not be started: {refused}"))
            raise

    async def _try(self, started: e.ChaosStarted, lasts_s: float) -> None:
        try:
            await self._apply(started, lasts_s)
        except DrillError as refused:
            LOG.error("%s did not come on again: %s", started.title, refused)

    def _due(self) -> Iterator[tuple[Pack, Herring]]:
        """Herrings whose time after the trigger has come and that were not started since."""
        state, now_ns = self._recorder.state, self._clock.wall_ns()
        for pack in self._packs:
            scenario = state.scenarios.get(pack.id)
            if scenario is None or not scenario.running:
                continue
            since_s = (now_ns - scenario.triggered_wall_ns) / 1e9
            for herring in pack.herrings:
                was_on = any(
                    (known.started.pack, known.started.herring) == (pack.id, herring.id)
                    and known.started_ns >= scenario.triggered_wall_ns
                    for known in state.chaos.values()
                )
                if herring.after_s <= since_s < herring.after_s + herring.lasts_s and not was_on:
                    yield pack, herring

    def _effects(self) -> Iterator[e.ChaosObserved]:
        """What has been seen, or was looked for long enough; one that ends early is looked at once more."""
        now_ns = self._clock.wall_ns()
        for name, known in self._recorder.state.chaos.items():
            if known.observed is not None:
                continue
            found = self._effect(known)
            is_over = known.ended_ns is not None or (now_ns - known.started_ns) / 1e9 > LOOKED_FOR_S
            if isinstance(found, Visible) or is_over:
                yield e.ChaosObserved(name, isinstance(found, Visible), str(found))

    def _effect(self, known: ChaosState) -> object:
        watched = seen_in(ACTIONS[known.started.action], known.started.target, self._edges)
        began_s = known.started_ns / 1e9
        from_s, to_s = int(began_s) - _BEFORE_S, int(self._clock.wall_ns() / 1e9) + 1
        return effect(
            watched, {seen.series: self._points(seen.series, from_s, to_s) for seen in watched}, began_s
        )

    def _points(self, name: str, from_s: int, to_s: int) -> Points:
        values = self._series.values(name, from_s, to_s)
        kept = np.flatnonzero(~np.isnan(values))
        return [float(from_s + at) for at in kept], [float(values[at]) for at in kept]

    def _check_target(self, action: ChaosAction, target: str) -> None:
        allowed = self._targets(action)
        if target not in allowed:
            said = ", ".join(allowed) if any(allowed) else "no target, it acts on the whole machine"
            raise DrillError(f"{action.title} cannot be done to “{target}”. Allowed: {said}.")

    def _targets(self, action: ChaosAction) -> tuple[str, ...]:
        match action.target:
            case ChaosTarget.EDGE:
                return tuple(self._edges)
            case ChaosTarget.UPSTREAM:
                return tuple(name for name, protocol in self._edges.items() if protocol is Protocol.HTTP)
            case ChaosTarget.SERVICE:
                return self._services
            case ChaosTarget.HOST:
                return ("",)


def _unless_on(state: DrillState, started: e.ChaosStarted) -> e.ChaosStarted:
    """The event, unless the same is on there already."""
    for known in state.chaos.values():
        if known.ended_ns is None and (known.started.action, known.started.target) == (
            started.action,
            started.target,
        ):
            raise DrillError(f"{started.title} is on there already. Undo it first.", Refusal.NOT_NOW)
    return started


def _wanted(pack: Pack, herring: Herring) -> ChaosWanted:
    return ChaosWanted(
        herring.action, herring.target, herring.intensity, herring.lasts_s, pack.id, herring.id
    )
