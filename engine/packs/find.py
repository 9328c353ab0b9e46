"""Finding a pack by the word that people type: the id of one of the tree or of an added folder, or a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.drill.errors import DrillError, Refusal
from engine.packs.checks import MAX_CONNECTIONS
from engine.packs.errors import PackErrors
from engine.packs.outside import OutsidePacks, PackFiles, files_of
from engine.packs.reader import list_packs, read_pack
from engine.packs.records import Pack

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


@dataclass(frozen=True, slots=True)
class Listed:
    """A scenario of the list, a malformed one as its errors. `origin` is the folder that was added, if one was."""

    id: str
    pack: Pack | PackErrors
    origin: str = ""
    is_trusted: bool = True


class Shelf:
    """All scenarios: those of the tree below `root`, and folders from outside. Nothing of theirs is run here."""

    def __init__(self, outside: OutsidePacks, root: Path = SCENARIOS) -> None:
        self.outside = outside
        self.root = root

    def list(self) -> tuple[Listed, ...]:
        """Every scenario that is offered, those of the tree first."""
        tree = [Listed(name, pack) for name, pack in read_packs(self.root)]
        added = [
            Listed(folder.name, _read(folder), str(folder), self.outside.is_trusted(folder))
            for folder in self.outside.folders()
        ]
        return (*tree, *added)

    def find(self, word: str) -> Pack:
        """The pack of that word, as data. Raises DrillError naming those that there are, PackErrors."""
        if not word:
            raise DrillError("Name a scenario, by its id or its folder.")
        if (self.root / word / "scenario.toml").is_file() and _is_id(word):
            return read_pack(self.root / word)
        added = [folder for folder in self.outside.folders() if folder.name == word]
        if added:
            return _from_outside(added[0])
        if _is_id(word) and not Path(word).is_dir():
            known = ", ".join(listed.id for listed in self.list())
            raise DrillError(f"There is no scenario “{word}”. There are: {known}.", Refusal.NOT_FOUND)
        return self._in(Path(word).expanduser().resolve())

    def find_several(self, words: Sequence[str], level: int) -> tuple[Pack, ...]:
        """Packs at a level, fit to run side by side, as data. Raises DrillError."""
        if not words:
            raise DrillError("No scenario was chosen. Choose at least one.")
        packs = tuple(at_level(self.find(word), level) for word in dict.fromkeys(words))
        _refuse_shared_names(packs)
        return packs

    def require_trust(self, packs: Sequence[Pack]) -> None:
        """Raises NotTrusted for one from outside whose program files may not be loaded."""
        for pack in packs:
            if pack.origin:
                self.outside.require(Path(pack.origin))

    def add(self, folder: Path) -> tuple[Listed, PackFiles]:
        """Offer a folder from outside from now on; it is read, not run. Raises DrillError, PackErrors."""
        pack, files = self._in(folder.expanduser().resolve()), files_of(folder.expanduser())
        if not pack.origin:
            raise DrillError(f"{pack.folder} is offered already: it is part of the program.")
        known = [one.origin or str(self.root / one.id) for one in self.list() if one.id == pack.id]
        if known and pack.origin not in known:
            raise DrillError(
                f"There is a scenario “{pack.id}” already: {known[0]}. Give this one another id, or remove that."
            )
        self.outside.add(files.folder)
        return Listed(pack.id, pack, pack.origin, self.outside.is_trusted(files.folder)), files

    def _in(self, folder: Path) -> Pack:
        if not folder.is_dir():
            raise DrillError(f"There is no folder {folder}.", Refusal.NOT_FOUND)
        return read_pack(folder) if folder.parent == self.root.resolve() else _from_outside(folder)


def standard_packs(root: Path = SCENARIOS) -> tuple[str, ...]:
    """The ids of the scenarios that the standard workshop runs side by side."""
    return tuple(name for name, pack in read_packs(root) if isinstance(pack, Pack) and pack.standard)


def read_packs(root: Path = SCENARIOS) -> tuple[tuple[str, Pack | PackErrors], ...]:
    """Every pack below `root` by its folder's name; a malformed one as its errors."""
    return tuple((folder.name, _read(folder)) for folder in list_packs(root))


def find_pack(word: str, root: Path = SCENARIOS) -> Pack:
    """The pack of the tree with that id. Raises DrillError naming those that there are, PackErrors."""
    if not _is_id(word) or not (root / word / "scenario.toml").is_file():
        known = ", ".join(folder.name for folder in list_packs(root))
        raise DrillError(f"There is no scenario “{word}”. There are: {known}.", Refusal.NOT_FOUND)
    return read_pack(root / word)


def at_level(pack: Pack, level: int) -> Pack:
    """The pack at that level. Raises DrillError naming the levels that it has."""
    try:
        return pack.at_level(level)
    except KeyError:
        known = ", ".join(str(one.number) for one in pack.levels) or str(pack.level)
        raise DrillError(f"{pack.id} has no level {level}, but {known}.", Refusal.NOT_FOUND) from None


def _is_id(word: str) -> bool:
    return word.replace("_", "").isalnum() and os.sep not in word


def _from_outside(folder: Path) -> Pack:
    return replace(read_pack(folder), origin=str(folder))


def _read(folder: Path) -> Pack | PackErrors:
    try:
        return read_pack(folder)
    except PackErrors as errors:
        return errors


def _refuse_shared_names(packs: Sequence[Pack]) -> None:
    connections = sum(service.max_connections for pack in packs for service in pack.services)
    if connections > MAX_CONNECTIONS:
        names = ", ".join(pack.id for pack in packs)
        raise DrillError(
            f"{names} may open {connections} database connections together, the server takes {MAX_CONNECTIONS}: "
            "choose fewer of them."
        )
    owners: dict[str, str] = {}
    for pack in packs:
        for name in (*(service.name for service in pack.services), *pack.databases):
            other = owners.setdefault(name, pack.id)
            if other != pack.id:
                raise DrillError(f"{other} and {pack.id} both have a “{name}”: they cannot run side by side.")
