"""A pack's traffic.py, loaded from its path."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import cast

from engine.packs.api import Request, Traffic


def load_traffic(pack_folder: Path) -> Traffic:
    """Run `<pack folder>/traffic.py` as a module of its own and return it.

    Compiled from the text each time: two edits within a second would otherwise run the older bytecode. Raises
    OSError, SyntaxError, or what the file itself raises; AttributeError if it has no `request`.
    """
    path = pack_folder / "traffic.py"
    module = ModuleType(f"traffic_of_{pack_folder.name}")
    module.__file__ = str(path)
    code = compile(path.read_text(encoding="utf-8"), str(path), "exec")
    sys.modules[module.__name__] = module
    exec(code, module.__dict__)
    if not callable(getattr(module, "request", None)):
        raise AttributeError(f"{path} has no function request(profile, seed, index)")
    return cast(Traffic, module)


def opening_of(traffic: Traffic, profile: str, seed: int) -> Sequence[Request]:
    """What the profile's clients send first in a new system; nothing where the pack does not say."""
    opening = getattr(traffic, "opening", None)
    return () if opening is None else tuple(opening(profile, seed))
