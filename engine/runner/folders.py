"""Where runs live: one folder each, named by day and number, below the program's own state folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.drill.errors import DrillError, Refusal
from engine.drill.events import PhaseStarted, RunOpened
from engine.storage.event_log import read_log

DRILL_FILE = "drill.sqlite"


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A run on disk; `problem` says why it cannot be opened."""

    name: str
    folder: Path
    packs: tuple[str, ...] = ()
    seed: int = 0
    level: int = 0
    agenda: str = ""
    started_ns: int = 0
    changed_ns: int = 0
    phase: str = ""
    problem: str = ""


class RunFolders:
    """The runs below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self) -> Path:
        """A new, empty run folder. Raises DrillError where the disk does not take it."""
        day = datetime.now().astimezone().strftime("%Y-%m-%d")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for number in range(1, 1000):
                folder = self.folder / f"{day}-{number:02d}"
                try:
                    folder.mkdir()
                except FileExistsError:
                    continue
                return folder
        except OSError as error:
            raise DrillError(
                f"A run's folder could not be made in {self.folder} ({error.strerror}). "
                "Free some disk space, or set DRILL_HOME to a folder you may write to.",
                Refusal.MACHINE,
            ) from error
        raise DrillError(f"{self.folder} has 999 runs of today; remove some.", Refusal.MACHINE)

    def path(self, name: str) -> Path:
        """The folder of a run by its name. Raises DrillError where there is none."""
        folder = self.folder / name
        if Path(name).name != name or not (folder / DRILL_FILE).is_file():
            raise DrillError(f"There is no run “{name}” in {self.folder}.", Refusal.NOT_FOUND)
        return folder

    def list(self) -> tuple[RunEntry, ...]:
        """Every run, newest first."""
        if not self.folder.is_dir():
            return ()
        found = [folder for folder in self.folder.iterdir() if (folder / DRILL_FILE).is_file()]
        return tuple(read_entry(folder) for folder in sorted(found, key=lambda f: f.name, reverse=True))


def read_entry(folder: Path) -> RunEntry:
    """What a run folder holds, or why it cannot be read."""
    try:
        log = read_log(folder / DRILL_FILE)
    except DrillError as error:
        return RunEntry(folder.name, folder, problem=str(error))
    openings = [(r.event, r.wall_ns) for r in log if isinstance(r.event, RunOpened)]
    if not openings:
        return RunEntry(folder.name, folder, problem="The run was never opened.")
    opened, started_ns = openings[0]
    return RunEntry(
        name=folder.name,
        folder=folder,
        packs=opened.packs,
        seed=opened.seed,
        level=opened.level,
        agenda=opened.agenda,
        started_ns=started_ns,
        changed_ns=log[-1].wall_ns,
        phase=next((r.event.phase for r in reversed(log) if isinstance(r.event, PhaseStarted)), ""),
    )
