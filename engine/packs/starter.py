"""A new pack: a copy of the starter pack under another id and codename."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

import tomlkit

from engine.drill.errors import DrillError, Refusal

STARTER = Path(__file__).resolve().parents[2] / "assets" / "starter"
_NAME = re.compile(r"[a-z][a-z0-9_]{2,39}")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")

CODENAMES = (
    "bluebell", "campion", "foxglove", "heather", "jonquil", "lavender", "marigold", "oxlip", "primrose", "rosemary",
    "samphire", "speedwell", "tamarisk", "valerian", "wisteria", "yarrow",
)  # fmt: skip
"""neutral words: participants see one of them, and it must tell nothing"""


def make_pack(name: str, parent: Path, ids: Collection[str], codenames: Collection[str]) -> Path:
    """Make the pack `<parent>/<name>`; the folder. `ids` and `codenames` are taken. Raises DrillError.

    It is there whole or not at all.
    """
    _check_name(name, ids)
    folder = parent / name
    if folder.exists():
        raise DrillError(f"{folder} is there already. Choose another name.", Refusal.NOT_NOW)
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-pack-", dir=parent) as place:
            made = Path(place) / name
            shutil.copytree(STARTER, made, ignore=_LEFT_OUT)
            _name(made / "scenario.toml", name, _codename(name, codenames))
            made.rename(folder)
    except OSError as error:
        raise DrillError(
            f"{folder} could not be made ({error.strerror}). Say with --folder where it may be.",
            Refusal.MACHINE,
        ) from error
    return folder


def _check_name(name: str, ids: Collection[str]) -> None:
    if not _NAME.fullmatch(name):
        raise DrillError(
            f"“{name}” is no name for a scenario: 3 to 40 small letters, digits and underscores, a letter first."
        )
    if name in ids:
        raise DrillError(f"There is a scenario “{name}” already. Choose another name.", Refusal.NOT_NOW)


def _codename(name: str, taken: Collection[str]) -> str:
    """A word that neither holds the id, nor a part of it, nor is another scenario's."""
    parts = (name, *name.split("_"))
    free = [word for word in CODENAMES if not any(part in word for part in parts if len(part) > 2)]
    return next((word for word in free if word not in taken), free[0])


def _name(file: Path, name: str, codename: str) -> None:
    """Put id and codename into scenario.toml; everything else, comments included, stays."""
    document = tomlkit.parse(file.read_text(encoding="utf-8"))
    document["id"], document["codename"] = name, codename
    file.write_text(tomlkit.dumps(document), encoding="utf-8")
