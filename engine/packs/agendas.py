"""Reading an agenda from `assets/agendas/`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from engine.drill.agenda import Agenda, Segment
from engine.drill.errors import DrillError, Refusal

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "agendas"
STANDARD = "standard-180"


def read_agenda(name: str = STANDARD, folder: Path = FOLDER) -> Agenda:
    """The agenda of that name. Raises DrillError naming the file, and what is wrong in it."""
    path = folder / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.toml")))
        raise DrillError(f"There is no agenda “{name}”. There are: {known}.", Refusal.NOT_FOUND)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        segments = tuple(Segment(**segment) for segment in table["segments"])
        agenda = Agenda(table["name"], table["title"], segments, table["three_am"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DrillError(f"The agenda {path.name} cannot be read: {error}.") from error
    if agenda.segment(agenda.three_am) is None:
        raise DrillError(
            f"The agenda {path.name}: three_am names “{agenda.three_am}”, which is no segment of it."
        )
    return agenda
