"""The live world of a run: environment, load and meter, and their figures on the way to telemetry."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.clock import Clock
from engine.lab.environment import Environment, EnvironmentSettings
from engine.lab.load import ClientStatistics, LoadGenerator, LoadReport
from engine.lab.records import (
    LabEvent,
    MeterRead,
    ProcessesSampled,
    ServiceFailedToStart,
    ServiceStarted,
    ServiceStatus,
)
from engine.packs.records import LoadProfile, Pack
from engine.telemetry.telemetry import Telemetry

BASE = "base"
TRIGGER = "trigger"
Outcome = ServiceStarted | ServiceFailedToStart


class World:
    """`async with World(...) as world: await world.start(...)`; leaving it ends every process of the run.

    `tell` gets, on the event loop, what the lab reports of services.
    """

    def __init__(
        self,
        pack: Pack,
        folder: Path,
        run_id: str,
        seed: int,
        telemetry: Telemetry,
        clock: Clock,
        tell: Callable[[LabEvent], None],
    ) -> None:
        self._pack = pack
        self._seed = seed
        self._telemetry = telemetry
        self._clock = clock
        self._tell = tell
        settings = EnvironmentSettings(run_id, folder / "live", f"http://{telemetry.endpoint}")
        self._environment = Environment(settings, self._on_event)
        self._statistics = ClientStatistics(self._pack.entry)
        self._load = LoadGenerator(run_id, self._on_report)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._environment)
        await self._stack.enter_async_context(self._load)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def start(
        self, sources: Mapping[str, Path], progress: Callable[[str], None]
    ) -> Mapping[str, Outcome]:
        """Start database, proxy, services and meter. Raises LabError where the machine lacks something."""
        outcomes = await self._environment.start(self._pack.topology, sources, progress)
        await self._environment.start_meter(self._pack, self._seed)
        return outcomes

    async def play(self, stream: str, opened_ns: int) -> None:
        """Let clients send: `stream` is `base` or `trigger`.

        Indexes go on where an earlier engine of this run may have been: clients never send more than their
        profile's rate, so the run's age bounds what was used.
        """
        profile = self._profile(stream)
        age_s = max(0, self._clock.wall_ns() - opened_ns) / 1e9
        first = math.ceil(age_s * profile.rate_per_s) + 1
        await self._load.play(
            stream, self._pack.folder, profile, self._seed, self._environment.url(self._pack.entry), first
        )

    async def halt(self, stream: str) -> None:
        """Let those clients stop sending."""
        await self._load.halt(stream)

    async def deploy(self, service: str, source: Path) -> Outcome:
        """Run another source in a service; the old one goes on where it does not start."""
        return await self._environment.deploy(service, source)

    def statuses(self) -> tuple[ServiceStatus, ...]:
        """Every service as it is now."""
        return self._environment.statuses()

    def _profile(self, stream: str) -> LoadProfile:
        return self._pack.profile(BASE if stream == BASE else self._pack.trigger_profile)

    def _on_report(self, report: LoadReport) -> None:
        for second in self._statistics.add(report):
            for name, value in second.values.items():
                self._telemetry.series.add(name, second.second, value)

    def _on_event(self, event: LabEvent) -> None:
        now_s = self._clock.wall_ns() / 1e9
        if isinstance(event, MeterRead):
            for name, value in event.values.items():
                self._telemetry.series.add(name, now_s, value)
        elif isinstance(event, ProcessesSampled):
            for sample in event.samples:
                self._telemetry.series.add(f"process.{sample.name}.cpu_percent", now_s, sample.cpu_percent)
                self._telemetry.series.add(f"process.{sample.name}.memory_mb", now_s, sample.memory_mb)
        else:
            self._tell(event)
