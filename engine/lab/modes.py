"""How this program starts itself again in another mode, from a checkout or from a package."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_PASSED_ON = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "USER", "USERNAME", "USERPROFILE",
    "APPDATA", "LOCALAPPDATA", "SYSTEMROOT", "SYSTEMDRIVE", "PATHEXT", "COMSPEC", "XDG_RUNTIME_DIR",
    "DRILL_HOME", "DRILL_POSTGRES_BIN",
)  # fmt: skip


def mode_command(mode: str, *arguments: str) -> list[str]:
    """The command line of `mode` (load, proxy, actuators, ...): our modules run as `engine.<mode>`."""
    if getattr(sys, "frozen", False):
        return [sys.executable, mode, *arguments]
    return [sys.executable, "-m", "engine", mode, *arguments]


def child_environment(run_id: str, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """A scrubbed environment for a child: only what a program needs, plus `DRILL_RUN` and `extra`.

    `PYTHONPATH` is the root of the program, so that our own modes are found from any working directory; a service
    removes it (its source must not meet our modules).
    """
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "DRILL_RUN": run_id, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(extra or {})}
