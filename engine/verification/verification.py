"""Judging from outside: one judge's process at a time, the others wait in the order in which they came."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.clock import Clock, SystemClock
from engine.lab.errors import LabError
from engine.lab.lines import LineChild
from engine.packs.records import Verdict
from engine.verification.records import Progress, VerificationRequest, VerificationResult
from engine.verification.wire import progress_from, request_words, result_from

OnProgress = Callable[[Progress], None]
OnHold = Callable[[bool], None]
"""told True when live traffic should stand still, and False when it may go on"""

_USUAL_S = 60.0
_AFTER_LIMIT_S = 30.0
"""What the judge gets beyond its own limit to end its environment."""
_CANCEL_S = 10.0


def _nothing_live(held: bool) -> None:
    """A judgement beside which nothing is live."""


@dataclass(slots=True, eq=False)
class _Ticket:
    """One request's place in the queue."""

    on_progress: OnProgress
    expected_s: float


class Verifier:
    """Judges one request at a time. Cancel the task that awaits `verify` to cancel one; nothing of it is left."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._turn = asyncio.Lock()
        self._queue: list[_Ticket] = []
        self._took_s: dict[tuple[Path, str], float] = {}

    async def verify(
        self, request: VerificationRequest, on_progress: OnProgress, on_hold: OnHold = _nothing_live
    ) -> VerificationResult:
        """The verdict. Both callbacks are called on the event loop and must not block."""
        expected_s = {
            name: took for (pack, name), took in self._took_s.items() if pack == request.pack_folder
        }
        request = replace(request, expected_s=expected_s)
        ticket = _Ticket(on_progress, sum(expected_s.values()) or _USUAL_S)
        self._queue.append(ticket)
        self._tell_places()
        try:
            async with self._turn:
                result = await self._judge(request, on_progress, on_hold)
        finally:
            self._queue.remove(ticket)
            self._tell_places()
        self._took_s |= {
            (request.pack_folder, p.name): p.seconds for p in result.probes if p.held is not None
        }
        return result

    def _tell_places(self) -> None:
        """Tell everyone who waits how many come before."""
        before_s = 0.0
        for place, ticket in enumerate(self._queue):
            before_s += ticket.expected_s
            if place:
                ticket.on_progress(Progress("queued", before_s, (), place))

    async def _judge(
        self, request: VerificationRequest, on_progress: OnProgress, on_hold: OnHold
    ) -> VerificationResult:
        began_ns = self._clock.monotonic_ns()
        on_progress(Progress("starting the judge", sum(request.expected_s.values()) or _USUAL_S))
        call = _Call(request, on_progress, on_hold)
        try:
            result = await call.run()
        finally:
            if not request.keep:
                await asyncio.to_thread(shutil.rmtree, request.folder, ignore_errors=True)
        seconds = (self._clock.monotonic_ns() - began_ns) / 1e9
        return replace(
            result, seconds=seconds, only=request.only, kept=request.folder if request.keep else None
        )


class _Call:
    """One judge's process, from its start to its end."""

    def __init__(self, request: VerificationRequest, on_progress: OnProgress, on_hold: OnHold) -> None:
        self._request = request
        self._on_progress = on_progress
        self._on_hold = on_hold
        self._is_holding = False
        self._child = LineChild("judge", request.run_id, self._take, self._take_exit)
        self._end: asyncio.Future[VerificationResult | None] = asyncio.get_running_loop().create_future()

    async def run(self) -> VerificationResult:
        """The result; a judge that breaks is a not-run."""
        try:
            await self._child.start()
            await self._child.ask("judge", request=request_words(self._request))
            async with asyncio.timeout(self._request.time_limit_s + _AFTER_LIMIT_S):
                return await asyncio.shield(self._end) or _not_run("the judge was cancelled")
        except TimeoutError:
            return _not_run(f"the judge did not end within {self._request.time_limit_s:.0f} s")
        except LabError as error:
            return _not_run(str(error))
        except asyncio.CancelledError:
            await self._cancel()
            raise
        finally:
            await self._child.stop()
            self._hold(False)

    def _hold(self, held: bool) -> None:
        """Pass a change on; a judge that ended while it held lets go."""
        if held != self._is_holding:
            self._is_holding = held
            self._on_hold(held)

    async def _cancel(self) -> None:
        """Ask the judge to end its environment by itself; stopping its process is the next rung."""
        try:
            async with asyncio.timeout(_CANCEL_S):
                await self._child.ask("cancel")
                await asyncio.shield(self._end)
        except (TimeoutError, LabError):
            return

    def _take(self, message: Mapping[str, Any]) -> None:
        if "progress" in message:
            self._on_progress(progress_from(message["progress"]))
        elif "hold" in message:
            self._hold(message["hold"])
        elif not self._end.done():
            self._end.set_result(result_from(message["result"]) if "result" in message else None)

    def _take_exit(self, exit_code: int, last_lines: tuple[str, ...]) -> None:
        if not self._end.done():
            said = " ".join(last_lines[-3:])
            self._end.set_result(_not_run(f"the judge's process ended with exit code {exit_code}: {said}"))


def _not_run(reason: str) -> VerificationResult:
    return VerificationResult(Verdict.NOT_RUN, "", reason, "a working judge", (), 0.0)
