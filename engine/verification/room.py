"""The judge's hands on the isolated system: which source runs on which databases, and who is to blame."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.lab.environment import Environment
from engine.lab.errors import LabError
from engine.lab.load.client import LoadClient
from engine.lab.load.traffic import opening_of
from engine.lab.records import (
    EnvironmentSettings,
    HelperExited,
    LabEvent,
    ServiceExited,
    ServiceFailedToStart,
    ServiceStarted,
)
from engine.packs.api import LoadResult, Reading
from engine.packs.loading import load_traffic
from engine.packs.records import Pack
from engine.verification.bench import LabBench
from engine.verification.limits import Limits
from engine.verification.observer import Observer, coverage
from engine.verification.session import MachineFailed, SubmissionFailed
from engine.verification.sources import completed, editable, missing, unfixed

HISTORY_S = 10.0
"""How long the unfixed services run the incident's traffic where a probe asks for their history."""
OBSERVED_WITHIN_S = 5.0
"""Exporters send what they hold within a second; a busy machine takes longer."""

Outcomes = Mapping[str, ServiceStarted | ServiceFailedToStart]
Sources = Mapping[str, Path]


def _nobody_to_hold(held: bool) -> None:
    """A judgement beside which nothing is live."""


class LabRoom:
    """`async with LabRoom(...) as room:`; leaving it ends every process.

    `submitted` has the team's services; `make_reference` gives the same of the pack's own reference fix. `seeds` are
    the judge's and the live drill's.
    """

    def __init__(
        self,
        settings: EnvironmentSettings,
        pack: Pack,
        submitted: Sources,
        make_reference: Callable[[], Sources],
        seeds: tuple[int, int],
        hold: Callable[[bool], None] = _nobody_to_hold,
    ) -> None:
        self._settings = settings
        self._observer = Observer()
        self._limits = Limits(pack.topology)
        self._impaired: set[str] = set()
        self._reference: LabRoom | None = None
        self._hold = hold
        self._pack = pack
        self._submitted = submitted
        self._make_reference = make_reference
        self._running: Sources = {}
        self._is_submission_blamed = True
        self._has_swapped = False
        self._is_clean = False
        self._machine_trouble = ""
        self._crashes: list[ServiceExited] = []
        self._open_things = contextlib.AsyncExitStack()
        self._tasks = asyncio.TaskGroup()
        self._environment: Environment
        self._client: LoadClient | None = None
        self.bench = LabBench(self, pack, *seeds)

    async def __aenter__(self) -> Self:
        await self._open_things.enter_async_context(self._tasks)
        endpoint = await self._observer.start()
        self._tasks.create_task(self._observer.work(), name="observer")
        self._open_things.push_async_callback(self._observer.stop)
        settings = replace(self._settings, otlp_endpoint=endpoint)
        self._environment = await self._open_things.enter_async_context(Environment(settings, self._take))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open_things.__aexit__(kind, error, trace)

    async def open(self) -> None:
        """Start the pack's own services, then put the submission in their place, as a deploy does.

        So the submission meets the tables that it would meet in the live drill, empty.
        """
        if reason := missing(self._pack, self._submitted):
            raise SubmissionFailed(reason)
        with _machine_failures():
            faulty = unfixed(self._pack)
            self._require(await self._environment.start(self._pack.topology, faulty, _silent), blame=False)
            self._running = faulty
            client = LoadClient(self._environment.url(self._pack.entry))
            self._client = await self._open_things.enter_async_context(client)
            await self._take_over()

    async def ready(self) -> LoadClient:
        """The clients of the system; after a swap to the reference they meet it on new databases."""
        if self._has_swapped:
            await self.fresh(faulty_history=False)
        self._is_clean = False
        return self._clients()

    async def fresh(self, faulty_history: bool) -> None:
        """New databases under the submitted services, or under the unfixed ones and their traffic first."""
        self._has_swapped = False
        with _machine_failures():
            await self._clear_impairments()
            if faulty_history:
                await self._run_on_empty(unfixed(self._pack), blame=False)
                await self._play_incident()
                await self._take_over()
            elif not self._is_clean:
                wanted = completed(self._pack, self._submitted)
                await self._run_on_empty(wanted, blame=self._is_submission_blamed)
        self._is_clean = not faulty_history

    async def restart(self, service: str) -> None:
        """Stop a service and start it again from the source that it ran."""
        await self.ready()
        with _machine_failures():
            outcome = await self._environment.restart(service)
            self._require({service: outcome}, blame=self._is_submission_blamed)

    async def swap_to_reference(self) -> None:
        """From now on the pack's own reference fix stands in for the submission, and nobody is blamed."""
        self._submitted = await asyncio.to_thread(self._make_reference)
        self._is_submission_blamed, self._is_clean, self._has_swapped = False, False, True

    async def reference(self) -> LabRoom:
        """A room beside this one, in which the pack's own reference fix stands; opened when it is asked for first.

        Raises MachineFailed where it does not start: the reference is nobody's submission.
        """
        if self._reference is None:
            folder = self._settings.folder.with_name("reference-environment")
            sources = await asyncio.to_thread(self._make_reference)
            bench = self.bench
            room = LabRoom(
                replace(self._settings, folder=folder),
                self._pack,
                sources,
                lambda: sources,
                (bench.seed, bench.live_seed),
            )
            self._reference = await self._open_things.enter_async_context(room)
            try:
                await room.open()
            except SubmissionFailed as error:
                raise MachineFailed(f"the reference: {error}") from error
        return self._reference

    @contextlib.contextmanager
    def quiet(self) -> Iterator[None]:
        """Live traffic stands still inside of it, for a bounded while."""
        self._hold(True)
        try:
            yield
        finally:
            self._hold(False)

    async def impair(self, edge: str, latency_ms: float, jitter_ms: float) -> None:
        """Delay what passes an edge, until the next fresh system."""
        await self.ready()
        with _machine_failures():
            await self._environment.impair(edge, latency_ms, jitter_ms)
        self._impaired.add(edge)

    async def observe(self) -> Reading:
        """Whether what passed left its spans; exporters get a while to send them."""
        loop = asyncio.get_running_loop()
        until_s = loop.time() + OBSERVED_WITHIN_S
        while True:
            with _machine_failures():
                counts = await self._environment.edge_counts()
            reading = coverage(self._pack.topology, counts, self._observer.server_spans)
            if reading.held or loop.time() > until_s:
                return reading
            await asyncio.sleep(0.25)

    def limits(self) -> Reading:
        """Whether the services kept to the contract's memory and connections."""
        return self._limits.reading()

    async def open_profile(self, profile: str, seed: int) -> LoadResult:
        """What the profile's clients send first, one after the other."""
        traffic = load_traffic(self._pack.folder)
        requests = opening_of(traffic, self._pack.profile(profile).asks, seed)
        return await (await self.ready()).send_all(requests, 1, self._pack.profile(profile).timeout_s)

    @property
    def environment(self) -> Environment:
        """The lab's environment, for what is only looked at."""
        return self._environment

    def check(self) -> None:
        """Raises MachineFailed or SubmissionFailed if something ended by itself."""
        if self._machine_trouble:
            raise MachineFailed(self._machine_trouble)
        for crash in self._crashes:
            said = f"{crash.service} ended by itself with exit code {crash.exit_code}"
            if crash.service in editable(self._pack):
                raise SubmissionFailed(said, "\n".join(crash.last_lines))
            raise MachineFailed(said)

    def database_dsn(self, name: str) -> str:
        """The judge's own way to a database."""
        return self._environment.database_dsn(name)

    async def _clear_impairments(self) -> None:
        for edge in self._impaired:
            await self._environment.impair(edge, 0.0, 0.0)
        self._impaired.clear()

    def _clients(self) -> LoadClient:
        if self._client is None:
            raise MachineFailed("the isolated environment has not been started")
        return self._client

    async def _run_on_empty(self, wanted: Sources, blame: bool) -> None:
        """Empty databases with the services `wanted` on them, started from nothing."""
        self._running = wanted
        self._require(await self._environment.reset_databases(wanted), blame)

    async def _take_over(self) -> None:
        """Deploy every submitted service that is not the one that runs."""
        wanted = completed(self._pack, self._submitted)
        for name in editable(self._pack):
            if self._running[name] != wanted[name]:
                outcome = await self._environment.deploy(name, wanted[name])
                self._require({name: outcome}, blame=self._is_submission_blamed)
        self._running = wanted

    async def _play_incident(self) -> None:
        """The incident's traffic on what runs: the everyday profile beside the trigger's, as in the live drill."""
        client, seed = self._clients(), self.bench.live_seed
        names = tuple(dict.fromkeys(("base", self._pack.trigger_profile)))
        for name in names:
            await self.open_profile(name, seed)
        async with asyncio.TaskGroup() as tasks:
            for name in names:
                playing = client.play(self._pack.folder, self._pack.profile(name), seed, HISTORY_S)
                tasks.create_task(playing, name=f"history: {name}")

    def _require(self, outcomes: Outcomes, blame: bool) -> None:
        """Raises SubmissionFailed for a submitted service that did not start, MachineFailed for any other."""
        for name, outcome in outcomes.items():
            if not isinstance(outcome, ServiceFailedToStart):
                continue
            place = f" ({outcome.file}:{outcome.line})" if outcome.file else ""
            said = f"{name} does not start: {outcome.reason}{place}"
            if blame and name in editable(self._pack):
                raise SubmissionFailed(said, outcome.traceback)
            raise MachineFailed(f"{said}\n{outcome.traceback}".rstrip())

    def _take(self, event: LabEvent) -> None:
        """Keep what ended by itself; a crash of the unfixed services or of the reference is nobody's."""
        if self._runs_submission():
            self._limits.take(event)
        if isinstance(event, HelperExited):
            said = " ".join(event.last_lines[-3:])
            self._machine_trouble = f"{event.name} ended with exit code {event.exit_code}: {said}"
        elif isinstance(event, ServiceExited) and self._runs_submission():
            self._crashes.append(event)

    def _runs_submission(self) -> bool:
        wanted = self._submitted
        return self._is_submission_blamed and all(self._running.get(name) == wanted[name] for name in wanted)


@contextlib.contextmanager
def _machine_failures() -> Iterator[None]:
    """What the lab refuses is the machine's failure."""
    try:
        yield
    except LabError as error:
        raise MachineFailed(str(error)) from error


def _silent(step: str) -> None:
    """The environment's own progress is not shown."""
