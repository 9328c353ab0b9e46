"""Scenario folders from outside the tree: which of them are listed, and whose code may run on this machine.

To read scenario.toml needs no trust: it is data. To load any program file of a pack does. Trust is given to a
fingerprint over all files, so a pack that has changed since is asked for again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from engine.drill.errors import DrillError, Refusal

FILE = "packs.json"
MOST_FILES = 2_000
MOST_BYTES = 64 * 1024 * 1024
_BYTECODE = "__pycache__"
"""made by Python beside the source; nothing of ours ever loads it (see loading.py)"""


@dataclass(frozen=True, slots=True)
class PackFiles:
    """What a folder holds: how many files, and one fingerprint (SHA-256, hexadecimal) over their paths and bytes."""

    folder: Path
    number: int
    fingerprint: str

    def __str__(self) -> str:
        return f"Folder {self.folder}, {self.number} files, fingerprint {self.fingerprint[:16]}"


class NotTrusted(DrillError):
    """The program files of a pack from outside may not be loaded: nobody trusts them as they are now."""

    def __init__(self, files: PackFiles) -> None:
        text = (
            "This scenario's files run as programs on this machine, and as they are now nobody trusts them."
        )
        super().__init__(f"{text} {files}.", Refusal.NOT_ALLOWED)
        self.files = files


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is on disk: the folders that are listed, and by folder the fingerprint that is trusted."""

    folders: tuple[str, ...] = ()
    trusted: Mapping[str, str] = field(default_factory=dict)


class OutsidePacks:
    """The folders that were added and those that are trusted, kept in `packs.json` below `home`.

    Folders are absolute. Where the file cannot be read nothing is listed and nothing is trusted.
    """

    def __init__(self, home: Path) -> None:
        self._file = home / FILE

    def folders(self) -> tuple[Path, ...]:
        """Those that are listed beside the tree's, in the order in which they were added."""
        return tuple(map(Path, self._read().folders))

    def add(self, folder: Path) -> None:
        """List a folder from now on. Raises DrillError where this cannot be kept."""
        kept = self._read()
        self._write(_Kept(tuple(dict.fromkeys((*kept.folders, str(folder)))), kept.trusted))

    def remove(self, folder: Path) -> None:
        """List a folder no longer, and trust it no longer. Raises DrillError where it was not listed."""
        kept = self._read()
        if str(folder) not in kept.folders:
            raise DrillError(f"{folder} is not among the scenarios that were added.", Refusal.NOT_FOUND)
        trusted = {name: value for name, value in kept.trusted.items() if name != str(folder)}
        self._write(_Kept(tuple(name for name in kept.folders if name != str(folder)), trusted))

    def is_trusted(self, folder: Path) -> bool:
        """Whether the files may be loaded as they are now; a folder that cannot be looked at may not."""
        try:
            return self._is_trusted(files_of(folder))
        except DrillError:
            return False

    def require(self, folder: Path) -> None:
        """Raises NotTrusted unless the files may be loaded as they are now."""
        files = files_of(folder)
        if not self._is_trusted(files):
            raise NotTrusted(files)

    def trust(self, folder: Path, fingerprint: str) -> None:
        """Let the files that have this fingerprint be loaded. Raises DrillError where they are not the same now."""
        files = files_of(folder)
        if files.fingerprint != fingerprint:
            raise DrillError(
                f"{folder} has changed since its fingerprint was shown. Look at it and decide again.",
                Refusal.NOT_NOW,
            )
        kept = self._read()
        self._write(_Kept(kept.folders, {**kept.trusted, str(folder): fingerprint}))

    def _is_trusted(self, files: PackFiles) -> bool:
        return self._read().trusted.get(str(files.folder)) == files.fingerprint

    def _read(self) -> _Kept:
        try:
            words = json.loads(self._file.read_text(encoding="utf-8"))
            return _Kept(tuple(map(str, words["folders"])), dict(words["trusted"]))
        except (OSError, ValueError, KeyError, TypeError):
            return _Kept()

    def _write(self, kept: _Kept) -> None:
        """Replace the file at once: a program that ends meanwhile leaves the old one."""
        new = self._file.with_suffix(f".{os.getpid()}.new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps(asdict(kept), indent=1), encoding="utf-8")
            new.replace(self._file)
        except OSError as error:
            raise DrillError(
                f"{self._file} cannot be written ({error.strerror}). Free some disk space, or set DRILL_HOME to a "
                "folder you may write to.",
                Refusal.MACHINE,
            ) from error


def files_of(folder: Path) -> PackFiles:
    """Look at every file of a pack. Raises DrillError where there is no folder, or one that cannot be a pack."""
    folder = folder.resolve()
    if not folder.is_dir():
        raise DrillError(f"There is no folder {folder}.", Refusal.NOT_FOUND)
    digest, number, size = hashlib.sha256(), 0, 0
    try:
        for path in _walk(folder):
            data = path.read_bytes()
            number, size = number + 1, size + len(data)
            if number > MOST_FILES or size > MOST_BYTES:
                raise DrillError(f"{folder} is no scenario: it has more than {MOST_FILES} files or 64 MB.")
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
            digest.update(data)
    except OSError as error:
        raise DrillError(f"{error.filename} cannot be read ({error.strerror}).") from error
    return PackFiles(folder, number, digest.hexdigest())


def _walk(folder: Path) -> Iterator[Path]:
    """Every file below, in one order everywhere. A link would let content change behind the fingerprint."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            raise DrillError(f"{path} is a link. A scenario from outside may hold files and folders only.")
        if path.is_dir() and path.name != _BYTECODE:
            yield from _walk(path)
        elif path.is_file():
            yield path
