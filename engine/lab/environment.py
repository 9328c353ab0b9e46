"""One isolated set of everything a scenario needs: database server, proxy, services, and the meter."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from signal import SIGINT
from types import TracebackType
from typing import Self

from engine.lab.chaos import Chaos, ChaosTargets
from engine.lab.child_process import HAS_DEATH_SIGNAL
from engine.lab.data_folders import data_folder, empty, remove_leftovers
from engine.lab.errors import HelperFailed
from engine.lab.graph import edge_name, service_environment
from engine.lab.launcher import Launcher, choose_launcher
from engine.lab.meter import MeterProcess
from engine.lab.postgres import Postgres
from engine.lab.proxy import EdgeCounts, Hop, Proxy
from engine.lab.records import (
    EdgesCounted,
    EnvironmentSettings,
    HelperExited,
    LabEvent,
    ProcessesSampled,
    ServiceFailedToStart,
    ServiceStarted,
    ServiceStatus,
    ThreadGroup,
)
from engine.lab.sampling import HostSampler, ProcessSampler
from engine.lab.service_process import ServicePlan
from engine.lab.supervisor import Supervisor
from engine.packs.errors import PackErrors
from engine.packs.records import Pack
from engine.packs.service_settings import ServiceSettings, read_service_settings
from engine.packs.topology import CLIENTS, Protocol, ServiceSpec, Topology

__all__ = ["Environment", "EnvironmentSettings"]

_SAMPLE_EVERY_S = 1.0
_NOBODY_LISTENS = 1
"""an edge's port until its service has one: connections are refused there"""
_SEEN_BY_ALL = {"OTEL_SEMCONV_STABILITY_OPT_IN": "http,database", "NO_PROXY": "*"}
"""the stable names of attributes; and no way around loopback, nor a look into macOS' settings after a fork"""

Outcome = ServiceStarted | ServiceFailedToStart


def _ignore(event: LabEvent) -> None:
    """The listener of an environment that nobody watches."""


def _silent(text: str) -> None:
    """The progress of a start that nobody waits for."""


