"""The owner's side of the zygote: service processes in a tenth of a second (POSIX)."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from pathlib import Path
from typing import Any

from engine.lab.child import Child
from engine.lab.child_process import end, ladder, spawn
from engine.lab.errors import HelperFailed
from engine.lab.modes import child_environment, mode_command
from engine.lab.records import LadderStep

_WARM_WITHIN_S = 90.0
"""the very first warm-up of a machine compiles every library"""
_ANSWER_WITHIN_S = 10.0
_FORK_SETTINGS = {"GRPC_ENABLE_FORK_SUPPORT": "0", "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"}


class Zygote:
    """A launcher that forks from a warm process; a zygote that has died is started again at the next launch."""

    def __init__(self, run_id: str, log: Path, tasks: asyncio.TaskGroup) -> None:
        self._run_id = run_id
        self._log = log
        self._tasks = tasks
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._owner: socket.socket | None = None
        self._answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._children: dict[int, asyncio.Future[int]] = {}
        self._ended: asyncio.Future[int] | None = None

    @property
    def pid(self) -> int | None:
        """The zygote's pid while it runs."""
        return self._process.pid if self._process and self._is_running() else None

    async def start(self) -> None:
        """Start and warm it. Raises HelperFailed."""
        async with self._turn:
            await self._start()

    async def launch(self) -> Child:
        """Fork a service process. Raises HelperFailed."""
        async with self._turn:
            if not self._is_running():
                await self._start()
            (theirs_in, ours_in), (ours_out, theirs_out), (ours_err, theirs_err) = (
                os.pipe(),
                os.pipe(),
                os.pipe(),
            )
            try:
                answer = await self._ask({"command": "launch"}, (theirs_in, theirs_out, theirs_err))
            except HelperFailed:
                for descriptor in (ours_in, ours_out, ours_err):
                    os.close(descriptor)
                raise
            finally:
                for descriptor in (theirs_in, theirs_out, theirs_err):
                    os.close(descriptor)
            ended: asyncio.Future[int] = answer["ended"]
        commands = await _writer(ours_in)
        events, close_events = await _reader(ours_out)
        output, close_output = await _reader(ours_err)
        return Child(answer["pid"], commands, events, output, ended, (close_events, close_output))

    async def guard(self, pid: int, number: int) -> None:
        """Let the zygote signal the group of `pid` at its own end: for systems without a death signal."""
        async with self._turn:
            await self._ask({"command": "guard", "pid": pid, "signal": int(number)}, ())

    async def stop(self) -> None:
        """Close its socket; it ends its children and itself."""
        if self._process and self._owner and self._ended:
            owner = self._owner
            rungs = ladder(self._process.pid, lambda: owner.shutdown(socket.SHUT_RDWR), ask_s=3.0)
            await end("zygote", self._process.pid, self._ended, rungs, _unreported)

    def _is_running(self) -> bool:
        return self._ended is not None and not self._ended.done()

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._log.parent.mkdir(parents=True, exist_ok=True)
        environment = child_environment(self._run_id, _FORK_SETTINGS)
        with theirs, self._log.open("ab") as log:
            self._process = await spawn(
                mode_command("zygote"), environment, stdin=theirs.fileno(), stderr=log
            )
        self._owner, self._answers, self._ended = ours, asyncio.Queue(), loop.create_future()
        self._tasks.create_task(self._read(ours, self._process, self._ended), name="zygote")
        await self._answer(_WARM_WITHIN_S)

    async def _ask(self, request: dict[str, Any], pipes: tuple[int, ...]) -> dict[str, Any]:
        if self._owner is None or not self._is_running():
            raise self._failure()
        try:
            socket.send_fds(self._owner, [json.dumps(request).encode()], list(pipes))
        except OSError as error:
            raise self._failure() from error
        return await self._answer(_ANSWER_WITHIN_S)

    async def _answer(self, within_s: float) -> dict[str, Any]:
        try:
            answer = await asyncio.wait_for(self._answers.get(), within_s)
        except TimeoutError:
            raise self._failure() from None
        if answer["event"] == "gone":
            raise self._failure()
        return answer

    async def _read(
        self, owner: socket.socket, process: asyncio.subprocess.Process, ended: asyncio.Future[int]
    ) -> None:
        """Sort the zygote's lines into answers and ends of children, until it is gone."""
        loop = asyncio.get_running_loop()
        waiting = b""
        while data := await _received(loop, owner):
            *lines, waiting = (waiting + data).split(b"\n")
            for line in lines:
                self._take(json.loads(line))
        owner.close()
        ended.set_result(await process.wait())
        self._answers.put_nowait({"event": "gone"})
        for child in self._children.values():
            child.set_result(-9)
        self._children.clear()

    def _take(self, event: dict[str, Any]) -> None:
        match event["event"]:
            case "ended":
                self._children.pop(event["pid"]).set_result(event["code"])
            case "launched":
                # Here and not in launch: the child may end before launch is scheduled.
                self._children[event["pid"]] = asyncio.get_running_loop().create_future()
                self._answers.put_nowait({**event, "ended": self._children[event["pid"]]})
            case _:
                self._answers.put_nowait(event)

    def _failure(self) -> HelperFailed:
        said = self._log.read_text(errors="replace").splitlines()[-6:] if self._log.exists() else []
        return HelperFailed(
            "The process that starts services does not answer; it said: " + ("\n".join(said) or "nothing"),
            str(self._log),
            "Start the run again.",
        )


def _unreported(step: LadderStep) -> None:
    """The zygote's own end is of no interest to anybody."""


async def _received(loop: asyncio.AbstractEventLoop, owner: socket.socket) -> bytes:
    """The next bytes; none when the other side is gone."""
    try:
        return await loop.sock_recv(owner, 65536)
    except OSError:
        return b""


async def _reader(descriptor: int) -> tuple[asyncio.StreamReader, Any]:
    """A stream on the reading end of a pipe, and what closes it."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=8 << 20)
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    return reader, transport.close


async def _writer(descriptor: int) -> asyncio.StreamWriter:
    """A stream on the writing end of a pipe."""
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.streams.FlowControlMixin(loop), os.fdopen(descriptor, "wb", buffering=0)
    )
    return asyncio.StreamWriter(transport, protocol, None, loop)
