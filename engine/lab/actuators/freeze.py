"""A service that stands still."""

from __future__ import annotations

import psutil

from engine.lab.actuators.actuator import Actuator, Impossible


class Freeze(Actuator):
    """Suspends the service's process; a process that ended meanwhile is no longer frozen."""

    async def apply(self) -> str:
        """Suspend it."""
        process = self.place.process()
        if process is None:
            raise Impossible(f"{self.place.service} is not running")
        process.suspend()
        return f"process {process.pid} of {self.place.service} stands still"

    def is_on(self) -> bool:
        """Whether the system says that it is stopped."""
        process = self.place.process()
        try:
            return process is not None and process.status() == psutil.STATUS_STOPPED
        except psutil.Error:
            return False

    async def undo(self) -> None:
        """Let it run."""
        process = self.place.process()
        if process is not None:
            process.resume()
