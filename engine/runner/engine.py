"""The engine's heart: at most one open run, opened and closed under one owner."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from engine.clock import Clock, SystemClock
from engine.drill import events as e
from engine.drill.errors import DrillError, Refusal
from engine.home import home
from engine.lab.data_folders import remove_leftovers
from engine.lab.sweep import sweep
from engine.packs.agendas import STANDARD, read_agenda
from engine.packs.find import SCENARIOS, Listed, Shelf
from engine.packs.levels import USUAL_LEVEL
from engine.packs.outside import OutsidePacks, PackFiles
from engine.reports import write_reports
from engine.reports.collect import collect
from engine.runner.folders import RunFolders, read_entry
from engine.runner.run import Run
from engine.telemetry.settings import TelemetrySettings

LOG = logging.getLogger(__name__)
PID_FILE = "engine.pid"


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Where an engine finds packs and keeps runs."""

    packs: Path = SCENARIOS
    runs: Path | None = None
    """None: `runs` below the program's state folder"""
    home: Path | None = None
    """the program's state folder; None: the usual one"""
    telemetry: TelemetrySettings = field(default_factory=TelemetrySettings)


@dataclass(frozen=True, slots=True)
class RunWanted:
    """A new run of these scenarios (by id or folder), or the one called `resume`; 0 and empty mean: choose."""

    packs: tuple[str, ...] = ()
    seed: int = 0
    level: int = 0
    agenda: str = ""
    resume: str = ""


@dataclass(frozen=True, slots=True)
class OpenStep:
    """One step of opening a run; the last one has `finished` and the run's name."""

    step: str
    detail: str = ""
    finished: bool = False
    run: str = ""


@dataclass
class _Opening:
    folder: Path
    make: Callable[[], Run]
    steps: asyncio.Queue[OpenStep | Exception]


