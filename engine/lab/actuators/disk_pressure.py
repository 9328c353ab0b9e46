"""A service's folder that is nearly full."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from engine.lab.actuators.actuator import Actuator, Impossible
from engine.lab.data_folders import BALLAST, used_bytes

_PIECE = bytes(1_000_000)
_LEFT_FREE_BYTES = 1_000_000_000
"""of the laptop's disk, whatever was asked for"""


class DiskPressure(Actuator):
    """A real file fills the folder up to `percent` of its quota."""

    async def apply(self) -> str:
        """Write it."""
        folder = Path(self.place.folder)
        wanted = int(self.place.quota_bytes * self.intensity["percent"] / 100.0) - used_bytes(folder)
        if shutil.disk_usage(folder).free - wanted < _LEFT_FREE_BYTES:
            raise Impossible("less than 1 GB of this machine's disk would stay free")
        await asyncio.to_thread(_fill, self._ballast, max(0, wanted))
        return f"{max(0, wanted) / 1e6:.1f} MB more in the folder of {self.place.service}"

    def is_on(self) -> bool:
        """Whether the file is there."""
        return self._ballast.exists()

    async def undo(self) -> None:
        """Remove it."""
        self._ballast.unlink(missing_ok=True)

    @property
    def _ballast(self) -> Path:
        return Path(self.place.folder) / BALLAST


def _fill(file: Path, size: int) -> None:
    with file.open("wb") as writing:
        for at in range(0, size, len(_PIECE)):
            writing.write(_PIECE[: size - at])
