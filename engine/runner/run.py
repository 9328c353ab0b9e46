"""One open run: everything that it consists of, and the acts that change the world."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.clock import Clock
from engine.drill import acts
from engine.drill import events as e
from engine.drill.agenda import Agenda
from engine.drill.errors import DrillError, Refusal
from engine.lab.records import ServiceFailedToStart, ServiceStarted, ThreadGroup
from engine.packs.records import Pack
from engine.packs.topology import joined
from engine.runner.chaos_desk import ChaosDesk
from engine.runner.deploys import Deploys
from engine.runner.folders import DRILL_FILE
from engine.runner.hold import TrafficHold
from engine.runner.judging import Judging
from engine.runner.lab_notes import LabNotes
from engine.runner.monitor import Monitor
from engine.runner.recorder import Recorder
from engine.runner.rules import AlertRules
from engine.runner.stress_tests import StressTests
from engine.runner.world import BASE, World
from engine.storage.event_log import EventLog
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.telemetry import Telemetry
from engine.version import VERSION
from engine.workspace.workspace import Workspace

LOG = logging.getLogger(__name__)


class Run:
    """`async with Run(...) as run: await run.open(progress)`. Leaving it ends the world; the record stays.

    A folder without a drill file becomes a new run; one with a record is gone on with.
    """

    def __init__(
        self,
        packs: Sequence[Pack],
        agenda: Agenda,
        folder: Path,
        seed: int,
        clock: Clock,
        run_id: str,
        telemetry: TelemetrySettings,
    ) -> None:
        self.packs = tuple(packs)
        self._telemetry_settings = telemetry
        self.agenda = agenda
        self.folder = folder
        self.clock = clock
        self.name = folder.name
        self.run_id = run_id
        self._new = not (folder / DRILL_FILE).exists()
        self._log = EventLog(folder / DRILL_FILE)
        self.recorder = Recorder(self._log, agenda, clock)
        opened = self.recorder.state.opened
        self.seed = opened.seed if opened else seed
        self._stack = AsyncExitStack()
        self._notes = LabNotes(self.recorder)
        self.telemetry: Telemetry
        self.workspace: Workspace
        self.world: World
        self.deploys: Deploys
        self.judging: Judging
        self.chaos: ChaosDesk
        self.hold: TrafficHold
        self.stress: StressTests
        self.rules: AlertRules

    async def __aenter__(self) -> Self:
        self._stack.callback(self._log.close)
        self.telemetry = await self._stack.enter_async_context(
            Telemetry(self.folder, self.clock, self._telemetry_settings)
        )
        tree = self.folder / "workspace"
        self.workspace = Workspace(tree, self.clock) if tree.exists() else self._new_workspace(tree)
        self._stack.callback(self.workspace.close)
        topology = joined([pack.topology for pack in self.packs])
        self.deploys = Deploys(topology, self.workspace, self.recorder, self.folder / "deploys")
        self.judging = Judging(
            self.packs,
            self.deploys,
            self.recorder,
            self.folder / "verifications",
            self.seed,
            self.run_id,
            lambda: self.hold.allowance(),
        )
        self.world = await self._stack.enter_async_context(
            World(
                self.packs,
                self.folder,
                self.run_id,
                self.seed,
                self.telemetry,
                self.clock,
                self._notes.take,
            )
        )
        self.hold = TrafficHold(self.world, self.recorder, self.clock)
        self.stress = StressTests(self.world, self.recorder)
        self.rules = AlertRules(self.telemetry.series, self.recorder, self.clock)
        self.chaos = ChaosDesk(
            self.packs, topology, self.world, self.recorder, self.telemetry.series, self.clock
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def open(self, progress: Callable[[str], None]) -> None:
        """Start the world as the log says that it should be. Raises LabError where the machine lacks something."""
        state = self.recorder.state
        if state.opened is None:
            words, level = tuple(pack.word for pack in self.packs), self.packs[0].level
            await self.recorder.note(e.RunOpened(words, self.seed, self.agenda.name, VERSION, level))
        else:
            await self.recorder.note(e.RunResumed(after_crash=not state.closed))
            await self._drop_unfinished()
        sources = self.deploys.sources(self.workspace.deployed)
        outcomes = await self.world.start(sources, progress)
        for outcome in outcomes.values():
            match outcome:
                case ServiceStarted():
                    self.deploys.note_started(outcome)
                case ServiceFailedToStart():
                    await self.recorder.note(e.ServiceFailed(outcome.service, outcome.reason))
        progress("Starting the clients")
        for pack in self.packs:
            await self._play(pack, BASE)
            scenario = self.recorder.state.scenarios.get(pack.id)
            if scenario is not None and scenario.running:
                await self._play(pack, pack.trigger_profile)
        await self.chaos.go_on()

    async def live(self) -> None:
        """Watch, judge and note until cancelled; the owner runs this beside everything else."""
        async with asyncio.TaskGroup() as tasks:
            for pack in self.packs:
                monitor = Monitor(pack, self.telemetry.series, self.recorder, self.clock)
                tasks.create_task(monitor.watch(), name=f"monitor {pack.codename}")
            tasks.create_task(self._notes.work(self.chaos), name="lab-events")
            tasks.create_task(self.hold.work(), name="hold")
            tasks.create_task(self.chaos.tend(), name="chaos")
            tasks.create_task(self.stress.work(), name="stress")
            tasks.create_task(self.rules.watch(), name="alert rules")
            tasks.create_task(self.judging.work(), name="judging")

    async def close(self) -> None:
        """Note that the run ends on purpose. The world ends with the `async with` block."""
        await self.chaos.end_all()
        if not self.recorder.state.closed:
            await self.recorder.note(e.RunClosed())

    # acts that change the world: recorded first, then carried out

    async def trigger(self, pack: str, actor: str, role: str) -> None:
        """Start the incident: its clients begin to send."""
        known = frozenset(known.id for known in self.packs)
        await self.recorder.act(lambda state: acts.trigger(state, pack, known), actor, role)
        triggered = self.pack(pack)
        await self._play(triggered, triggered.trigger_profile)

    async def stop_scenario(self, pack: str, actor: str, role: str) -> None:
        """End the incident's traffic."""
        known = frozenset(known.id for known in self.packs)
        await self.recorder.act(lambda state: acts.stop(state, pack, known), actor, role)
        stopped = self.pack(pack)
        await self.world.halt(stopped, stopped.trigger_profile)

    async def release_hint(self, pack: str, index: int, actor: str, role: str) -> None:
        """Show a hint to the team."""
        found = self.pack(pack)
        if not 0 <= index < len(found.hints):
            raise DrillError("There is no such hint.", Refusal.NOT_FOUND)
        hint = found.hints[index]
        if (found.codename, index) in {(h.scenario, h.index) for h in self.recorder.state.hints}:
            raise DrillError("This hint was released already.", Refusal.NOT_NOW)
        event = e.HintReleased(found.codename, index, hint.level, hint.text, hint.cost)
        await self.recorder.act(lambda _: event, actor, role)

    async def propose(self, title: str, actor: str, role: str) -> e.FixProposed:
        """Record the workspace as a proposal. Raises WorkspaceError when nothing would change."""
        proposal = self.workspace.propose(title, actor)
        event = e.FixProposed(
            proposal.commit, proposal.title, len(proposal.files), proposal.added, proposal.removed
        )
        await self.recorder.act(lambda _: event, actor, role)
        return event

    def diff_of(self, commit: str) -> str:
        """The unified diff from the source as it came to `commit`."""
        return self.workspace.diff(self.workspace.first, commit)

    def pack(self, pack_id: str) -> Pack:
        """The scenario of this run with that id. Raises DrillError."""
        for pack in self.packs:
            if pack.id == pack_id:
                return pack
        raise DrillError(f"The scenario “{pack_id}” is not part of this run.", Refusal.NOT_FOUND)

    async def stacks(self, service: str) -> tuple[ThreadGroup, ...]:
        """Every thread of a service, those at the same place together. Raises DrillError."""
        if service not in self.workspace.services:
            known = ", ".join(self.workspace.services)
            raise DrillError(f"There is no service “{service}” in this run, but {known}.", Refusal.NOT_FOUND)
        return await self.world.stacks(service)

    def _new_workspace(self, tree: Path) -> Workspace:
        return Workspace.create(tree, self.packs, self.clock)

    async def _play(self, pack: Pack, profile: str) -> None:
        await self.world.play(pack, profile, self.recorder.state.opened_ns)

    async def _drop_unfinished(self) -> None:
        """What an ended engine was at cannot go on: a judgement is noted as cancelled, a stress test as unknown."""
        for verification in self.recorder.state.verifications.values():
            if not verification.finished and not verification.cancelled:
                await self.recorder.note(e.VerificationCancelled(verification.id))
        for stress in self.recorder.state.stress:
            if not stress.measured:
                unknown = "the engine ended before its outcome"
                await self.recorder.note(e.StressFinished(stress.scenario, unknown))
