"""One face for all chaos in an environment: on its edges, its services and the host."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.drill.errors import Refusal
from engine.lab.actuators import Actuators, Place
from engine.lab.actuators.place import created_at
from engine.lab.actuators.table import ACTUATORS
from engine.lab.actuators.undoing import is_still_on_after_undo
from engine.lab.data_folders import data_folder
from engine.lab.errors import HelperFailed, LabError
from engine.lab.proxy import Proxy
from engine.lab.records import ChaosApplied, ChaosEnd, ChaosEnded, ChaosOrder, HelperExited, LabEvent
from engine.packs.chaos import (
    ChaosAction,
    ChaosRefused,
    ChaosTarget,
    action_named,
    checked_duration_s,
    checked_intensity,
)
from engine.packs.topology import Protocol

_ON_EDGES = (ChaosTarget.EDGE, ChaosTarget.UPSTREAM)


@dataclass(frozen=True, slots=True)
class ChaosTargets:
    """What there is in an environment: edges `a->b` with their protocols, services, and each one's process."""

    edges: Mapping[str, Protocol]
    services: Collection[str]
    pid_of: Callable[[str], int | None]


@dataclass(frozen=True, slots=True)
class ActiveChaos:
    """An order that has not ended; `is_on` is read back from what carries it out."""

    order: ChaosOrder
    detail: str
    ends_in_s: float
    is_on: bool


@dataclass(frozen=True, slots=True)
class _Applied:
    order: ChaosOrder
    place: Place
    detail: str
    ends_s: float
    lasts_s: float


