"""The zygote: a process that has imported everything a service needs, and forks services on request (POSIX).

Requests come over the socket on stdin, each with the three pipes of the new service. It has one thread and no gRPC
channel, so that its forks are sound. It ends when its owner closes the socket or dies, and ends what it forked.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

from engine.lab.child_process import end_with_parent, signal_group

_WARM = (
    "anyio._backends._asyncio", "fastapi", "fastapi.responses", "httptools", "httpx", "psycopg", "sqlalchemy",
    "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.orm", "uvicorn.lifespan.on", "uvloop",
    "uvicorn.protocols.http.httptools_impl", "uvicorn.loops.uvloop", "decimal", "concurrent.futures.thread",
    "engine.lab.service_runner",
)  # fmt: skip
_LONGEST_REQUEST = 4096
_PIPES = 3


class _Zygote:
    """The loop of the zygote; its children by pid."""

    def __init__(self, owner: socket.socket) -> None:
        self._owner = owner
        self._children: set[int] = set()
        self._guarded: dict[int, int] = {}
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)

    def run(self) -> None:
        """Serve until the owner is gone."""
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        owner = self._owner.fileno()
        while True:
            readable, _, _ = select.select([owner, self._wake_read], [], [])
            if self._wake_read in readable:
                os.read(self._wake_read, 4096)
                self._reap()
            if owner in readable and not self._serve():
                break
        self._end_all()

    def tell(self, event: str, **fields: Any) -> None:
        """One JSON line to the owner, if it is still there."""
        try:
            self._owner.sendall(json.dumps({"event": event, **fields}).encode() + b"\n")
        except OSError:
            self._end_all()
            os._exit(0)

    def _serve(self) -> bool:
        """Handle one request; False at the end of the socket. The owner waits for each answer before the next."""
        data, pipes, _, _ = socket.recv_fds(self._owner, _LONGEST_REQUEST, _PIPES)
        if not data:
            return False
        request = json.loads(data)
        if request["command"] == "guard":
            self._guarded[request["pid"]] = request["signal"]
            self.tell("guarded", pid=request["pid"])
        else:
            pid = self._fork(pipes)
            self._children.add(pid)
            self.tell("launched", pid=pid)
        return True

    def _fork(self, pipes: Sequence[int]) -> int:
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_service(pipes, zygote)
        for pipe in pipes:
            os.close(pipe)
        return pid

    def _become_service(self, pipes: Sequence[int], zygote: int) -> NoReturn:
        """In the child: shed what is the zygote's, then run the service runner on the given pipes."""
        try:
            os.setsid()
            end_with_parent(signal.SIGKILL)
            if os.getppid() != zygote:
                os._exit(1)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for number, pipe in enumerate(pipes):
                os.dup2(pipe, number)
            self._owner.detach()
            for descriptor in (*pipes, self._wake_read, self._wake_write):
                os.close(descriptor)
            runner = importlib.import_module("engine.lab.service_runner")
            runner.main(())
        except BaseException:
            traceback.print_exc()
        os._exit(1)

    def _reap(self) -> None:
        """Collect the children that have ended, and tell of each."""
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._children.discard(pid)
            self.tell("ended", pid=pid, code=os.waitstatus_to_exitcode(status))

    def _end_all(self) -> None:
        """Kill what was forked and collect it, so that no pid is left when this process is."""
        for pid, number in self._guarded.items():
            signal_group(pid, number)
        for pid in self._children:
            signal_group(pid, signal.SIGKILL)
        for pid in self._children:
            os.waitpid(pid, 0)


def main(arguments: Sequence[str] = ()) -> int:
    """Warm up, say so, and fork on request until stdin ends."""
    started = time.monotonic()
    end_with_parent(signal.SIGKILL)
    owner = socket.socket(fileno=0)
    for module in _WARM:
        try:
            importlib.import_module(module)
        except ImportError as error:
            print(f"not warmed: {module}: {error}", file=sys.stderr)
    gc.collect()
    # What is there now is never garbage: the collector would only unshare its pages in every child.
    gc.freeze()
    zygote = _Zygote(owner)
    # From here on it sees the end of its owner by itself, and lives long enough to end what services started.
    end_with_parent(0)
    zygote.tell("warm", seconds=time.monotonic() - started, threads=threading.active_count())
    zygote.run()
    return 0
