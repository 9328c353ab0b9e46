"""The owner's side of the actuators' process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.lab.actuators.place import Place
from engine.lab.lines.child import LineChild, OnExit, ignore_exit
from engine.lab.lines.owner import LineOwner

_UNDOING_S = 8.0
"""how long it may undo at its end before it is told again"""

OnOver = Callable[[str, bool], None]
"""called with an order that has ended because its time was over, and whether the system says that it is still on"""


def ignore_over(order_id: str, is_on: bool) -> None:
    """The `on_over` of an owner that reads back."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What is on, in words, and for how long at most."""

    detail: str
    lasts_s: float


class Actuators(LineOwner):
    """What is done to services and to the host. `async with Actuators(run_id) as actuators:`, or `start` and `stop`.

    Calls raise HelperFailed once the process is gone and LabError where it refuses. At its end, whoever ends it, it
    undoes everything first.
    """

    def __init__(self, run_id: str, on_exit: OnExit = ignore_exit, on_over: OnOver = ignore_over) -> None:
        super().__init__(LineChild("actuators", run_id, self._take, on_exit, rung_s=_UNDOING_S))
        self._on_over = on_over

    async def apply(
        self, action: str, place: Place, lasts_s: float | None = None, **intensity: float
    ) -> Applied:
        """Begin an action (`engine.packs.chaos` says which there are); None: for as long as it may last at most."""
        answer = await self._child.ask(
            "apply", action=action, place=place.as_message(), lasts_s=lasts_s, intensity=intensity
        )
        return Applied(answer["detail"], float(answer["lasts_s"]))

    async def undo(self, order_id: str) -> bool:
        """End an action; True if the system says that it is still on. Nothing happens where it is not on."""
        return bool((await self._child.ask("undo", id_of_order=order_id))["is_on"])

    async def active(self) -> Mapping[str, bool]:
        """Every order that has not ended, and whether the system says that it is on."""
        orders = (await self._child.ask("active"))["orders"]
        return {order_id: bool(found["is_on"]) for order_id, found in orders.items()}

    def _take(self, message: Mapping[str, Any]) -> None:
        if "over" in message:
            self._on_over(message["over"], bool(message["is_on"]))
