"""`drill report`: the report of a recorded run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.commands import HELD, Answer
from engine.drill.errors import DrillError, Refusal
from engine.drill.events import FixDeployed, RunOpened
from engine.home import home
from engine.packs.agendas import read_agenda
from engine.reports import write_reports
from engine.reports.collect import collect
from engine.runner.folders import DRILL_FILE, RunFolders
from engine.storage.event_log import read_log
from engine.telemetry.telemetry import open_recorded
from engine.trust_question import shelf
from engine.workspace.workspace import Workspace

FORMATS = ("pdf", "html")


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser("report", help="write the report of a recorded run")
    command.add_argument("run_name", metavar="RUN", help="a run's folder, or its name")
    command.add_argument("--out", type=Path, metavar="DIR", help="default: the run's folder `report`")
    command.add_argument("--format", default=",".join(FORMATS), help="default: pdf,html")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> Answer:
    """Write the report."""
    formats = tuple(word.strip() for word in options.format.split(",") if word.strip())
    unknown = [word for word in formats if word not in FORMATS]
    if unknown or not formats:
        raise DrillError(f"--format takes {' and '.join(FORMATS)}, not “{options.format}”.")
    folder = Path(options.run_name)
    if not (folder / DRILL_FILE).is_file():
        folder = RunFolders(home() / "runs").path(options.run_name)
    log = read_log(folder / DRILL_FILE)
    opened = next((recorded.event for recorded in log if isinstance(recorded.event, RunOpened)), None)
    if opened is None:
        raise DrillError(f"The run {folder} was never opened: there is nothing to report.", Refusal.INVALID)
    packs, agenda = shelf().find_several(opened.packs, opened.level), read_agenda(opened.agenda)
    workspace = Workspace(folder / "workspace")
    try:
        commits = {recorded.event.commit for recorded in log if isinstance(recorded.event, FixDeployed)}
        diffs = {commit: workspace.diff(workspace.first, commit) for commit in commits}
    finally:
        workspace.close()
    with open_recorded(folder) as telemetry:
        summaries = [collect(pack, agenda, log, telemetry, folder.name, diffs) for pack in packs]
    out = (options.out or folder / "report").resolve()
    files = [str(file) for summary in summaries for file in write_reports(summary, out, formats)]
    return HELD, {"run": folder.name, "files": files}, "\n".join(files)
