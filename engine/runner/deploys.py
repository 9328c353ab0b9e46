"""From a commit to running services: export, start beside the old version, and keep the old one on failure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.drill import events as e
from engine.drill.errors import DrillError, Refusal
from engine.lab.records import ServiceFailedToStart, ServiceStarted
from engine.packs.records import Pack
from engine.packs.topology import Topology
from engine.runner.recorder import Recorder
from engine.runner.world import World
from engine.workspace.workspace import Workspace


class Deploys:
    """What runs, by commit. `folder` is the run's `deploys/`, with one folder a commit."""

    def __init__(self, topology: Topology, workspace: Workspace, recorder: Recorder, folder: Path) -> None:
        self._topology = topology
        self._workspace = workspace
        self._recorder = recorder
        self._folder = folder
        self.hashes: dict[str, str] = {}
        """by service: the hash of the source that it loaded, as it said itself"""

    def sources(self, commit: str) -> Mapping[str, Path]:
        """The source folder of each service at that commit."""
        return {
            service.name: self._workspace.export(commit, service.name, self._folder)
            for service in self._topology.services
        }

    def editable_sources(self, pack: Pack, commit: str) -> Mapping[str, Path]:
        """The same, of the services of one scenario that the team may edit."""
        folders = self.sources(commit)
        return {service.name: folders[service.name] for service in pack.services if service.editable}

    def is_touched(self, pack: Pack, commit: str) -> bool:
        """Whether a commit has other source than came with that scenario."""
        files = self._workspace.difference(self._workspace.first, commit).files
        return any(path.split("/")[0] == service.name for path in files for service in pack.services)

    async def deploy(
        self, world: World, commit: str, actor: str, role: str
    ) -> e.FixDeployed | e.DeployFailed:
        """Run `commit` in the services that it changes; all of them, or none."""
        before, after = self.sources(self._workspace.deployed), self.sources(commit)
        changed = self._changed(commit)
        if not changed:
            raise DrillError("This version is what runs already.", Refusal.NOT_NOW)
        turned: list[str] = []
        event: e.FixDeployed | e.DeployFailed = e.FixDeployed(commit, tuple(changed))
        for service in changed:
            outcome = await world.deploy(service, after[service])
            if isinstance(outcome, ServiceFailedToStart):
                event = _failed(commit, service, outcome)
                break
            self.note_started(outcome)
            turned.append(service)
        if isinstance(event, e.DeployFailed):
            for name in turned:
                await world.deploy(name, before[name])
        else:
            self._workspace.mark_deployed(commit)
        await self._recorder.act(lambda _: event, actor, role)
        return event

    def note_started(self, outcome: ServiceStarted) -> None:
        """Remember what a service says that it runs."""
        self.hashes[outcome.service] = outcome.source_hash

    def _changed(self, commit: str) -> list[str]:
        paths = self._workspace.proposal(commit).files
        return [s.name for s in self._topology.services if any(p.startswith(f"{s.name}/") for p in paths)]


def _failed(commit: str, service: str, outcome: ServiceFailedToStart) -> e.DeployFailed:
    file = f"{service}/{outcome.file}" if outcome.file else ""
    return e.DeployFailed(commit, service, outcome.reason, outcome.traceback, file, outcome.line or 0)
