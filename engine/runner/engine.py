"""The engine's heart: at most one open run, opened and closed under one owner."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from engine.clock import Clock, SystemClock
from engine.drill import events as e
from engine.drill.errors import DrillError, Refusal
from engine.lab.data_folders import remove_leftovers
from engine.lab.sweep import sweep
from engine.packs.agendas import STANDARD, read_agenda
from engine.packs.errors import PackErrors
from engine.packs.find import SCENARIOS, find_packs, read_packs
from engine.packs.records import USUAL_LEVEL, Pack
from engine.reports import write_reports
from engine.reports.collect import collect
from engine.runner.folders import RunFolders, home, read_entry
from engine.runner.run import Run

LOG = logging.getLogger(__name__)
PID_FILE = "engine.pid"


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Where an engine finds packs and keeps runs."""

    packs: Path = SCENARIOS
    runs: Path | None = None
    """None: `runs` below the program's state folder"""


@dataclass(frozen=True, slots=True)
class RunWanted:
    """A new run of these scenarios (by id), or the one called `resume`; 0 and empty mean: choose."""

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
        self.folders = RunFolders(settings.runs or home() / "runs")
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

    def packs(self) -> tuple[tuple[str, Pack | PackErrors], ...]:
        """The scenarios by id; a malformed one as its errors."""
        return read_packs(self._settings.packs)

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
        packs = find_packs(ids, level, self._settings.packs)
        chosen = read_agenda(wanted.agenda or STANDARD)
        if not wanted.resume:
            folder = self.folders.create()
        seed = wanted.seed or secrets.randbelow(2**31 - 1) + 1
        run_id = f"{folder.name}-{secrets.token_hex(3)}"
        _claim(folder, run_id)
        return _Opening(
            folder, lambda: Run(packs, chosen, folder, seed, self._clock, run_id), asyncio.Queue()
        )


def build_engine(settings: EngineSettings | None = None, clock: Clock | None = None) -> Engine:
    """The engine as the program and its tests both use it."""
    return Engine(settings or EngineSettings(), clock or SystemClock())


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