class Environment:
    """`async with Environment(settings, on_event) as env: await env.start(...)`; leaving it ends every process.

    `on_event` is called on the event loop and must not block. Run it in the main thread's event loop: on Linux a
    child ends with the thread that started it.
    """

    def __init__(self, settings: EnvironmentSettings, on_event: Callable[[LabEvent], None] = _ignore) -> None:
        self.settings = settings
        self._on_event = on_event
        self._tasks = asyncio.TaskGroup()
        self._sampling: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._topology: Topology | None = None
        self._postgres: Postgres | None = None
        self._launcher: Launcher | None = None
        self._proxy: Proxy | None = None
        self._supervisor: Supervisor | None = None
        self._chaos: Chaos | None = None
        self._meters: list[MeterProcess] = []
        self._ports: dict[str, int] = {}
        self._sources: dict[str, Path] = {}
        self._settings_of: dict[str, ServiceSettings] = {}

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The group would wrap the body's own error; it need only know of a cancellation, which may be its own.
        own = (kind, error, trace) if isinstance(error, asyncio.CancelledError) else (None, None, None)
        try:
            await self.stop()
        finally:
            try:
                await self._tasks.__aexit__(*own)
            finally:
                if self._supervisor:
                    self._supervisor.close()

    async def start(
        self, topology: Topology, sources: Mapping[str, Path], progress: Callable[[str], None] = _silent
    ) -> Mapping[str, Outcome]:
        """Start all of it with the given source folder of each service; one outcome a service. Call it once.

        A service that does not start leaves the rest running, so that it can be deployed again. Databases of an
        earlier start in the same folder are kept. Raises LabError where the machine lacks something.
        """
        self._topology = topology
        folder = self.settings.folder
        remove_leftovers(folder)
        self._postgres = Postgres(folder / "postgres", self.settings.run_id, self._tasks, self._on_event)
        self._launcher = choose_launcher(self.settings.run_id, folder / "logs" / "zygote.log", self._tasks)
        self._proxy = Proxy(self.settings.run_id, self._proxy_gone, self._edge_is_over)
        await self._start_helpers(self._postgres, self._launcher, self._proxy, progress)
        await self._open_edges(self._proxy, topology)
        self._supervisor = Supervisor(
            self._launcher, folder / "logs", self._tasks, self._on_event, self._turn_edges
        )
        self._chaos = self._chaos_on(topology, self._proxy, self._supervisor)
        self._sampling = self._tasks.create_task(self._sample(), name="samples")
        progress(f"Starting {len(topology.services)} services")
        return await self._run_services(self._supervisor, sources)

    async def deploy(self, service: str, source: Path) -> Outcome:
        """Start `source` beside the running version, turn its edges to it, and drain and stop the old one.

        If it does not start, the old version keeps running.
        """
        outcome = await self._run(self._supervised, self._known.service(service), source)
        if isinstance(outcome, ServiceStarted):
            self._sources[service] = source
        return outcome

    async def restart(self, service: str) -> Outcome:
        """Stop the service, then start it again from the source that it ran."""
        return await self._supervised.restart(service)

    async def stop_service(self, service: str) -> None:
        """End a service until it is restarted or deployed again; its edges refuse."""
        await self._supervised.stop(service)

    async def reset_databases(self, sources: Mapping[str, Path] | None = None) -> Mapping[str, Outcome]:
        """Stop the services, empty every database and every service's own folder, and start the services again.

        With `sources` they start from those folders (all services), else from what they ran last.
        """
        topology, postgres, supervised = self._known, self._database_server, self._supervised
        async with asyncio.TaskGroup() as group:
            for spec in topology.services:
                group.create_task(supervised.stop(spec.name), name=f"stop {spec.name}")
        for spec in topology.services:
            empty(data_folder(self.settings.folder, spec.name))
        for name in topology.databases:
            await postgres.reset(name)
        return await self._run_services(supervised, self._sources if sources is None else sources)

    async def start_meter(self, pack: Pack, seed: int) -> None:
        """Run a pack's meter in a process of its own; each second it reports `MeterRead` or `MeterFailed`.

        Raises LabError with the file's own error if it cannot be loaded.
        """
        meter = MeterProcess(self.settings.run_id, self._on_event, self._reporter("meter"))
        self._meters.append(meter)
        dsns = {name: self.database_dsn(name) for name in pack.databases}
        await meter.start(pack.folder / "meter.py", seed, dsns)

    def url(self, entry: str) -> str:
        """Where clients reach an entry service: through the proxy."""
        return f"http://127.0.0.1:{self._ports[f'{CLIENTS}->{entry}']}"

    def pool(self, service: str) -> ServiceSettings:
        """The pool sizes with which a service was started last. Raises KeyError for one that never was."""
        return self._settings_of[service]

    async def impair(self, edge: str, latency_ms: float, jitter_ms: float) -> None:
        """Delay what passes an edge on its way up from now on, beside its own latency; 0 and 0 is none."""
        assert self._proxy is not None
        if latency_ms or jitter_ms:
            await self._proxy.impair(edge, "latency", delay_ms=latency_ms, jitter_ms=jitter_ms)
        else:
            await self._proxy.clear(edge, "latency")

    @property
    def chaos(self) -> Chaos:
        """What may be done to its edges, its services and the host, and is undone with it."""
        assert self._chaos is not None, "start the environment first"
        return self._chaos

    def database_dsn(self, name: str) -> str:
        """A superuser's connection string for a database, direct and not through the proxy."""
        return self._database_server.dsn(name)

    def statuses(self) -> tuple[ServiceStatus, ...]:
        """Every service of the pack, in the order of the pack."""
        return self._supervised.statuses() if self._supervisor else ()

    def output(self, service: str, lines: int = 40) -> tuple[str, ...]:
        """The last lines that a service wrote."""
        return self._supervised.tail(service, lines)

    async def stacks(self, service: str) -> tuple[ThreadGroup, ...]:
        """The threads of a service, grouped by where they stand; the largest group first."""
        return await self._supervised.stacks(service)

    async def edge_counts(self, reader: str = "") -> Mapping[str, EdgeCounts]:
        """The proxy's counts, by edge name (`source->target`); each `reader` has peaks of its own."""
        assert self._proxy is not None
        return await self._proxy.counts(reader)

    async def hops(self, edge: str, after: int = 0) -> tuple[Hop, ...]:
        """The latest HTTP requests of an edge, as the proxy saw them."""
        assert self._proxy is not None
        return await self._proxy.hops(edge, after)

    async def stop(self) -> None:
        """End everything, those first that use others; safe to call twice."""
        for task in (self._sampling, self._watching):
            if task:
                task.cancel()
        if self._chaos:
            await self._chaos.stop()
        if self._supervisor:
            await self._supervisor.stop_all()
        for meter in self._meters:
            await meter.stop()
        if self._proxy:
            await self._proxy.stop()
        if self._postgres:
            await self._postgres.stop()
        if self._launcher:
            await self._launcher.stop()

    @property
    def _supervised(self) -> Supervisor:
        assert self._supervisor is not None, "start the environment first"
        return self._supervisor

    @property
    def _database_server(self) -> Postgres:
        assert self._postgres is not None, "start the environment first"
        return self._postgres

    @property
    def _known(self) -> Topology:
        assert self._topology is not None, "start the environment first"
        return self._topology

    async def _start_helpers(
        self, postgres: Postgres, launcher: Launcher, proxy: Proxy, progress: Callable[[str], None]
    ) -> None:
        """Database server, launcher and proxy side by side: each waits for other things."""
        progress("Warming up the process that starts services")
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(postgres.start(progress), name="start postgres")
                group.create_task(launcher.start(), name="start launcher")
                await proxy.start()
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        self._watching = self._tasks.create_task(self._watch_postgres(postgres), name="watch postgres")
        if not HAS_DEATH_SIGNAL and sys.platform != "win32" and postgres.pid:
            await launcher.guard(postgres.pid, SIGINT)
        for name in self._known.databases:
            await postgres.create_database(name)

    async def _open_edges(self, proxy: Proxy, topology: Topology) -> None:
        for edge in topology.edges:
            upstream = self._database_server.port if edge.protocol is Protocol.POSTGRES else _NOBODY_LISTENS
            name = edge_name(edge)
            self._ports[name] = await proxy.open_edge(
                name, edge.protocol, upstream, latency_ms=edge.latency_ms
            )

    async def _run_services(
        self, supervisor: Supervisor, sources: Mapping[str, Path]
    ) -> Mapping[str, Outcome]:
        self._sources = dict(sources)
        async with asyncio.TaskGroup() as group:
            runs = {
                spec.name: group.create_task(
                    self._run(supervisor, spec, sources[spec.name]), name=f"start {spec.name}"
                )
                for spec in self._known.services
            }
        return {name: run.result() for name, run in runs.items()}

    async def _run(self, supervisor: Supervisor, spec: ServiceSpec, source: Path) -> Outcome:
        """Bring a version up; one that asks for more than the contract allows does not start."""
        try:
            settings = read_service_settings(source, spec)
        except PackErrors as refused:
            first = refused.errors[0]
            reason = f"{first.key}: {first.message}" if first.key else first.message
            return ServiceFailedToStart(spec.name, reason, str(refused), first.file.name, first.line or None)
        outcome = await supervisor.run(self._plan(spec, source, settings))
        if isinstance(outcome, ServiceStarted):
            self._settings_of[spec.name] = settings
        return outcome

    def _plan(self, spec: ServiceSpec, source: Path, settings: ServiceSettings) -> ServicePlan:
        database_url = self._database_server.service_url
        seen = service_environment(self._known, spec, settings, self._ports, database_url)
        data = data_folder(self.settings.folder, spec.name)
        return ServicePlan(
            spec.name, source, {**_SEEN_BY_ALL, **seen}, self.settings.otlp_endpoint, data_folder=data
        )

    def _chaos_on(self, topology: Topology, proxy: Proxy, supervisor: Supervisor) -> Chaos:
        edges = {edge_name(edge): edge.protocol for edge in topology.edges}
        services = tuple(spec.name for spec in topology.services)
        targets = ChaosTargets(edges, services, lambda service: supervisor.pids().get(service))
        return Chaos(self.settings.run_id, self.settings.folder, targets, proxy, self._tasks, self._on_event)

    def _edge_is_over(self, edge: str, kind: str) -> None:
        if self._chaos:
            self._chaos.edge_is_over(edge, kind)

    def _proxy_gone(self, exit_code: int, last_lines: tuple[str, ...]) -> None:
        self._reporter("proxy")(exit_code, last_lines)
        if self._chaos:
            self._chaos.proxy_is_gone()

    async def _turn_edges(self, service: str, port: int) -> None:
        assert self._proxy is not None
        targets = [edge for edge in self._known.edges if edge.target == service]
        # A proxy that is gone was reported when it went.
        with suppress(HelperFailed):
            for edge in targets:
                await self._proxy.retarget(edge_name(edge), port)

    async def _sample(self) -> None:
        """CPU, memory and the proxy's counts, once a second."""
        sampler, host = ProcessSampler(), HostSampler()
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            pids = dict(self._supervised.pids())
            if self._database_server.pid:
                pids["postgres"] = self._database_server.pid
            samples = await asyncio.to_thread(sampler.sample, pids)
            self._on_event(ProcessesSampled(samples))
            self._on_event(host.sample())
            try:
                self._on_event(EdgesCounted(await self.edge_counts("samples")))
            except HelperFailed:
                # Its end is reported by itself.
                return
            due_s = max(due_s + _SAMPLE_EVERY_S, loop.time())
            await asyncio.sleep(due_s - loop.time())

    async def _watch_postgres(self, postgres: Postgres) -> None:
        code = await asyncio.shield(postgres.ended)
        self._on_event(HelperExited("postgres", code, postgres.tail()))

    def _reporter(self, name: str) -> Callable[[int, tuple[str, ...]], None]:
        return lambda code, lines: self._on_event(HelperExited(name, code, lines))
