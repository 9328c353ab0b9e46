"""The helper's own side: commands from stdin, answers to the original stdout, and an end with its owner."""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import IO, Any

log = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_WAITING_LINES = 64

Handler = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]


class Refused(Exception):
    """A command that cannot be done; its words go to the owner."""


def end_with_parent() -> None:
    """On Linux: be killed when the thread that started this process ends. Elsewhere stdin's end has to do."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


class LineServer:
    """Reads commands on one thread and writes lines on another, so that neither ever blocks the event loop."""

    def __init__(self, commands: IO[bytes], answers: IO[bytes], *, outlives_owner: bool = False) -> None:
        self._outlives_owner = outlives_owner
        self._commands = commands
        self._answers = answers
        self._outgoing: queue.Queue[bytes | None] = queue.Queue()

    @property
    def is_congested(self) -> bool:
        """True while the owner does not read: hold reports back and merge them."""
        return self._outgoing.qsize() >= _WAITING_LINES

    def send(self, message: Mapping[str, Any]) -> None:
        """Queue one line for the owner."""
        self._outgoing.put(json.dumps(message, separators=(",", ":")).encode() + b"\n")

    async def serve(self, handle: Handler) -> None:
        """Answer commands one after the other until the owner closes stdin."""
        loop = asyncio.get_running_loop()
        incoming: asyncio.Queue[bytes | None] = asyncio.Queue()
        reader = threading.Thread(target=self._read, args=(loop, incoming), name="commands")
        writer = threading.Thread(target=self._write, name="answers")
        reader.start()
        writer.start()
        try:
            while (line := await incoming.get()) is not None:
                self.send(await _answer(json.loads(line), handle))
        finally:
            self._outgoing.put(None)
            await asyncio.to_thread(writer.join)

    def _read(self, loop: asyncio.AbstractEventLoop, incoming: asyncio.Queue[bytes | None]) -> None:
        for line in self._commands:
            loop.call_soon_threadsafe(incoming.put_nowait, line)
        loop.call_soon_threadsafe(incoming.put_nowait, None)

    def _write(self) -> None:
        try:
            while (line := self._outgoing.get()) is not None:
                self._answers.write(line)
                self._answers.flush()
        except OSError:
            # The owner is gone. One who has something left to do first learns it by the end of stdin.
            if not self._outlives_owner:
                os._exit(0)


async def _answer(command: Mapping[str, Any], handle: Handler) -> Mapping[str, Any]:
    number = command["id"]
    if command["command"] == "hello":
        return {"id": number, "pid": os.getpid()}
    try:
        return {"id": number, **await handle(command)}
    except Refused as refused:
        return {"id": number, "error": str(refused)}
    except Exception as error:
        log.exception("the command %s failed", command["command"])
        return {"id": number, "error": f"{type(error).__name__}: {error}"}


def run_helper(
    body: Callable[[LineServer], Coroutine[Any, Any, None]], *, fast_loop: bool, outlives_owner: bool = False
) -> int:
    """Run `body` as a helper process: own streams, own signals, uvloop if asked for and there.

    One that `outlives_owner` is not killed with it: it has the time that `body` needs after the end of stdin.
    """
    if outlives_owner:
        _ignore_hang_up()
    else:
        end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    server = LineServer(sys.stdin.buffer, answers, outlives_owner=outlives_owner)
    try:
        with asyncio.Runner(loop_factory=loop_factory(fast_loop)) as runner:
            runner.run(body(server))
    except BaseException:
        log.exception("the helper ends by a mistake")
        # The thread that reads commands waits for an owner who waits for answers: neither would ever end.
        os._exit(1)
    return 0


def _ignore_hang_up() -> None:
    """A closed terminal must not end it before it has done what is left to do."""
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def loop_factory(fast: bool) -> Callable[[], asyncio.AbstractEventLoop] | None:
    """How a helper makes its event loop: uvloop where it is wanted and there, otherwise the usual one."""
    if not fast or sys.platform == "win32":
        return None
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
