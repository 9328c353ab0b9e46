"""The judge's own process: one request in, progress out, the result at the end; stdin's end cancels it.

Lines are JSON, as `engine.lab.lines` has them. The owner sends `judge` with the request and may send `cancel`; the
process tells `{"progress": ...}` at every change, `{"hold": true}` and `{"hold": false}` around what needs a quiet
machine and, once the environment is gone, `{"result": ...}` or `{"cancelled": true}`. `probes` and `contributions`
ask the pack's files without judging.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.clock import SystemClock
from engine.lab.lines.server import LineServer, Refused, run_helper
from engine.lab.records import EnvironmentSettings
from engine.packs.loading import load_contributions, load_probes
from engine.packs.reader import read_pack
from engine.packs.records import Verdict
from engine.verification.records import Progress, VerificationRequest, VerificationResult
from engine.verification.room import LabRoom
from engine.verification.session import Session, SessionSettings
from engine.verification.sources import taken_along, with_fix
from engine.verification.wire import progress_words, request_from, result_words

log = logging.getLogger(__name__)


def main(arguments: Sequence[str]) -> int:
    """Judge what the owner asks for, until stdin closes."""
    return run_helper(_serve, fast_loop=False)


async def _serve(server: LineServer) -> None:
    """Take commands beside the judgement, so that a cancel is heard at once."""
    async with asyncio.TaskGroup() as tasks:
        judging: list[asyncio.Task[None]] = []

        async def handle(command: Mapping[str, Any]) -> Mapping[str, Any]:
            if command["command"] == "judge" and not judging:
                request = request_from(command["request"])
                judging.append(tasks.create_task(_judge(server, request), name="judge"))
            elif command["command"] == "cancel":
                for task in judging:
                    task.cancel()
            elif command["command"] in _QUESTIONS:
                return await asyncio.to_thread(_QUESTIONS[command["command"]], command)
            else:
                raise Refused(f"the judge does not take {command['command']!r} now")
            return {}

        await server.serve(handle)
        for task in judging:
            task.cancel()


def _probes(command: Mapping[str, Any]) -> Mapping[str, Any]:
    probes = load_probes(Path(command["folder"]))
    return {"probes": [{"name": probe.name, "is_timed": probe.is_timed} for probe in probes]}


def _contributions(command: Mapping[str, Any]) -> Mapping[str, Any]:
    found = load_contributions(Path(command["folder"]), command["seed"])
    return {"contributions": [asdict(part) for part in found]}


_QUESTIONS: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    "probes": _probes,
    "contributions": _contributions,
}


async def _judge(server: LineServer, request: VerificationRequest) -> None:
    """Judge and tell the result; whatever breaks here is the judge's failure."""

    def tell(progress: Progress) -> None:
        server.send({"progress": progress_words(progress)})

    def hold(held: bool) -> None:
        server.send({"hold": held})

    try:
        result = await judge(request, tell, hold)
    except asyncio.CancelledError:
        server.send({"cancelled": True})
        raise
    except Exception as error:
        log.exception("the judge failed")
        result = _failed(error)
    server.send({"result": result_words(result)})


async def judge(
    request: VerificationRequest, tell: Callable[[Progress], None], hold: Callable[[bool], None]
) -> VerificationResult:
    """Judge in this process and event loop; returns once the isolated environment is gone."""
    pack = (await asyncio.to_thread(read_pack, request.pack_folder)).at_level(request.level)
    probes = load_probes(pack.folder)
    if request.only:
        probes = tuple(probe for probe in probes if probe.name == request.only)
    request.folder.mkdir(parents=True)
    pack = await asyncio.to_thread(taken_along, pack, request.folder / "services")
    settings = EnvironmentSettings(request.run_id, request.folder / "environment")
    room = LabRoom(
        settings,
        pack,
        request.sources,
        lambda: with_fix(pack, pack.fix(pack.reference_fix), request.folder / "reference"),
        (request.seed, request.live_seed),
        hold,
    )
    async with room:
        limits = SessionSettings(request.stop_early, request.time_limit_s, request.expected_s)
        return await Session(room, probes, limits, SystemClock(), tell).run()


def _failed(error: Exception) -> VerificationResult:
    said = traceback.format_exception_only(error)[-1].strip()
    trace = "".join(traceback.format_exception(error))
    return VerificationResult(Verdict.NOT_RUN, "", said, "a working judge", (), 0.0, (trace,))
