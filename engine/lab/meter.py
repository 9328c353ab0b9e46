"""The owner's side of the meter process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.lab.lines.child import LineChild, OnExit, ignore_exit
from engine.lab.records import MeterFailed, MeterRead


class MeterProcess:
    """Reads a pack's series once a second in a process of its own; `on_reading` is called on the event loop."""

    def __init__(
        self,
        run_id: str,
        on_reading: Callable[[MeterRead | MeterFailed], None],
        on_exit: OnExit = ignore_exit,
    ) -> None:
        self._child = LineChild("meter", run_id, self._take, on_exit)
        self._on_reading = on_reading

    async def start(self, file: Path, seed: int, databases: Mapping[str, str]) -> None:
        """Run `file`'s Meter with `seed` on the databases (name to connection string).

        Raises LabError with the file's own error if it cannot be loaded, HelperFailed if the process does not start.
        """
        await self._child.start()
        await self._child.ask("read_from", file=str(file), seed=seed, databases=dict(databases))

    async def stop(self) -> None:
        """End it; safe to call twice."""
        await self._child.stop()

    @property
    def pid(self) -> int | None:
        """The process id, or None before the start."""
        return self._child.pid

    def _take(self, message: Mapping[str, Any]) -> None:
        if "values" in message:
            self._on_reading(MeterRead(message["values"]))
        elif "failed" in message:
            self._on_reading(MeterFailed(message["failed"]))
