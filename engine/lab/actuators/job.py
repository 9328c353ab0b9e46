"""The owner's side of a job that loads the host: one capped process at the lowest priority."""

from __future__ import annotations

import asyncio
import contextlib
from abc import abstractmethod
from asyncio.subprocess import PIPE, Process

import psutil

from engine.lab.actuators.actuator import Actuator, Impossible
from engine.lab.modes import child_environment, mode_command
from engine.lab.sweep import find_processes

_READY_WITHIN_S = 30.0
_GONE_WITHIN_S = 5.0


class Job(Actuator):
    """Runs `engine.lab.actuators.job_process`, which ends by itself after `lasts_s` or when its stdin ends."""

    kind: str
    _process: Process | None = None

    @abstractmethod
    def amount(self) -> float:
        """How much to take. Raises Impossible."""

    async def apply(self) -> str:
        """Start it and wait until it says what it took."""
        words = (self.kind, str(self.amount()), str(self.lasts_s), self.place.order_id)
        self._process = await asyncio.create_subprocess_exec(
            *mode_command("job", *words), env=child_environment(self.place.run_id), stdin=PIPE, stdout=PIPE
        )
        assert self._process.stdout is not None
        try:
            said = await asyncio.wait_for(self._process.stdout.readline(), _READY_WITHIN_S)
        except TimeoutError:
            said = b""
        if not said:
            await self.undo()
            raise Impossible("the job that loads the host did not start")
        return said.decode().strip()

    def is_on(self) -> bool:
        """Whether its process is there: ours, or one that a helper before us left."""
        if self._process is not None:
            return self._process.returncode is None
        return bool(self._strays())

    async def undo(self) -> None:
        """Kill it and wait until it is gone."""
        if self._process is None:
            await asyncio.to_thread(_end, self._strays())
            return
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()

    def _strays(self) -> list[psutil.Process]:
        return [
            process for process, _ in find_processes(self.place.run_id) if self._is_of_this_order(process)
        ]

    def _is_of_this_order(self, process: psutil.Process) -> bool:
        try:
            words = process.cmdline()
        except psutil.Error:
            return False
        return "job" in words and words[-1:] == [self.place.order_id]


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(processes, timeout=_GONE_WITHIN_S)
