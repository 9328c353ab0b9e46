"""`drill doctor`, `drill reset` and `drill clean`: is the machine ready, make it ready, and leave nothing behind."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from engine.commands import DID_NOT_HOLD, HELD, MACHINE_LACKS, Answer
from engine.drill.errors import DrillError, Refusal
from engine.home import home
from engine.lab.sweep import find_processes, sweep
from engine.rehearsal.engine_child import EngineChild
from engine.runner.engine import PID_FILE, end_leftovers
from engine.runner.folders import RunFolders
from engine.runner.preflight import checks

TEMPORARY = ("drill-verify-*", "drill-check-*", "drill-live-*", "drill-rehearsal-*", "drill-bench-*")
"""What commands name their temporary folders."""


def add(commands: Any) -> None:
    """Declare the three commands."""
    doctor = commands.add_parser("doctor", help="check this machine, and say what to do")
    doctor.set_defaults(run=run_doctor)
    reset = commands.add_parser(
        "reset", help="the newest run's set-up, ready for the next class; the old run is kept"
    )
    reset.set_defaults(run=run_reset)
    clean = commands.add_parser("clean", help="end and remove whatever an interrupted run left")
    clean.add_argument("--runs", type=Path, metavar="DIR", help="look in this folder of runs")
    clean.set_defaults(run=run_clean)


def run_doctor(options: argparse.Namespace) -> Answer:
    """Every check of the preflight, and the one for a screen."""
    found = [check() for check in checks(home() / "runs")]
    rows = [
        {"name": check.name, "status": check.status, "detail": check.detail, "remedy": check.remedy}
        for check in found
    ]
    failed = any(check.status == "failed" for check in found)
    text = "\n".join(
        f"{check.status:>9}  {check.name}: {check.detail}"
        + (f"\n{'':>11}{check.remedy}" if check.remedy else "")
        for check in found
    )
    return (MACHINE_LACKS if failed else HELD), {"ready": not failed, "checks": rows}, text


def run_reset(options: argparse.Namespace) -> Answer:
    """Open a fresh run of the newest run's scenarios in a new folder, see it healthy, and close it."""
    runs = home() / "runs"
    newest = next((entry for entry in RunFolders(runs).list() if not entry.problem), None)
    if newest is None:
        raise DrillError(
            f"There is no run in {runs} to reset. Start one in the console first.", Refusal.NOT_FOUND
        )
    end_leftovers(newest.folder)
    log = home() / "reset.log"
    with EngineChild(runs, log) as engine:
        name = ""
        for step in engine.facilitator.open_run(
            newest.packs, newest.seed, newest.level, agenda=newest.agenda
        ):
            print(f"  {step.step}", file=sys.stderr, flush=True)
            name = step.run or name
        states = {service.name: service.state for service in engine.participant.snapshot().services}
    ready = all(state == "running" for state in states.values())
    answer = {"ready": ready, "run": name, "kept": newest.name, "services": states}
    text = f"Run {name} is ready; open it in the console. {newest.name} is kept in {newest.folder}."
    return (HELD if ready else DID_NOT_HOLD), answer, text


def _abandoned() -> list[Path]:
    """Temporary folders that a killed command left; none as long as any process of ours runs."""
    if find_processes():
        return []
    found = [folder for pattern in TEMPORARY for folder in Path(tempfile.gettempdir()).glob(pattern)]
    return [folder for folder in sorted(found) if folder.is_dir()]


def run_clean(options: argparse.Namespace) -> Answer:
    """End leftovers of every run whose engine is gone, and remove what only a live run needs."""
    runs = options.runs or home() / "runs"
    ended, removed, living = 0, [], []
    for folder in sorted(path.parent for path in runs.glob(f"*/{PID_FILE}")):
        try:
            ended += end_leftovers(folder)
        except DrillError as error:
            living.append(str(error))
            continue
        run_id = json.loads((folder / PID_FILE).read_text(encoding="utf-8"))["run_id"]
        ended += len(sweep(run_id))
        (folder / PID_FILE).unlink()
        verifications = folder / "verifications"
        if verifications.is_dir():
            shutil.rmtree(verifications)
            removed.append(str(verifications))
    for folder in _abandoned():
        shutil.rmtree(folder, ignore_errors=True)
        removed.append(str(folder))
    text = f"Ended {ended} processes, removed {len(removed)} folders." + "".join(
        f"\n{line}" for line in living
    )
    return HELD, {"ended": ended, "removed": removed, "living": living}, text
