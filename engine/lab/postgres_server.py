"""The running postgres process: our own child on POSIX, started by pg_ctl on Windows; one interface, chosen once."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import psutil

from engine.lab.child_process import Rung, dying_with_parent, end, spawn
from engine.lab.postgres_programs import Account, PostgresPrograms
from engine.lab.records import LadderStep

_GENTLE_S = 6.0


class PostgresServer(Protocol):
    """A postgres process from its start to its end."""

    @property
    def pid(self) -> int:
        """The process that all the others of the server descend from."""
        ...

    @property
    def ended(self) -> asyncio.Future[int]:
        """The exit code, when there is one."""
        ...

    async def stop(self, report: Callable[[LadderStep], None]) -> None:
        """End it and wait until it is gone."""
        ...


class ChildServer:
    """postgres as our child: ends with us by SIGINT, since SIGTERM waits for clients that never go."""

    def __init__(self, process: asyncio.subprocess.Process, tasks: asyncio.TaskGroup) -> None:
        self._process = process
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting = tasks.create_task(self._wait(), name="wait for postgres")

    @classmethod
    async def start(
        cls,
        programs: PostgresPrograms,
        account: Account,
        data: Path,
        log: Path,
        environment: Mapping[str, str],
        tasks: asyncio.TaskGroup,
    ) -> ChildServer:
        """Start postgres on the folder `data`, its output added to `log`."""
        command = [*account.prefix, *dying_with_parent([programs.path("postgres"), "-D", str(data)], "INT")]
        with log.open("ab") as output:
            process = await spawn(command, environment, stdout=output, stderr=output)
        return cls(process, tasks)

    @property
    def pid(self) -> int:
        """The server's first process: the prefix commands replace themselves by it."""
        return self._process.pid

    @property
    def ended(self) -> asyncio.Future[int]:
        """The exit code, once the process was reaped."""
        return self._ended

    async def stop(self, report: Callable[[LadderStep], None]) -> None:
        """Fast shutdown (INT), then immediate (QUIT), then KILL; returns when the pid is free."""

        def send(number: int) -> Callable[[], None]:
            return lambda: self._process.send_signal(number)

        rungs = (
            Rung("ask", send(signal.SIGINT), _GENTLE_S),
            Rung("terminate", send(signal.SIGQUIT), 3.0),
            Rung("kill", send(signal.SIGKILL), 5.0),
        )
        await end("postgres", self.pid, self._ended, rungs, report)

    async def _wait(self) -> None:
        self._ended.set_result(await self._process.wait())


class ControlledServer:
    """postgres started and stopped by pg_ctl, which drops an administrator's rights on Windows."""

    def __init__(
        self, programs: PostgresPrograms, data: Path, environment: Mapping[str, str], pid: int
    ) -> None:
        self._programs = programs
        self._data = data
        self._environment = environment
        self._pid = pid
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @classmethod
    async def start(
        cls, programs: PostgresPrograms, data: Path, log: Path, environment: Mapping[str, str],
        tasks: asyncio.TaskGroup,
    ) -> ControlledServer:  # fmt: skip
        """Start postgres by pg_ctl, which returns once the server accepts connections."""
        command = [programs.path("pg_ctl"), "-D", str(data), "-l", str(log), "-w", "start"]
        process = await spawn(command, environment)
        await process.wait()
        lines = (
            (data / "postmaster.pid").read_text().splitlines() if (data / "postmaster.pid").exists() else []
        )
        server = cls(programs, data, environment, int(lines[0]) if lines else -1)
        tasks.create_task(server._watch(), name="wait for postgres")
        return server

    @property
    def pid(self) -> int:
        """The server's first process."""
        return self._pid

    @property
    def ended(self) -> asyncio.Future[int]:
        """0 when the process is gone: Windows tells the exit code to its parent only."""
        return self._ended

    async def stop(self, report: Callable[[LadderStep], None]) -> None:
        """`pg_ctl stop`: fast, then immediate."""
        for step, mode in (("ask", "fast"), ("terminate", "immediate")):
            if self._ended.done():
                return
            report(LadderStep("postgres", self._pid, step))
            command = ["-D", str(self._data), "-m", mode, "-t", "8", "-w", "stop"]
            process = await spawn([self._programs.path("pg_ctl"), *command], self._environment)
            await process.wait()
            await asyncio.wait((self._ended,), timeout=2.0)

    async def _watch(self) -> None:
        if self._pid > 0:
            await asyncio.to_thread(psutil.wait_procs, [psutil.Process(self._pid)])
        self._ended.set_result(0)


async def start_server(
    programs: PostgresPrograms,
    account: Account,
    data: Path,
    log: Path,
    environment: Mapping[str, str],
    tasks: asyncio.TaskGroup,
) -> PostgresServer:
    """Start postgres the way this system wants it."""
    if sys.platform == "win32":
        return await ControlledServer.start(programs, data, log, environment, tasks)
    return await ChildServer.start(programs, account, data, log, environment, tasks)
