"""The meter: a process that runs a pack's meter.py once a second on connections of its own."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from engine.lab.lines.server import LineServer, Refused, run_helper
from engine.packs.api import Meter
from engine.packs.loading import load_module

_EVERY_S = 1.0
_APPLICATION_NAME = "monitor"


class _Readings:
    """One pack's meter and its connections, reopened when they were lost."""

    def __init__(self, meter: Meter, databases: Mapping[str, str]) -> None:
        self._meter = meter
        self._databases = databases
        self._connections: dict[str, psycopg.Connection[Any]] = {}

    def take(self) -> Mapping[str, float]:
        """The values now. Raises what the meter raises."""
        for name, dsn in self._databases.items():
            connection = self._connections.get(name)
            if connection is None or connection.closed:
                self._connections[name] = psycopg.connect(
                    dsn, autocommit=True, application_name=_APPLICATION_NAME
                )
        return {name: float(value) for name, value in self._meter.read(self._connections).items()}

    def close(self) -> None:
        """End the connections."""
        for connection in self._connections.values():
            connection.close()


class _MeterServer:
    """Answers `read_from`, then reports values every second."""

    def __init__(self, lines: LineServer) -> None:
        self._lines = lines
        self._readings: _Readings | None = None

    async def handle(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        """The one command: which meter, which seed, which databases."""
        try:
            meter = await asyncio.to_thread(_load_meter, Path(command["file"]), int(command["seed"]))
        except BaseException as error:
            raise Refused(f"{command['file']}: {type(error).__name__}: {error}") from error
        self._readings = _Readings(meter, command["databases"])
        return {}

    async def report(self) -> None:
        """Read once a second for ever; a reading that fails is reported and the next one tried."""
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            due_s = max(due_s + _EVERY_S, loop.time())
            if self._readings is not None and not self._lines.is_congested:
                self._lines.send(await asyncio.to_thread(_reading, self._readings))
            await asyncio.sleep(max(0.0, due_s - loop.time()))

    def close(self) -> None:
        """End the connections."""
        if self._readings is not None:
            self._readings.close()


def _reading(readings: _Readings) -> Mapping[str, Any]:
    try:
        return {"values": readings.take()}
    except Exception:
        return {"failed": traceback.format_exc()}


def _load_meter(file: Path, seed: int) -> Meter:
    """The pack's Meter, loaded as every file of a pack is: its neighbours are reached by `from . import ...`."""
    meter: Meter = load_module(file.parent, file.stem).Meter(seed)
    return meter


async def _body(lines: LineServer) -> None:
    server = _MeterServer(lines)
    async with asyncio.TaskGroup() as tasks:
        reporting = tasks.create_task(server.report(), name="readings")
        await lines.serve(server.handle)
        reporting.cancel()
    server.close()


def main(arguments: Sequence[str] = ()) -> int:
    """Serve the owner on stdin until it closes."""
    return run_helper(_body, fast_loop=False)
