"""The owner's side of a helper process: commands out, answers and reports in, and its end."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import signal
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from engine.lab.errors import HelperFailed, LabError
from engine.lab.modes import child_environment, mode_command

log = logging.getLogger(__name__)

_LONGEST_LINE_BYTES = 64 * 1024 * 1024
_KEPT_ERROR_LINES = 40
_READY_S = 60.0
"""the very first start of Python from a cold disk takes that long on a slow laptop"""

OnExit = Callable[[int, tuple[str, ...]], None]


def ignore_exit(exit_code: int, last_lines: tuple[str, ...]) -> None:
    """The `on_exit` of an owner that finds out by its next call."""


class LineChild:
    """One helper process. `start` and `stop` must run on the same event loop; `stop` is safe to call twice.

    `on_report` gets every line that answers no command, `on_exit` the exit code and the last lines of stderr if the
    helper ends without having been stopped. Both are called on the event loop and must not block. `rung_s` is the
    time between two rungs of its end.
    """

    def __init__(
        self,
        mode: str,
        run_id: str,
        on_report: Callable[[Mapping[str, Any]], None] | None = None,
        on_exit: OnExit = ignore_exit,
        *,
        rung_s: float = 2.0,
    ) -> None:
        self._mode = mode
        self._run_id = run_id
        self._on_report = on_report
        self._on_exit = on_exit
        self._rung_s = rung_s
        self._numbers = itertools.count(1)
        self._pending: dict[int, asyncio.Future[Mapping[str, Any]]] = {}
        self._last_lines: deque[str] = deque(maxlen=_KEPT_ERROR_LINES)
        self._tasks: asyncio.TaskGroup | None = None
        self._process: Process | None = None
        self._is_watched = False

    @property
    def pid(self) -> int | None:
        """The helper's process id, or None before the start."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the helper and wait until it takes commands. Raises HelperFailed."""
        self._process = await asyncio.create_subprocess_exec(
            *mode_command(self._mode),
            env=child_environment(self._run_id),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            limit=_LONGEST_LINE_BYTES,
        )
        self._tasks = await asyncio.TaskGroup().__aenter__()
        self._tasks.create_task(self._read_answers(self._process), name=f"{self._mode}: answers")
        self._tasks.create_task(self._read_errors(self._process), name=f"{self._mode}: stderr")
        try:
            async with asyncio.timeout(_READY_S):
                await self.ask("hello")
            self._is_watched = True
        except TimeoutError:
            await self.stop()
            raise self._failed("did not get ready") from None
        except BaseException:
            await self.stop()
            raise

    async def ask(self, command: str, **arguments: Any) -> Mapping[str, Any]:
        """Send one command and return its answer.

        Raises LabError with the helper's own words if it refused, HelperFailed if it is not there or ended.
        """
        process = self._process
        if process is None or process.stdin is None or self._tasks is None or process.returncode is not None:
            raise self._failed("is not running")
        number = next(self._numbers)
        answer: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self._pending[number] = answer
        try:
            line = json.dumps({"id": number, "command": command, **arguments}, separators=(",", ":"))
            process.stdin.write(line.encode() + b"\n")
            return self._checked(command, await answer)
        finally:
            self._pending.pop(number, None)

    async def stop(self) -> None:
        """End the helper: close its stdin, then terminate, then kill; each rung after the first is logged."""
        process, tasks = self._process, self._tasks
        if process is None or tasks is None:
            return
        self._is_watched = False
        self._tasks = None
        try:
            await self._descend(process)
        finally:
            if process.returncode is None:
                process.kill()
            await tasks.__aexit__(None, None, None)

    async def _descend(self, process: Process) -> None:
        if process.stdin is not None:
            process.stdin.close()
        for rung in (process.terminate, process.kill):
            try:
                async with asyncio.timeout(self._rung_s):
                    await process.wait()
                    return
            except TimeoutError:
                log.warning("the %s process %s did not end: %s", self._mode, process.pid, rung.__name__)
                if process.returncode is None:
                    rung()
        await process.wait()

    def _checked(self, command: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        if "error" in answer:
            raise LabError(
                str(answer["error"]), f"the {self._mode} process, {command}", "See the log of the run."
            )
        return answer

    def _failed(self, what: str) -> HelperFailed:
        words = " ".join(list(self._last_lines)[-3:]) or "it said nothing"
        return HelperFailed(f"The {self._mode} process {what}", words, "Start the run again.")

    async def _read_answers(self, process: Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self._take(line)
        exit_code = await process.wait()
        for answer in self._pending.values():
            if not answer.done():
                answer.set_exception(self._failed(f"ended with {_code_in_words(exit_code)}"))
        if self._is_watched:
            log.error("the %s process ended with %s", self._mode, _code_in_words(exit_code))
            self._on_exit(exit_code, tuple(self._last_lines))

    def _take(self, line: bytes) -> None:
        try:
            message: Mapping[str, Any] = json.loads(line)
        except ValueError:
            log.warning("the %s process wrote a line that is not JSON: %.200r", self._mode, line)
            return
        answer = self._pending.get(message.get("id", 0))
        if answer is not None and not answer.done():
            answer.set_result(message)
        elif "id" not in message and self._on_report is not None:
            self._on_report(message)

    async def _read_errors(self, process: Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            text = line.decode(errors="replace").rstrip()
            self._last_lines.append(text)
            log.warning("%s: %s", self._mode, text)


def _code_in_words(exit_code: int) -> str:
    if exit_code >= 0:
        return f"exit code {exit_code}"
    try:
        return f"signal {signal.Signals(-exit_code).name}"
    except ValueError:
        return f"signal {-exit_code}"
