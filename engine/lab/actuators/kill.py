"""A service that dies."""

from __future__ import annotations

from engine.lab.actuators.actuator import Actuator, Impossible


class Kill(Actuator):
    """Kills the service's process once; its supervisor starts it again."""

    async def apply(self) -> str:
        """Kill it."""
        process = self.place.process()
        if process is None:
            raise Impossible(f"{self.place.service} is not running")
        process.kill()
        return f"process {process.pid} of {self.place.service} was killed"

    def is_on(self) -> bool:
        """Never: it is a moment, and what comes after it is the supervisor's."""
        return False

    async def undo(self) -> None:
        """There is nothing to undo."""
