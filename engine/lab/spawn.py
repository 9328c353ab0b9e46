"""Service processes started cold, for systems that cannot fork."""

from __future__ import annotations

import asyncio
import subprocess

from engine.lab.child import Child
from engine.lab.child_process import spawn
from engine.lab.modes import child_environment, mode_command
from engine.lab.windows_job import hold_children


class Spawn:
    """A launcher that starts a new interpreter each time."""

    def __init__(self, run_id: str, tasks: asyncio.TaskGroup) -> None:
        self._run_id = run_id
        self._tasks = tasks

    async def start(self) -> None:
        """Tie the children's lives to ours; there is nothing to warm up."""
        hold_children()

    async def launch(self) -> Child:
        """A new interpreter in the service mode."""
        process = await spawn(
            mode_command("service"), child_environment(self._run_id),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def wait() -> None:
            ended.set_result(await process.wait())

        self._tasks.create_task(wait(), name=f"wait for {process.pid}")
        return Child(process.pid, process.stdin, process.stdout, process.stderr, ended)

    async def guard(self, pid: int, number: int) -> None:
        """The job object ends everything already."""

    async def stop(self) -> None:
        """Nothing stays between launches."""
