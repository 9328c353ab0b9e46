"""How children are started, told to end, and made to end with their owner; chosen once for this system.

Linux has a death signal (`PR_SET_PDEATHSIG`), macOS has only the end of stdin and the zygote's guard, Windows a Job
object. The death signal is set by the child or by setpriv, never between fork and exec here.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from engine.lab.records import LadderStep

_PR_SET_PDEATHSIG = 1
_LONGEST_LINE = 8 << 20
HAS_DEATH_SIGNAL = sys.platform == "linux"

_NEW_GROUP: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


async def spawn(
    command: Sequence[str],
    environment: Mapping[str, str],
    stdin: int = subprocess.DEVNULL,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
    stderr: int | IO[bytes] = subprocess.DEVNULL,
) -> asyncio.subprocess.Process:
    """Start a child in a process group of its own, with exactly this environment."""
    return await asyncio.create_subprocess_exec(
        *command, env=environment, stdin=stdin, stdout=stdout, stderr=stderr,
        start_new_session=True, creationflags=_NEW_GROUP, limit=_LONGEST_LINE,
    )  # fmt: skip


def end_with_parent(number: int) -> None:
    """Called by a child: get signal `number` when the thread that started this process ends (Linux only).

    0 takes it back.
    """
    if HAS_DEATH_SIGNAL:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def dying_with_parent(command: Sequence[str], signal_name: str) -> list[str]:
    """`command` with a death signal where setpriv can set one; for programs that are not ours."""
    if HAS_DEATH_SIGNAL and shutil.which("setpriv"):
        return ["setpriv", "--pdeathsig", signal_name, *command]
    return list(command)


def signal_group(pid: int, number: int) -> None:
    """Signal a child and all that it started in its group; a group that is gone is what was wanted."""
    try:
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def kill_signal() -> int:
    """The signal that cannot be refused."""
    return signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of ending a process: what to do, and how long to wait for it."""

    step: str
    act: Callable[[], None]
    wait_s: float


def ladder(pid: int, ask: Callable[[], None], ask_s: float = 5.0) -> tuple[Rung, ...]:
    """Ask, terminate, kill."""
    return (
        Rung("ask", ask, ask_s),
        Rung("terminate", lambda: signal_group(pid, signal.SIGTERM), 2.0),
        Rung("kill", lambda: signal_group(pid, kill_signal()), 5.0),
    )


async def end(
    name: str,
    pid: int,
    ended: asyncio.Future[int],
    rungs: Sequence[Rung],
    report: Callable[[LadderStep], None],
) -> None:
    """Climb the rungs until the process has ended and was reaped; each rung is reported."""
    for rung in rungs:
        if ended.done():
            return
        report(LadderStep(name, pid, rung.step))
        rung.act()
        await asyncio.wait((ended,), timeout=rung.wait_s)
