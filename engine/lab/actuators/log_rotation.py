"""A log that cannot be rotated."""

from __future__ import annotations

from pathlib import Path

from engine.lab.actuators.actuator import Actuator
from engine.lab.data_folders import ROTATED_LOG, clear_the_way, set_in_the_way


class LogRotation(Actuator):
    """A folder stands where the rotated log belongs: the rename fails, and the log grows into its quota."""

    async def apply(self) -> str:
        """Put it there."""
        set_in_the_way(Path(self.place.folder))
        return f"a folder stands in the way of {ROTATED_LOG} of {self.place.service}"

    def is_on(self) -> bool:
        """Whether it stands there."""
        return (Path(self.place.folder) / ROTATED_LOG).is_dir()

    async def undo(self) -> None:
        """Take it away and put back what was there."""
        clear_the_way(Path(self.place.folder))