class Engine:
    """Hosts runs: `async with asyncio.TaskGroup() as tasks: tasks.create_task(engine.host())`."""

    def __init__(self, settings: EngineSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        state_folder = settings.home or home()
        self.folders = RunFolders(settings.runs or state_folder / "runs")
        self._shelf = Shelf(OutsidePacks(state_folder), settings.packs)
        self.process_id = os.getpid()
        self.state = "idle"
        self._run: Run | None = None
        self._requests: asyncio.Queue[_Opening] = asyncio.Queue()
        self._stopping = asyncio.Event()

    @property
    def run(self) -> Run:
        """The open run. Raises DrillError while there is none."""
        if self._run is None:
            raise DrillError("No run is open yet. Open one on the start screen.", Refusal.NOT_NOW)
        return self._run

    @property
    def run_name(self) -> str:
        """The open run's name, or nothing."""
        return self._run.name if self._run else ""

    def packs(self) -> tuple[Listed, ...]:
        """The scenarios that are offered; a malformed one as its errors."""
        return self._shelf.list()

    def add_pack(self, folder: str) -> tuple[Listed, PackFiles]:
        """Offer a scenario from outside the tree, as data: none of its programs is loaded. Raises DrillError."""
        return self._shelf.add(_whole(folder))

    def remove_pack(self, folder: str) -> None:
        """Offer it no longer. Raises DrillError."""
        self._shelf.outside.remove(_whole(folder))

    def trust_pack(self, folder: str, fingerprint: str) -> None:
        """Let its programs be run as they are now. Raises DrillError where they have changed since."""
        self._shelf.outside.trust(_whole(folder), fingerprint)

    def ask_to_stop(self) -> None:
        """Close the run, end its world, and then the engine."""
        self._stopping.set()

    async def open_run(self, wanted: RunWanted) -> AsyncIterator[OpenStep]:
        """Open a new run, or go on with a recorded one; yields each step. Raises DrillError."""
        if self.state != "idle":
            raise DrillError(
                f"This engine has a run already ({self.run_name or 'opening'}).", Refusal.NOT_NOW
            )
        self.state = "opening"
        try:
            opening = await asyncio.to_thread(self._prepare, wanted)
        except DrillError:
            self.state = "idle"
            raise
        self._requests.put_nowait(opening)
        while True:
            step = await opening.steps.get()
            if isinstance(step, Exception):
                raise step
            yield step
            if step.finished:
                return

    async def host(self) -> None:
        """Own whatever run is open, until `ask_to_stop`."""
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            while not self._stopping.is_set():
                wanted = asyncio.ensure_future(self._requests.get())
                await asyncio.wait({stopping, wanted}, return_when=asyncio.FIRST_COMPLETED)
                if not wanted.done():
                    wanted.cancel()
                    return
                await self._host_run(wanted.result())
        finally:
            stopping.cancel()

    async def write_report(self, folder: Path, actor: str, role: str) -> tuple[Path, ...]:
        """Write the open run's report into `folder`."""
        run = self.run
        await run.telemetry.settle()
        log = run.recorder.whole_log()
        diffs = {deploy.commit: run.diff_of(deploy.commit) for deploy in run.recorder.state.deploys}
        files: list[Path] = []
        for pack in run.packs:
            summary = collect(pack, run.agenda, log, run.telemetry, run.name, diffs)
            files += await asyncio.to_thread(write_reports, summary, folder)
        event = e.ReportWritten(tuple(file.name for file in files))
        await run.recorder.act(lambda _: event, actor, role)
        return tuple(files)

    async def _host_run(self, opening: _Opening) -> None:
        try:
            async with opening.make() as run:
                await run.open(lambda text: opening.steps.put_nowait(OpenStep(text)))
                self._run, self.state = run, "open"
                opening.steps.put_nowait(OpenStep("Ready", finished=True, run=run.name))
                await self._live(run)
                self.state = "closing"
                await run.close()
        except DrillError as error:
            opening.steps.put_nowait(error)
        except Exception as error:
            # The edge of a run: its bug ends the run, is shown, and leaves the engine ready for the next one.
            LOG.exception("the run %s ended by a bug", opening.folder.name)
            opening.steps.put_nowait(DrillError(f"The run ended by a mistake of the program: {error!r}."))
        finally:
            (opening.folder / PID_FILE).unlink(missing_ok=True)
            self._run, self.state = None, "idle"

    async def _live(self, run: Run) -> None:
        live = asyncio.ensure_future(run.live())
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({live, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (live, stopping):
            task.cancel()
        results = await asyncio.gather(live, stopping, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    def _prepare(self, wanted: RunWanted) -> _Opening:
        """Check what was asked for and claim the folder, away from the event loop; its owner makes the run."""
        ids, level = wanted.packs, wanted.level or USUAL_LEVEL
        if wanted.resume:
            folder = self.folders.path(wanted.resume)
            entry = read_entry(folder)
            if entry.problem:
                raise DrillError(entry.problem, Refusal.INVALID)
            end_leftovers(folder)
            ids, level = entry.packs, entry.level
        packs = self._shelf.find_several(ids, level)
        self._shelf.require_trust(packs)
        chosen = read_agenda(wanted.agenda or STANDARD)
        if not wanted.resume:
            folder = self.folders.create()
        seed = wanted.seed or secrets.randbelow(2**31 - 1) + 1
        run_id = f"{folder.name}-{secrets.token_hex(3)}"
        _claim(folder, run_id)
        telemetry = self._settings.telemetry
        return _Opening(
            folder, lambda: Run(packs, chosen, folder, seed, self._clock, run_id, telemetry), asyncio.Queue()
        )


def build_engine(settings: EngineSettings | None = None, clock: Clock | None = None) -> Engine:
    """The engine as the program and its tests both use it."""
    return Engine(settings or EngineSettings(), clock or SystemClock())


def _whole(folder: str) -> Path:
    """A folder that a client names: by its whole path, since the engine stands elsewhere."""
    path = Path(folder).expanduser()
    if not path.is_absolute():
        raise DrillError(f"Name the scenario's folder by its whole path, not “{folder}”.")
    return path.resolve()


def end_leftovers(folder: Path) -> int:
    """End what an engine that is gone left of this run; returns how many processes that were.

    Raises DrillError while that engine lives.
    """
    try:
        written = json.loads((folder / PID_FILE).read_text(encoding="utf-8"))
        pid, run_id = int(written["pid"]), str(written["run_id"])
    except (OSError, ValueError, KeyError):
        return 0
    if pid != os.getpid() and _is_engine(pid, float(written.get("created", 0))):
        raise DrillError(
            f"The run “{folder.name}” is open in another engine (process {pid}). Close it there first.",
            Refusal.NOT_NOW,
        )
    ended = len(sweep(run_id))
    remove_leftovers(folder)
    return ended


def _is_engine(pid: int, created: float) -> bool:
    try:
        return abs(psutil.Process(pid).create_time() - created) < 1.0
    except psutil.Error:
        return False


def _claim(folder: Path, run_id: str) -> None:
    """Say that this process has the run from now on, before anything of it is opened."""
    pid = os.getpid()
    words = {"pid": pid, "run_id": run_id, "created": psutil.Process(pid).create_time()}
    (folder / PID_FILE).write_text(json.dumps(words), encoding="utf-8")
