"""The live world of a run: environment, load and meters, and their figures on the way to telemetry."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.clock import Clock
from engine.lab.chaos import Chaos
from engine.lab.environment import Environment, EnvironmentSettings
from engine.lab.load import ClientStatistics, LoadGenerator, LoadReport
from engine.lab.records import (
    EdgesCounted,
    HostSampled,
    LabEvent,
    MeterRead,
    ProcessesSampled,
    ServiceFailedToStart,
    ServiceStarted,
    ServiceStatus,
    ThreadGroup,
)
from engine.packs.records import Pack
from engine.packs.topology import joined
from engine.runner.burst import Burst
from engine.runner.edge_series import EdgeSeries
from engine.telemetry.telemetry import Telemetry

LOG = logging.getLogger(__name__)

BASE = "base"
STRESS = "stress"
_STRESS_ENDS_S = 10.0
Outcome = ServiceStarted | ServiceFailedToStart


class World:
    """`async with World(...) as world: await world.start(...)`; leaving it ends every process of the run.

    All packs share one database server, one proxy and one load generator; each keeps its own services, clients and
    meter. `tell` gets, on the event loop, what the lab reports of services.
    """

    def __init__(
        self,
        packs: Sequence[Pack],
        folder: Path,
        run_id: str,
        seed: int,
        telemetry: Telemetry,
        clock: Clock,
        tell: Callable[[LabEvent], None],
    ) -> None:
        self._packs = packs
        self._seed = seed
        self._telemetry = telemetry
        self._clock = clock
        self._tell = tell
        topology = joined([pack.topology for pack in packs])
        self._topology = topology
        settings = EnvironmentSettings(run_id, folder / "live", f"http://{telemetry.endpoint}")
        self._environment = Environment(settings, self._on_event)
        self._edge_series = EdgeSeries(topology)
        groups = {profile.clients for pack in packs for profile in pack.profiles}
        self._statistics = {group: ClientStatistics(group) for group in groups}
        self._group_of = {
            stream_name(pack, profile.name): profile.clients for pack in packs for profile in pack.profiles
        }
        self._playing: dict[str, tuple[Pack, str]] = {}
        self._is_held = False
        self._burst: Burst | None = None
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
        """Start database, proxy, services and meters. Raises LabError where the machine lacks something."""
        outcomes = await self._environment.start(self._topology, sources, progress)
        for pack in self._packs:
            await self._environment.start_meter(pack, self._seed)
        return outcomes

    async def play(self, pack: Pack, profile: str, opened_ns: int) -> None:
        """Let the clients of a profile send, what they send first included.

        Indexes go on where an earlier engine of this run may have been: clients never send more than their
        profile's rate, so the run's age bounds what was used.
        """
        stream = stream_name(pack, profile)
        self._playing[stream] = (pack, profile)
        if not self._is_held:
            await self._send(pack, profile, opened_ns, None, opens=True)

    async def halt(self, pack: Pack, profile: str) -> None:
        """Let those clients stop sending."""
        stream = stream_name(pack, profile)
        if self._playing.pop(stream, None) is not None and not self._is_held:
            await self._load.halt(stream)

    async def hold(self) -> None:
        """Let every client stand still, so that a measurement has the machine for itself."""
        if not self._is_held:
            self._is_held = True
            for stream in self._playing:
                await self._load.halt(stream)

    async def release(self, opened_ns: int) -> None:
        """Let them go on."""
        if self._is_held:
            self._is_held = False
            for pack, profile in tuple(self._playing.values()):
                await self._send(pack, profile, opened_ns, None, opens=False)

    async def stress(self, pack: Pack, opened_ns: int, seconds: float) -> str:
        """Send a burst of the pack's stress profile beside everything else; what came of it, in words."""
        burst = self._burst = Burst(stream_name(pack, STRESS), seconds)
        try:
            await self._send(pack, STRESS, opened_ns, seconds, opens=True)
            async with asyncio.timeout(seconds + pack.profile(STRESS).timeout_s + _STRESS_ENDS_S):
                await burst.finished.wait()
        except TimeoutError:
            await self._load.halt(burst.stream)
        finally:
            self._burst = None
        return burst.words()

    @property
    def chaos(self) -> Chaos:
        """What may be done to edges, services and the host; undone on every way out."""
        return self._environment.chaos

    async def deploy(self, service: str, source: Path) -> Outcome:
        """Run another source in a service; the old one goes on where it does not start."""
        return await self._environment.deploy(service, source)

    async def stacks(self, service: str) -> tuple[ThreadGroup, ...]:
        """Every thread of a service, those at the same place together. Raises KeyError and HelperFailed."""
        return await self._environment.stacks(service)

    def statuses(self) -> tuple[ServiceStatus, ...]:
        """Every service as it is now."""
        return self._environment.statuses()

    async def _send(
        self, pack: Pack, name: str, opened_ns: int, seconds: float | None, *, opens: bool
    ) -> None:
        profile = pack.profile(name)
        age_s = max(0, self._clock.wall_ns() - opened_ns) / 1e9
        await self._load.play(
            stream_name(pack, name),
            pack.folder,
            profile,
            self._seed,
            self._environment.url(pack.entry),
            first_index=math.ceil(age_s * profile.rate_per_s) + 1,
            seconds=seconds,
            opens=opens,
        )

    def _on_report(self, report: LoadReport) -> None:
        for stream in report.streams:
            if self._burst is not None and stream.stream == self._burst.stream:
                self._burst.take(stream)
            if stream.problem:
                LOG.error("the clients %s: %s", stream.stream, stream.problem)
        for group, statistics in self._statistics.items():
            streams = tuple(s for s in report.streams if self._group_of[s.stream] == group)
            for second in statistics.add(replace(report, streams=streams)):
                for name, value in second.values.items():
                    self._telemetry.series.add(name, second.second, value)

    def _on_event(self, event: LabEvent) -> None:
        now_s = self._clock.wall_ns() / 1e9
        if isinstance(event, MeterRead):
            self._add(event.values, now_s)
        elif isinstance(event, EdgesCounted):
            self._add(self._edge_series.take(event.counts, now_s), now_s)
        elif isinstance(event, ProcessesSampled):
            for sample in event.samples:
                self._telemetry.series.add(f"process.{sample.name}.cpu_percent", now_s, sample.cpu_percent)
                self._telemetry.series.add(f"process.{sample.name}.memory_mb", now_s, sample.memory_mb)
            for status in self.statuses():
                self._telemetry.series.add(f"service.{status.name}.restarts", now_s, float(status.restarts))
        elif isinstance(event, HostSampled):
            self._telemetry.series.add("host.cpu_percent", now_s, event.cpu_percent)
            self._telemetry.series.add("host.memory_percent", now_s, event.memory_percent)
        else:
            self._tell(event)

    def _add(self, values: Mapping[str, float], at_s: float) -> None:
        for name, value in values.items():
            self._telemetry.series.add(name, at_s, value)


def stream_name(pack: Pack, profile: str) -> str:
    """How the load generator calls the clients of a profile."""
    return f"{pack.codename}:{profile}"
