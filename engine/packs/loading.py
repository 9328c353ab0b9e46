"""Load a pack's own Python files. They are code: only the processes for load, meter and judge do it.

Each is compiled from its text, never taken from bytecode beside it: two saves within a second would run the older
one, and bytecode is not part of the fingerprint by which a pack from outside is trusted.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Sequence
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import cast

from engine.packs.api import Contribution, Meter, Probe, Traffic


class _SourceLoader(SourceFileLoader):
    """Compiles the text as it is now."""

    def get_code(self, fullname: str) -> CodeType:
        """The module's code."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class _PackFinder(FileFinder):
    """Finds the Python files of one folder, and nothing in folders below it."""

    def find_spec(self, fullname: str, target: ModuleType | None = None) -> ModuleSpec | None:
        """The file `<folder>/<name>.py`, or nothing."""
        spec = super().find_spec(fullname, target)
        return spec if spec is not None and spec.submodule_search_locations is None else None


def load_module(folder: Path, name: str) -> ModuleType:
    """The module `<folder>/<name>.py`. Files of one folder reach each other by `from . import ...`.

    The same folder gives the same module again. Raises ModuleNotFoundError where there is no such file, ImportError
    where it ends the program, and what the file itself raises.
    """
    place = str(folder.resolve())
    package = "pack_" + hashlib.sha256(place.encode()).hexdigest()[:12]
    if package not in sys.modules:
        module = ModuleType(package, f"The Python files of {folder.name}.")
        module.__path__ = [place]
        module.__spec__ = ModuleSpec(package, None, is_package=True)
        sys.modules[package] = module
        sys.path_importer_cache[place] = _PackFinder(place, (_SourceLoader, [".py"]))
    try:
        return importlib.import_module(f"{package}.{name}")
    except SystemExit as error:
        raise ImportError(f"{name}.py ends the program: {error}") from error


def load_traffic(folder: Path) -> Traffic:
    """The pack's traffic.py."""
    return cast("Traffic", load_module(folder, "traffic"))


def load_meter(folder: Path, seed: int) -> Meter:
    """A new meter of the pack for a drill's seed."""
    return cast("Meter", load_module(folder, "meter").Meter(seed))


def load_probes(folder: Path) -> tuple[Probe, ...]:
    """The pack's probes, in the order in which they run."""
    return tuple(load_module(folder, "probes").PROBES)


def load_contributions(folder: Path, seed: int) -> tuple[Contribution, ...]:
    """What each fault of the pack contributes under `seed`; empty where the pack does not say."""
    if not (folder / "contributions.py").is_file():
        return ()
    found: Sequence[Contribution] = load_module(folder, "contributions").contributions(seed)
    return tuple(found)
