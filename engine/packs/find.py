"""Finding a pack by the word that people type."""

from __future__ import annotations

from pathlib import Path

from engine.drill.errors import DrillError, Refusal
from engine.packs.errors import PackErrors
from engine.packs.reader import list_packs, read_pack
from engine.packs.records import Pack

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def read_packs(root: Path = SCENARIOS) -> tuple[tuple[str, Pack | PackErrors], ...]:
    """Every pack below `root` by its folder's name; a malformed one as its errors."""
    return tuple((folder.name, _read(folder)) for folder in list_packs(root))


def _read(folder: Path) -> Pack | PackErrors:
    try:
        return read_pack(folder)
    except PackErrors as errors:
        return errors


def find_pack(word: str, root: Path = SCENARIOS) -> Pack:
    """The pack with that id. Raises DrillError naming those that there are, PackErrors for a malformed one."""
    if not word.replace("_", "").isalnum() or not (root / word / "scenario.toml").is_file():
        known = ", ".join(folder.name for folder in list_packs(root))
        raise DrillError(f"There is no scenario “{word}”. There are: {known}.", Refusal.NOT_FOUND)
    return read_pack(root / word)
