"""The steps of a rehearsal: baseline, trigger, symptom, fix, verify, report; each with what it measured."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.packs.records import Condition, Pack, Verdict
from engine.rehearsal.engine_child import EngineChild
from protos.drill.v1.client import EngineLost, EngineRefused
from protos.drill.v1.records import FloatArray, Snapshot, Verification

BASELINE_S = 30.0
INCIDENT_S = 8.0
"""how long the incident goes on after its symptom, as it would while people look for it"""
SETTLE_S = 20.0
VERIFY_S = 300.0
LOOK_EVERY_S = 0.5
DRIFT = "drift.absolute_cents"
_OPS: dict[str, Callable[[float, float], bool]] = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}


@dataclass
class Step:
    """One step as it went; `detail` has the measured values."""

    name: str
    held: bool = False
    seconds: float = 0.0
    detail: dict[str, Any] = field(default_factory=dict)


class StepFailed(Exception):
    """A step did not hold, so the ones after it make no sense; `str()` says why."""


@dataclass(frozen=True, slots=True)
class RehearsalOptions:
    """What to rehearse and where its results go."""

    seed: int
    with_fix: bool
    out: Path


class Rehearsal:
    """Plays facilitator and team on one engine. `tell` gets a line of progress at each step."""

    def __init__(self, pack: Pack, options: RehearsalOptions, tell: Callable[[str], None]) -> None:
        self._pack = pack
        self._options = options
        self._tell = tell
        self._began = time.monotonic()
        self.steps: list[Step] = []
        self.drift_cents: dict[str, float | None] = {"before": None, "after": None}
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
            if self._incident():
                self._do("fix", self._fix)
                self._do("verify", self._verify)
                self._do("drift", self._drift_is_gone)
            self._do("report", self._report)

    def play_incident(self) -> None:
        """Only up to the symptom: what a pack's check asks of the live system."""
        with self._engine():
            if self._do("start", self._start):
                self._incident()

    @contextmanager
    def _engine(self) -> Iterator[None]:
        out = self._options.out
        with EngineChild(out / "runs", out / "engine.log") as engine:
            self._lead, self._team = engine.facilitator, engine.participant
            yield

    def _incident(self) -> bool:
        steps = (("baseline", self._baseline), ("trigger", self._trigger), ("symptom", self._symptom))
        return all(self._do(name, step) for name, step in steps)

    def _do(self, name: str, play: Callable[[Step], None]) -> bool:
        step = Step(name)
        self.steps.append(step)
        began = time.monotonic()
        self._tell(f"{time.monotonic() - self._began:5.0f} s  {name} ...")
        try:
            play(step)
            step.held = True
        except (StepFailed, EngineRefused, EngineLost) as error:
            step.detail["problem"] = str(error) or type(error).__name__
        step.seconds = round(time.monotonic() - began, 1)
        self._tell(f"{time.monotonic() - self._began:5.0f} s  {name}: {_line(step)}")
        return step.held

    def _start(self, step: Step) -> None:
        for progress in self._lead.open_run(self._pack.id, self._options.seed):
            self._tell(f"         {progress.step}")
            self.run_name = progress.run or self.run_name
        self._opened_ns = self._snapshot().started_ns
        step.detail["run"] = self.run_name
        step.detail["services"] = [service.name for service in self._snapshot().services]

    def _baseline(self, step: Step) -> None:
        self._lead.start_phase("orientation")
        warm = self._pack.warmup_s
        _wait(warm + BASELINE_S)
        from_ns = time.time_ns() - round(BASELINE_S * 1e9)
        broken = []
        for condition in self._pack.baseline:
            values = self._values(condition.series, from_ns)
            if not len(values):
                raise StepFailed(f"{condition.series} was not measured at all before the trigger")
            median = float(np.median(values))
            step.detail[condition.series] = round(median, 2)
            if not _OPS[condition.op](median, condition.value):
                broken.append(f"{condition.series} is {median:.2f}, required {_required(condition)}")
        if broken:
            raise StepFailed("; ".join(broken))

    def _trigger(self, step: Step) -> None:
        self._lead.start_phase("phase-1")
        self._lead.trigger_scenario(self._pack.id)
        step.detail["profile"] = self._pack.trigger_profile

    def _symptom(self, step: Step) -> None:
        symptom = self._pack.symptom
        began = time.monotonic()
        while time.monotonic() - began < symptom.within_s:
            scenario = self._snapshot().scenarios[0]
            if scenario.symptom_drill_ms:
                step.detail["measured"] = scenario.symptom
                step.detail["after_s"] = (scenario.symptom_drill_ms - scenario.triggered_drill_ms) / 1000
                _wait(INCIDENT_S)
                return
            _wait(LOOK_EVERY_S)
        raise StepFailed(
            f"no symptom within {symptom.within_s:.0f} s; required {_required(symptom.condition)}"
        )

    def _fix(self, step: Step) -> None:
        if not self._options.with_fix:
            raise StepFailed("left out, as asked")
        fix = self._pack.fix(self._pack.reference_fix)
        root = fix.folder / "files"
        for file in sorted(path for path in root.rglob("*.py") if path.is_file()):
            self._team.write_file(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))
        proposal = self._team.propose(fix.summary.split(".")[0] or fix.name)
        self.drift_cents["before"] = self._highest_drift()
        reply = self._team.deploy(proposal.commit)
        if not reply.running:
            raise StepFailed(f"{reply.service} did not start, {reply.file} line {reply.line}: {reply.reason}")
        step.detail |= {"commit": proposal.commit, "files": proposal.files}
        step.detail |= {"added": proposal.added, "removed": proposal.removed}

    def _verify(self, step: Step) -> None:
        commit = self._team.list_files().deployed_commit
        verification = self._team.verify(commit)
        done = self._wait_for(verification)
        step.detail |= {"verdict": done.verdict, "probe": done.probe, "measured": done.measured}
        step.detail |= {"required": done.required, "judged_s": done.seconds}
        step.detail["probes"] = {probe.name: probe.state for probe in done.probes}
        if done.verdict != Verdict.RIGHT:
            raise StepFailed(f"the verdict is {done.verdict}, decided by {done.probe}: {done.measured}")

    def _drift_is_gone(self, step: Step) -> None:
        if self.drift_cents["before"] is None:
            self.drift_cents["before"] = self._highest_drift()
        began = time.monotonic()
        while True:
            latest = self._values(DRIFT, time.time_ns() - 5_000_000_000)
            self.drift_cents["after"] = float(latest[-1]) if len(latest) else None
            if self.drift_cents["after"] == 0.0 or time.monotonic() - began > SETTLE_S:
                break
            _wait(LOOK_EVERY_S)
        step.detail |= self.drift_cents
        before, after = self.drift_cents["before"], self.drift_cents["after"]
        if before is None or before < 1:
            raise StepFailed(f"the incident showed {before} cents of drift; at least 1 is required")
        if after != 0.0:
            raise StepFailed(f"{after} cents of drift are left in the stored rows")

    def _report(self, step: Step) -> None:
        reply = self._lead.write_report(str(self._options.out))
        step.detail["files"] = [Path(file).name for file in reply.files]

    def _wait_for(self, verification_id: str) -> Verification:
        began, told = time.monotonic(), ""
        while time.monotonic() - began < VERIFY_S:
            found = next(v for v in self._snapshot().verifications if v.id == verification_id)
            if found.state in ("finished", "cancelled"):
                return found
            now = f"{found.step}, about {found.seconds_left:.0f} s left"
            if found.step and found.step != told:
                self._tell(f"         {now}")
                told = found.step
            _wait(LOOK_EVERY_S)
        raise StepFailed(f"no verdict within {VERIFY_S:.0f} s")

    def _highest_drift(self) -> float | None:
        values = self._values(DRIFT, self._opened_ns)
        return float(values.max()) if len(values) else None

    def _values(self, series: str, from_ns: int) -> FloatArray:
        found = self._lead.read_series((series,), from_ns).series
        values = found[0].values if found else np.empty(0)
        return values[~np.isnan(values)]

    def _snapshot(self) -> Snapshot:
        return self._lead.snapshot()


@contextmanager
def output_folder(out: Path | None) -> Iterator[Path]:
    """The folder that results go to; without one, a temporary folder that is removed at the end."""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        yield out.resolve()
        return
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="drill-rehearsal-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(seconds: float) -> None:
    time.sleep(seconds)


def _required(condition: Condition) -> str:
    return f"{condition.series} {condition.op} {condition.value:g}"


def _line(step: Step) -> str:
    word = "held" if step.held else "did not hold"
    facts = ", ".join(
        f"{name} {value:g}" if isinstance(value, int | float) and not math.isnan(value) else f"{name} {value}"
        for name, value in step.detail.items()
        if isinstance(value, str | int | float)
    )
    return f"{word} in {step.seconds:.1f} s{': ' + facts if facts else ''}"
