"""Finding a pack by the word that people type."""

from __future__ import annotations

from collections.abc import Sequence
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


def find_packs(words: Sequence[str], level: int, root: Path = SCENARIOS) -> tuple[Pack, ...]:
    """The packs with those ids at that level, fit to run side by side. Raises DrillError."""
    if not words:
        raise DrillError("No scenario was chosen. Choose at least one.")
    packs = tuple(at_level(find_pack(word, root), level) for word in dict.fromkeys(words))
    owners: dict[str, str] = {}
    for pack in packs:
        for name in (*(service.name for service in pack.services), *pack.databases):
            other = owners.setdefault(name, pack.id)
            if other != pack.id:
                raise DrillError(f"{other} and {pack.id} both have a “{name}”: they cannot run side by side.")
    return packs


def at_level(pack: Pack, level: int) -> Pack:
    """The pack at that level. Raises DrillError naming the levels that it has."""
    try:
        return pack.at_level(level)
    except KeyError:
        known = ", ".join(str(one.number) for one in pack.levels) or str(pack.level)
        raise DrillError(f"{pack.id} has no level {level}, but {known}.", Refusal.NOT_FOUND) from None
