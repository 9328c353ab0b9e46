"""A rehearsal: baseline, triggers, symptoms, then fix and verdict of each incident, and the reports."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.packs.records import Pack
from engine.rehearsal.controls import HerringControl
from engine.rehearsal.engine_child import EngineChild
from engine.rehearsal.incident import INCIDENT_S, Incident
from engine.rehearsal.steps import Step, StepFailed, told, wait
from protos.drill.v1.client import EngineLost, EngineRefused

BASELINE_S = 30.0


@dataclass(frozen=True, slots=True)
class RehearsalOptions:
    """What to rehearse and where its results go. The packs are at their level already."""

    seed: int
    with_fix: bool
    out: Path
    controls: Collection[str] = ()
    """ids of the red herrings that have their control runs, alone and under the fault"""
    baseline_s: float = BASELINE_S
    """how long the healthy system is measured before the trigger"""


class Rehearsal:
    """Plays facilitator and team on one engine. `tell` gets a line of progress at each step."""

    def __init__(self, packs: Sequence[Pack], options: RehearsalOptions, tell: Callable[[str], None]) -> None:
        self._packs = packs
        self._options = options
        self._tell = tell
        self._began = time.monotonic()
        self.steps: list[Step] = []
        self.run_name = ""

    @property
    def held(self) -> bool:
        """Whether every step held."""
        return bool(self.steps) and all(step.held for step in self.steps)

    def play(self) -> None:
        """Run every step; one that does not hold ends those that build on it, but the report is written."""
        with self._engine():
            if not self._do("start", self._start):
                return
            if self._incidents_begin():
                wait(INCIDENT_S)
                for pack, incident in self._incidents.items():
                    self._solve(pack, incident)
            self._do("report", self._report)

    def play_incident(self) -> None:
        """Only up to the symptoms: what a pack's check asks of the live system."""
        with self._engine():
            if self._do("start", self._start):
                self._incidents_begin()

    @contextmanager
    def _engine(self) -> Iterator[None]:
        out = self._options.out
        with EngineChild(out / "runs", out / "engine.log") as engine:
            self._lead, self._team = engine.facilitator, engine.participant
            self._incidents = {
                pack.id: Incident(pack, self._lead, self._team, self._tell) for pack in self._packs
            }
            yield

    def _incidents_begin(self) -> bool:
        """Healthy at first, then all triggered, then every symptom measured while the others run."""
        self._lead.start_phase("orientation")
        wait(max(pack.warmup_s for pack in self._packs) + self._options.baseline_s)
        from_ns = time.time_ns() - round(self._options.baseline_s * 1e9)
        for name, incident in self._incidents.items():
            self._do("baseline", partial(incident.baseline, from_ns=from_ns), name)
        if not self.held:
            return False
        for pack, control in self._controls():
            self._do("herring alone", control.alone, pack)
        self._lead.start_phase("phase-1")
        for name, incident in self._incidents.items():
            if not self._do("trigger", incident.trigger, name):
                return False
        seen = [self._do("symptom", incident.symptom, name) for name, incident in self._incidents.items()]
        if all(seen):
            for pack, control in self._controls():
                self._do("herring under the fault", control.under_fault, pack)
        return all(seen)

    def _controls(self) -> Iterator[tuple[str, HerringControl]]:
        for pack in self._packs:
            for herring in pack.herrings:
                if herring.id in self._options.controls:
                    yield pack.id, HerringControl(pack, herring, self._lead)

    def _solve(self, pack: str, incident: Incident) -> None:
        if not self._options.with_fix:
            self._do("fix", _left_out, pack)
        elif self._do("fix", incident.fix, pack):
            self._do("verify", incident.verify, pack)
            self._do("symptom-gone", incident.symptom_is_gone, pack)

    def _do(self, name: str, play: Callable[[Step], None], pack: str = "") -> bool:
        step = Step(name, pack)
        self.steps.append(step)
        began = time.monotonic()
        title = f"{name} {pack}".strip() if len(self._packs) > 1 else name
        self._tell(f"{time.monotonic() - self._began:5.0f} s  {title} ...")
        try:
            play(step)
            step.held = True
        except (StepFailed, EngineRefused, EngineLost) as error:
            step.detail["problem"] = str(error) or type(error).__name__
        step.seconds = round(time.monotonic() - began, 1)
        self._tell(f"{time.monotonic() - self._began:5.0f} s  {title}: {told(step)}")
        return step.held

    def _start(self, step: Step) -> None:
        words, level = [pack.word for pack in self._packs], self._packs[0].level
        for progress in self._lead.open_run(words, self._options.seed, level):
            self._tell(f"         {progress.step}")
            self.run_name = progress.run or self.run_name
        step.detail["run"] = self.run_name
        step.detail["services"] = [service.name for service in self._lead.snapshot().services]

    def _report(self, step: Step) -> None:
        reply = self._lead.write_report(str(self._options.out))
        step.detail["files"] = [Path(file).name for file in reply.files]


def _left_out(step: Step) -> None:
    raise StepFailed("left out, as asked")


@contextmanager
def output_folder(out: Path | None) -> Iterator[Path]:
    """The folder that results go to; without one, a temporary folder that is removed at the end."""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        yield out.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="drill-rehearsal-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
