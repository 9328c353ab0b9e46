"""One incident of a rehearsal, played as the team would: symptom, fix, verdict, and the symptom gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from engine.packs.formulas import compares, show_formula
from engine.packs.records import Pack, Verdict
from engine.rehearsal.steps import LOOK_EVERY_S, Step, StepFailed, wait
from protos.drill.v1.records import FloatArray, Scenario, Verification

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient

INCIDENT_S = 8.0
"""how long the incident goes on after its symptom, as it would while people look for it"""
SETTLE_S = 30.0
STEADY_S = 3
"""seconds in a row in which the symptom must not be measured any more"""
VERIFY_S = 420.0


class Incident:
    """One scenario of the run that `lead` and `team` have open. `tell` gets a line of progress."""

    def __init__(self, pack: Pack, lead: DrillClient, team: DrillClient, tell: Callable[[str], None]) -> None:
        self._pack = pack
        self._lead = lead
        self._team = team
        self._tell = tell
        self._deployed_ns = 0

    def baseline(self, step: Step, from_ns: int) -> None:
        """Everything that must hold before the trigger, by its median since `from_ns`."""
        broken = []
        for condition in self._pack.baseline:
            values = self._values(condition.series, from_ns)
            if not len(values):
                raise StepFailed(f"{condition.series} was not measured at all before the trigger")
            median = float(np.median(values))
            step.detail[condition.series] = round(median, 2)
            if not compares(condition, median):
                broken.append(f"{condition.series} is {median:.2f}, required {show_formula(condition)}")
        if broken:
            raise StepFailed("; ".join(broken))

    def trigger(self, step: Step) -> None:
        """Start the incident's traffic."""
        self._lead.trigger_scenario(self._pack.id)
        step.detail["profile"] = self._pack.trigger_profile

    def symptom(self, step: Step) -> None:
        """Wait until it was measured, for as long as the pack allows."""
        symptom = self._pack.symptom
        began = time.monotonic()
        while time.monotonic() - began < symptom.within_s + LOOK_EVERY_S:
            scenario = self._scenario()
            if scenario.symptom_drill_ms:
                step.detail["measured"] = scenario.symptom
                step.detail["after_s"] = (scenario.symptom_drill_ms - scenario.triggered_drill_ms) / 1000
                return
            wait(LOOK_EVERY_S)
        raise StepFailed(
            f"no symptom within {symptom.within_s:.0f} s; required {show_formula(symptom.condition)}"
        )

    def fix(self, step: Step) -> None:
        """Write the reference fix into the workspace, propose it and deploy it."""
        fix = self._pack.fix(self._pack.reference_fix)
        root = fix.folder / "files"
        for file in sorted(path for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            self._team.write_file(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))
        proposal = self._team.propose(fix.summary.split(".")[0] or fix.name)
        reply = self._team.deploy(proposal.commit)
        if not reply.running:
            raise StepFailed(f"{reply.service} did not start, {reply.file} line {reply.line}: {reply.reason}")
        self._deployed_ns = time.time_ns()
        step.detail |= {"commit": proposal.commit, "files": proposal.files}
        step.detail |= {"added": proposal.added, "removed": proposal.removed}

    def verify(self, step: Step) -> None:
        """Have it judged; it must be right."""
        commit = self._team.list_files().deployed_commit
        (verification,) = self._team.verify(commit, self._pack.codename)
        done = self._wait_for(verification)
        step.detail |= {"verdict": done.verdict, "probe": done.probe, "measured": done.measured}
        step.detail |= {"required": done.required, "judged_s": done.seconds}
        step.detail["probes"] = {probe.name: probe.state for probe in done.probes}
        if done.verdict != Verdict.RIGHT:
            raise StepFailed(f"the verdict is {done.verdict}, decided by {done.probe}: {done.measured}")

    def symptom_is_gone(self, step: Step) -> None:
        """On the live system, where the incident's traffic still runs: the fixed services no longer show it."""
        condition = self._pack.symptom.condition
        opened_ns = self._lead.snapshot().started_ns
        before = self._values(condition.series, opened_ns)
        worst = max if condition.op.startswith(">") else min
        step.detail["before"] = float(worst(before)) if len(before) else None
        began = time.monotonic()
        while True:
            latest = self._values(condition.series, time.time_ns() - STEADY_S * 1_000_000_000)
            step.detail["after"] = float(latest[-1]) if len(latest) else None
            if len(latest) >= STEADY_S and not any(compares(condition, float(one)) for one in latest):
                return
            if time.monotonic() - began > SETTLE_S:
                raise StepFailed(f"{show_formula(condition)} still holds: {step.detail['after']}")
            wait(LOOK_EVERY_S)

    def _scenario(self) -> Scenario:
        return next(s for s in self._lead.snapshot().scenarios if s.pack == self._pack.id)

    def _wait_for(self, verification_id: str) -> Verification:
        began, told = time.monotonic(), ""
        while time.monotonic() - began < VERIFY_S:
            found = next(v for v in self._lead.snapshot().verifications if v.id == verification_id)
            if found.state in ("finished", "cancelled"):
                return found
            if found.step and found.step != told:
                self._tell(f"         {found.step}, about {found.seconds_left:.0f} s left")
                told = found.step
            wait(LOOK_EVERY_S)
        raise StepFailed(f"no verdict within {VERIFY_S:.0f} s")

    def _values(self, series: str, from_ns: int) -> FloatArray:
        found = self._lead.read_series((series,), from_ns).series
        values = found[0].values if found else np.empty(0)
        return values[~np.isnan(values)]
