"""The load process: streams started and halted by its owner's commands, reported four times a second."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from engine.clock import Clock, SystemClock
from engine.lab.lines.server import LineServer, Refused, run_helper
from engine.lab.load.http_client import HttpPool
from engine.lab.load.records import StreamReport
from engine.lab.load.stream import Stream, StreamOrder
from engine.lab.load.traffic import load_traffic
from engine.packs.levels import LoadProfile

_REPORT_S = 0.25


def main(arguments: Sequence[str]) -> int:
    """Run until stdin ends."""
    return run_helper(serve, fast_loop=True)


async def serve(server: LineServer) -> None:
    """Answer commands and report; every stream ends with this call."""
    async with asyncio.TaskGroup() as tasks:
        desk = LoadDesk(tasks)
        reports = tasks.create_task(desk.report_for_ever(server), name="reports")
        await server.serve(desk.handle)
        reports.cancel()
        desk.close()


class LoadDesk:
    """All streams of one load process."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self._tasks = tasks
        self._clock = SystemClock()
        self._streams: list[Stream] = []

    async def handle(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        """Carry out one command of the owner."""
        match command["command"]:
            case "play":
                profile = LoadProfile(**command["profile"])
                order = StreamOrder(
                    command["stream"],
                    profile,
                    command["seed"],
                    command["first_index"],
                    command["seconds"],
                    command["opens"],
                )
                self._play(order, Path(command["pack_folder"]), command["target_url"])
                return {}
            case "halt":
                return {"next_index": self._halt(command["stream"])}
            case unknown:
                raise Refused(f"the load generator knows no command {unknown!r}")

    async def report_for_ever(self, server: LineServer) -> None:
        """Report what happened; while the owner does not read, collect."""
        while True:
            await asyncio.sleep(_REPORT_S)
            if server.is_congested:
                continue
            wall_ns = self._clock.wall_ns()
            server.send({"wall_ns": wall_ns, "streams": [_row(s.report(wall_ns)) for s in self._streams]})
            self._streams = [stream for stream in self._streams if not stream.is_finished]

    def close(self) -> None:
        """Break off every stream."""
        for stream in self._streams:
            stream.close()

    def _play(self, order: StreamOrder, pack_folder: Path, target_url: str) -> None:
        if any(stream.name == order.name and stream.is_playing for stream in self._streams):
            raise Refused(f"the stream {order.name!r} is playing already")
        if order.profile.rate_per_s <= 0:
            raise Refused(
                f"the profile {order.profile.name!r} has a rate of {order.profile.rate_per_s} a second"
            )
        try:
            pool = HttpPool(target_url, self._tasks, self._clock)
        except ValueError as error:
            raise Refused(str(error)) from None
        stream = _stream(order, pack_folder, pool, self._clock)
        self._streams.append(stream)
        stream.start()

    def _halt(self, name: str) -> int:
        latest = next((stream for stream in reversed(self._streams) if stream.name == name), None)
        if latest is None:
            raise Refused(f"no stream {name!r} is playing")
        return latest.halt()


def _stream(order: StreamOrder, pack_folder: Path, pool: HttpPool, clock: Clock) -> Stream:
    """The stream of a pack's traffic; whatever is wrong with its code is a refusal that shows where."""
    try:
        return Stream(order, load_traffic(pack_folder), pool, clock)
    except Exception:
        raise Refused(traceback.format_exc(limit=-3)) from None


def _row(report: StreamReport) -> Mapping[str, Any]:
    row = {field.name: getattr(report, field.name) for field in fields(report)}
    return {**row, "completed": report.completed.columns()}
