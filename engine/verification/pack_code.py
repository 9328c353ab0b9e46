"""What commands ask a pack's own Python files, answered by a judge's process: a command never loads them itself."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.lab.lines import LineChild
from engine.packs.api import Contribution


@dataclass(frozen=True, slots=True)
class ProbeKind:
    """A probe, as a command may know it; see `engine.packs.api.Probe`."""

    name: str
    is_timed: bool


async def probes_of(folder: Path) -> tuple[ProbeKind, ...]:
    """The pack's probes, in the order in which they run. Raises LabError where it cannot be loaded."""
    return tuple(ProbeKind(**words) for words in (await _ask("probes", folder))["probes"])


async def contributions(folder: Path, seed: int) -> tuple[Contribution, ...]:
    """What each fault contributes under `seed`; empty where the pack does not say. Raises LabError."""
    if not (folder / "contributions.py").is_file():
        return ()
    answer = await _ask("contributions", folder, seed=seed)
    return tuple(Contribution(**words) for words in answer["contributions"])


async def _ask(command: str, folder: Path, **arguments: Any) -> Mapping[str, Any]:
    child = LineChild("judge", f"ask-{secrets.token_hex(4)}")
    await child.start()
    try:
        return await child.ask(command, folder=str(folder), **arguments)
    finally:
        await child.stop()
