"""How a service process comes to be: forked from a warm zygote where the system can fork, spawned elsewhere."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Protocol

from engine.lab.child import Child


class Launcher(Protocol):
    """Makes service processes."""

    async def start(self) -> None:
        """Get ready to launch. Raises HelperFailed."""
        ...

    async def launch(self) -> Child:
        """A new process. Raises HelperFailed."""
        ...

    async def guard(self, pid: int, number: int) -> None:
        """Have the group of `pid` signalled when we are gone, where the system has no death signal."""
        ...

    async def stop(self) -> None:
        """End what is only there to launch; the children were ended before."""
        ...


def choose_launcher(run_id: str, log: Path, tasks: asyncio.TaskGroup) -> Launcher:
    """The fastest launcher that this system has."""
    if sys.platform == "win32":
        from engine.lab.spawn import Spawn

        return Spawn(run_id, tasks)
    from engine.lab.zygote import Zygote

    return Zygote(run_id, log, tasks)
