"""The one interface of everything that is done to a service or to the host."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from engine.lab.actuators.place import Place


class Impossible(Exception):
    """It cannot be done here and now; the words say why."""


class Actuator(ABC):
    """One action on one place. `undo` may be called again, also by an object that never applied it."""

    def __init__(self, place: Place, intensity: Mapping[str, float], lasts_s: float) -> None:
        self.place = place
        self.intensity = intensity
        self.lasts_s = lasts_s

    @abstractmethod
    async def apply(self) -> str:
        """Do it; returns in words what is on. Raises Impossible."""

    @abstractmethod
    def is_on(self) -> bool:
        """Whether it is on now, as the system says."""

    @abstractmethod
    async def undo(self) -> None:
        """End it; nothing happens where it is not on."""
