"""The actuators' process: does what its owner orders, and undoes all of it before it ends, whoever ends it.

It outlives a killed owner for as long as the undoing takes: the end of its stdin tells it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.lab.actuators.actuator import Actuator, Impossible
from engine.lab.actuators.place import Place
from engine.lab.actuators.table import ACTUATORS
from engine.lab.actuators.undoing import is_still_on_after_undo
from engine.lab.lines.server import LineServer, Refused, run_helper
from engine.packs.chaos import ChaosRefused, action_named, checked_duration_s, checked_intensity


def main(arguments: Sequence[str]) -> int:
    """Run until stdin ends."""
    return run_helper(serve, fast_loop=False, outlives_owner=True)


async def serve(lines: LineServer) -> None:
    """Answer commands; undo everything at the end."""
    async with asyncio.TaskGroup() as tasks:
        desk = _Desk(lines, tasks)
        if sys.platform != "win32":
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGTERM, lambda: tasks.create_task(desk.leave(), name="leave"))
        try:
            await lines.serve(desk.handle)
        finally:
            await desk.undo_all()


@dataclass(slots=True)
class _Order:
    """An action that is on, and when it ends by itself."""

    actuator: Actuator
    ends_s: float
    timer: asyncio.TimerHandle


class _Desk:
    """The actions that are on, by order."""

    def __init__(self, lines: LineServer, tasks: asyncio.TaskGroup) -> None:
        self._lines = lines
        self._tasks = tasks
        self._loop = asyncio.get_running_loop()
        self._on: dict[str, _Order] = {}

    async def handle(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        """Carry out one command of the owner."""
        match command["command"]:
            case "apply":
                return await self._apply(command)
            case "undo":
                return {"is_on": await self._undo(command["id_of_order"])}
            case "active":
                return {"orders": await asyncio.to_thread(self._active)}
            case unknown:
                raise Refused(f"the actuators know no command {unknown!r}")

    async def undo_all(self) -> None:
        """End everything that is on, side by side."""
        async with asyncio.TaskGroup() as undoing:
            for order_id in tuple(self._on):
                undoing.create_task(self._undo(order_id), name=f"undo {order_id}")

    async def leave(self) -> None:
        """Undo everything and end: the thread that reads commands cannot be woken."""
        await self.undo_all()
        os._exit(0)

    async def _apply(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        place = Place(**command["place"])
        if place.order_id in self._on:
            raise Refused(f"the order {place.order_id!r} is on already")
        actuator, lasts_s = _checked(command, place)
        timer = self._loop.call_later(lasts_s, self._end, place.order_id)
        # Noted before it is done: what is done by halves is undone too.
        self._on[place.order_id] = _Order(actuator, self._loop.time() + lasts_s, timer)
        try:
            detail = await actuator.apply()
        except (Impossible, OSError) as error:
            await self._undo(place.order_id)
            raise Refused(str(error)) from error
        return {"detail": detail, "lasts_s": lasts_s}

    async def _undo(self, order_id: str) -> bool:
        """End one; True if the system says that it is still on, so that it can be tried again."""
        order = self._on.get(order_id)
        if order is None:
            return False
        order.timer.cancel()
        is_on = await is_still_on_after_undo(order.actuator)
        if not is_on:
            self._on.pop(order_id, None)
        return is_on

    def _end(self, order_id: str) -> None:
        self._tasks.create_task(self._time_over(order_id), name=f"end {order_id}")

    async def _time_over(self, order_id: str) -> None:
        is_on = await self._undo(order_id)
        self._lines.send({"over": order_id, "is_on": is_on})

    def _active(self) -> Mapping[str, Any]:
        now_s = self._loop.time()
        return {
            order_id: {"is_on": order.actuator.is_on(), "ends_in_s": order.ends_s - now_s}
            for order_id, order in tuple(self._on.items())
        }


def _checked(command: Mapping[str, Any], place: Place) -> tuple[Actuator, float]:
    name = command["action"]
    if name not in ACTUATORS:
        raise Refused(f"there is no {name!r} for a service or the host; there are: {', '.join(ACTUATORS)}")
    action = action_named(name)
    try:
        intensity = checked_intensity(action, command["intensity"])
        lasts_s = checked_duration_s(action, command["lasts_s"])
    except ChaosRefused as refused:
        raise Refused(str(refused)) from refused
    return ACTUATORS[name](place, intensity, lasts_s), lasts_s
