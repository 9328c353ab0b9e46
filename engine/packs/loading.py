"""Load a pack's own Python files. They are code: ask before loading a pack from outside the tree."""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import cast

from engine.packs.api import Contribution, Meter, Probe, Traffic


def load_module(folder: Path, name: str) -> ModuleType:
    """The module `<folder>/<name>.py`. Files of one folder reach each other by `from . import ...`.

    The same folder gives the same module again. Raises ModuleNotFoundError where there is no such file.
    """
    package = "pack_" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    if package not in sys.modules:
        module = ModuleType(package, f"The Python files of {folder.name}.")
        module.__path__ = [str(folder.resolve())]
        module.__spec__ = ModuleSpec(package, None, is_package=True)
        sys.modules[package] = module
        importlib.invalidate_caches()
    return importlib.import_module(f"{package}.{name}")


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
