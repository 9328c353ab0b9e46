"""How a console finds an engine that runs already: `engine.json` in the state folder, for its owner only."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "engine.json"


@dataclass(frozen=True, slots=True)
class RunningEngine:
    """A serving engine: its address, the token of each audience, and its process."""

    address: str
    facilitator: str
    participant: str
    pid: int


def home() -> Path:
    """The program's state folder: `DRILL_HOME`, or the platform's place for such things."""
    chosen = os.environ.get("DRILL_HOME")
    if chosen:
        return Path(chosen)
    from platformdirs import user_state_path

    return user_state_path("3am-drill", appauthor=False)


def parse_engine(line: str) -> RunningEngine | None:
    """The engine that a line of JSON describes, None where it describes none."""
    try:
        found = json.loads(line)
        words = [str(found[name]) for name in ("address", "facilitator", "participant")]
        return RunningEngine(words[0], words[1], words[2], int(found["pid"]))
    except (ValueError, KeyError, TypeError):
        return None


def read_engine(folder: Path) -> RunningEngine | None:
    """The engine that was written down last, None where there is none. It may have ended since."""
    try:
        return parse_engine((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def write_engine(folder: Path, engine: RunningEngine) -> None:
    """Write the engine down, readable by this user alone: the tokens are keys."""
    draft = folder / f"{NAME}.{os.getpid()}"
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(engine), file)
    draft.replace(folder / NAME)


def forget_engine(folder: Path, engine: RunningEngine) -> None:
    """Remove what was written of this engine; what was written of another one stays."""
    if read_engine(folder) == engine:
        (folder / NAME).unlink(missing_ok=True)
