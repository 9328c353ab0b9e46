"""The judge's hands on the isolated system: which source runs on which databases, and who is to blame."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.lab.environment import Environment
from engine.lab.errors import LabError
from engine.lab.load.client import LoadClient
from engine.lab.records import (
    EnvironmentSettings,
    HelperExited,
    LabEvent,
    ServiceExited,
    ServiceFailedToStart,
    ServiceStarted,
)
from engine.packs.records import Pack
from engine.verification.bench import LabBench
from engine.verification.session import MachineFailed, SubmissionFailed
from engine.verification.sources import completed, editable, missing, unfixed

HISTORY_S = 6.0
"""How long the unfixed services run the incident's traffic where a probe asks for their history."""

Outcomes = Mapping[str, ServiceStarted | ServiceFailedToStart]
Sources = Mapping[str, Path]


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
    ) -> None:
        self._environment = Environment(settings, self._take)
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
        self._client: LoadClient | None = None
        self.bench = LabBench(self, pack, *seeds)

    async def __aenter__(self) -> Self:
        await self._open_things.enter_async_context(self._environment)
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
            self._require(await self._environment.start(self._pack, faulty, _silent), blame=False)
            self._running = faulty
            client = LoadClient(self._environment.entry_url)
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
        async with asyncio.TaskGroup() as tasks:
            for name in dict.fromkeys(("base", self._pack.trigger_profile)):
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
