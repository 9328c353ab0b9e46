"""The owner's side of the load generator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.lab.lines.child import LineChild, OnExit, ignore_exit
from engine.lab.lines.owner import LineOwner
from engine.lab.load.records import Completions, LoadReport, StreamReport
from engine.packs.levels import LoadProfile


class LoadGenerator(LineOwner):
    """The load process: open-loop streams of a pack's traffic, reported four times a second.

    `async with LoadGenerator(run_id, on_report) as load:`, or `start` and `stop`. Calls raise HelperFailed once the
    process is gone and LabError where it refuses; `on_exit(exit code, last lines of stderr)` is called if it ends by
    itself. Both callbacks run on the event loop and must not block.
    """

    def __init__(
        self, run_id: str, on_report: Callable[[LoadReport], None], on_exit: OnExit = ignore_exit
    ) -> None:
        self._on_report = on_report
        super().__init__(LineChild("load", run_id, self._take, on_exit))

    async def play(
        self,
        stream: str,
        pack_folder: Path,
        profile: LoadProfile,
        seed: int,
        target_url: str,
        first_index: int = 0,
        seconds: float | None = None,
        opens: bool = False,
    ) -> None:
        """Start a stream: requests `first_index`, `first_index + 1`, ... of the profile at its rate.

        With `seconds` it ends by itself. With `opens` the profile's opening is sent first, one request after the
        other; one that fails is told as the stream's `problem`. Refused while a
        stream of that name is playing, and where the pack's traffic.py cannot be loaded.
        """
        await self._child.ask(
            "play",
            stream=stream,
            pack_folder=str(pack_folder),
            profile=asdict(profile),
            seed=seed,
            target_url=target_url,
            first_index=first_index,
            seconds=seconds,
            opens=opens,
        )

    async def halt(self, stream: str) -> int:
        """Send no more requests of a stream (repeats included); returns the index at which to go on.

        Requests in flight are still awaited and reported.
        """
        return int((await self._child.ask("halt", stream=stream))["next_index"])

    def _take(self, message: Mapping[str, Any]) -> None:
        streams = tuple(
            StreamReport(**{**row, "completed": Completions(*row["completed"])}) for row in message["streams"]
        )
        self._on_report(LoadReport(message["wall_ns"], streams))
