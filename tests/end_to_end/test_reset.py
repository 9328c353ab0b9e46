"""`reset` after a class: the same set-up, healthy, in a new run; the old one is kept, even of a killed engine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from engine.lab.modes import ROOT
from engine.lab.sweep import find_processes
from engine.packs.find import standard_packs
from engine.rehearsal.engine_child import EngineChild
from engine.runner.engine import PID_FILE
from engine.runner.folders import RunFolders


def test_that_the_next_class_has_the_same_set_up_after_the_engine_was_killed_in_an_incident(
    tmp_path: Path,
) -> None:
    home, packs = tmp_path / "home", standard_packs()
    home.mkdir()
    with EngineChild(home / "runs", tmp_path / "engine.log") as engine:
        lead = engine.facilitator
        old = list(lead.open_run(packs, seed=7, level=3))[-1].run
        lead.start_phase("phase-1")
        lead.trigger_scenario(packs[0])
        run_id = json.loads((home / "runs" / old / PID_FILE).read_text())["run_id"]
        os.kill(lead.hello().process_id, signal.SIGKILL)
    done = subprocess.run(
        [sys.executable, "-m", "engine", "reset", "--json"],
        cwd=ROOT, env={**os.environ, "DRILL_HOME": str(home)}, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert (done.returncode, found["ready"], found["kept"]) == (0, True, old)
    assert set(found["services"].values()) == {"running"}
    assert len(found["services"]) >= 9
    new, kept = RunFolders(home / "runs").list()
    assert (new.name, kept.name, new.phase, kept.phase) == (found["run"], old, "", "phase-1")
    assert (new.packs, new.seed, new.level, new.agenda) == (packs, 7, 3, kept.agenda)
    assert find_processes(run_id) == []