class Chaos:
    """Applies orders, ends them, and tells of both by `on_event` (`ChaosApplied`, `ChaosEnded`).

    Its tasks belong to `tasks`. The process for services and the host is started with the first order for one. Call
    `stop` on every way out, while the services still run.
    """

    def __init__(
        self,
        run_id: str,
        folder: Path,
        targets: ChaosTargets,
        proxy: Proxy,
        tasks: asyncio.TaskGroup,
        on_event: Callable[[LabEvent], None],
    ) -> None:
        self._run_id = run_id
        self._folder = folder
        self._targets = targets
        self._proxy = proxy
        self._tasks = tasks
        self._on_event = on_event
        self._turn = asyncio.Lock()
        self._actuators: Actuators | None = None
        self._on: dict[str, _Applied] = {}
        self._ended: dict[str, ChaosEnded] = {}
        self._numbers = itertools.count(1)

    async def apply(self, order: ChaosOrder) -> ChaosApplied:
        """Begin an action; it ends by `undo`, by itself, or with the environment.

        Raises ChaosRefused for an order that cannot be, LabError where the machine or the lab refuses.
        """
        async with self._turn:
            action = self._checked(order)
            intensity = checked_intensity(action, order.intensity)
            lasts_s = checked_duration_s(action, order.lasts_s)
            place = self._place(action, order)
            try:
                detail = await self._begin(action, order, place, intensity, lasts_s)
            except BaseException:
                # It may have begun: nobody would end it.
                await self._is_still_on(order, place)
                raise
            self._on[order.id] = _Applied(order, place, detail, time.monotonic() + lasts_s, lasts_s)
            applied = ChaosApplied(order, detail, lasts_s)
            self._on_event(applied)
            return applied

    async def undo(self, order_id: str, why: ChaosEnd = ChaosEnd.UNDONE) -> ChaosEnded:
        """End an order, read back that it is off, and say so; one that has ended is left as it is.

        Raises ChaosRefused for an order that there never was.
        """
        async with self._turn:
            return await self._undo(order_id, why)

    async def undo_all(self, why: ChaosEnd = ChaosEnd.UNDONE) -> tuple[ChaosEnded, ...]:
        """End every order."""
        async with self._turn:
            return tuple([await self._undo(order_id, why) for order_id in tuple(self._on)])

    async def active(self) -> tuple[ActiveChaos, ...]:
        """Every order that has not ended, in the order in which they began."""
        now_s = time.monotonic()
        found = []
        for applied in tuple(self._on.values()):
            is_on = await self._reads_on(applied.order)
            found.append(ActiveChaos(applied.order, applied.detail, max(0.0, applied.ends_s - now_s), is_on))
        return tuple(found)

    async def stop(self) -> None:
        """Undo everything and end the helper; safe to call twice."""
        try:
            await self.undo_all(ChaosEnd.ENVIRONMENT_ENDED)
        finally:
            actuators, self._actuators = self._actuators, None
            if actuators is not None:
                await actuators.stop()

    def edge_is_over(self, edge: str, kind: str) -> None:
        """The proxy has ended an impairment because its time was over."""
        for applied in tuple(self._on.values()):
            if (applied.order.target, applied.order.action) == (edge, kind):
                self._end_later(applied.order.id, ChaosEnd.TIME_OVER)

    def proxy_is_gone(self) -> None:
        """Nothing is on an edge that is not there."""
        for applied in tuple(self._on.values()):
            if action_named(applied.order.action).target in _ON_EDGES:
                self._end_later(applied.order.id, ChaosEnd.HELPER_GONE)

    def _checked(self, order: ChaosOrder) -> ChaosAction:
        action = action_named(order.action)
        if order.id in self._on or order.id in self._ended:
            raise ChaosRefused(f"There was an order {order.id!r} already. Each has an id of its own.")
        allowed = self._allowed(action)
        if order.target not in allowed:
            said = ", ".join(allowed) if any(allowed) else "no target: it acts on the host"
            raise ChaosRefused(f"{order.action} cannot act on {order.target!r}. Allowed: {said}.")
        for applied in self._on.values():
            if (applied.order.action, applied.order.target) == (order.action, order.target):
                where = f" on {order.target}" if order.target else ""
                raise ChaosRefused(
                    f"{order.action}{where} is on already, as {applied.order.id!r}. End that first.",
                    Refusal.NOT_NOW,
                )
        return action

    def _allowed(self, action: ChaosAction) -> tuple[str, ...]:
        edges = self._targets.edges
        match action.target:
            case ChaosTarget.EDGE:
                return tuple(edges)
            case ChaosTarget.UPSTREAM:
                return tuple(edge for edge, protocol in edges.items() if protocol is Protocol.HTTP)
            case ChaosTarget.SERVICE:
                return tuple(self._targets.services)
            case ChaosTarget.HOST:
                return ("",)

    def _place(self, action: ChaosAction, order: ChaosOrder) -> Place:
        # The id on a command line must be one word that no other order has.
        own_id = f"{self._run_id}-{next(self._numbers)}"
        if action.target is not ChaosTarget.SERVICE:
            return Place(self._run_id, own_id)
        pid = self._targets.pid_of(order.target) or 0
        folder = data_folder(self._folder, order.target).resolve()
        return Place(self._run_id, own_id, order.target, pid, created_at(pid) if pid else 0.0, str(folder))

    async def _begin(
        self,
        action: ChaosAction,
        order: ChaosOrder,
        place: Place,
        intensity: Mapping[str, float],
        lasts_s: float,
    ) -> str:
        if action.target in _ON_EDGES:
            await self._proxy.impair(order.target, order.action, lasts_s, **intensity)
            words = ", ".join(f"{name} = {value:g}" for name, value in intensity.items())
            return f"{order.target}: {words}" if words else order.target
        if self._actuators is None:
            actuators = Actuators(self._run_id, self._actuators_gone, self._order_is_over)
            await actuators.start()
            self._actuators = actuators
        return (await self._actuators.apply(order.action, place, lasts_s, **intensity)).detail

    async def _undo(self, order_id: str, why: ChaosEnd) -> ChaosEnded:
        applied = self._on.get(order_id)
        if applied is None:
            if order_id not in self._ended:
                raise ChaosRefused(f"There is no order {order_id!r}.", Refusal.NOT_FOUND)
            return self._ended[order_id]
        ended = ChaosEnded(applied.order, why, not await self._is_still_on(applied.order, applied.place))
        if ended.is_off:
            del self._on[order_id]
            self._ended[order_id] = ended
        self._on_event(ended)
        return ended

    async def _is_still_on(self, order: ChaosOrder, place: Place) -> bool:
        """End it, and what the system says then. Where its helper is gone, the undoing is done from here."""
        if order.action not in ACTUATORS:
            with suppress(HelperFailed):
                await self._proxy.clear(order.target, order.action)
            return await self._reads_on(order)
        if self._actuators is not None:
            with suppress(LabError):
                return await self._actuators.undo(place.order_id)
        actuator = ACTUATORS[order.action](place, order.intensity, 0.0)
        return await is_still_on_after_undo(actuator)

    async def _reads_on(self, order: ChaosOrder) -> bool:
        try:
            if order.action not in ACTUATORS:
                return order.action in (await self._proxy.impairments()).get(order.target, {})
            applied = self._on.get(order.id)
            if self._actuators is None or applied is None:
                return False
            return (await self._actuators.active()).get(applied.place.order_id, False)
        except HelperFailed:
            return False

    def _order_is_over(self, own_id: str, is_on: bool) -> None:
        for applied in tuple(self._on.values()):
            if applied.place.order_id == own_id:
                self._end_later(applied.order.id, ChaosEnd.TIME_OVER)

    def _actuators_gone(self, exit_code: int, last_lines: tuple[str, ...]) -> None:
        self._on_event(HelperExited("actuators", exit_code, last_lines))
        gone, self._actuators = self._actuators, None
        if gone is not None:
            self._tasks.create_task(gone.stop(), name="end of actuators")
        for applied in tuple(self._on.values()):
            if applied.order.action in ACTUATORS:
                self._end_later(applied.order.id, ChaosEnd.HELPER_GONE)

    def _end_later(self, order_id: str, why: ChaosEnd) -> None:
        self._tasks.create_task(self._end(order_id, why), name=f"end {order_id}")

    async def _end(self, order_id: str, why: ChaosEnd) -> None:
        async with self._turn:
            if order_id in self._on:
                await self._undo(order_id, why)
