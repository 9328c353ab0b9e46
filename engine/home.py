"""The program's own folder on this machine: runs, and what it remembers between starts."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_state_path


def home() -> Path:
    """The program's state folder: `DRILL_HOME`, or the platform's place for such things."""
    chosen = os.environ.get("DRILL_HOME")
    return Path(chosen) if chosen else user_state_path("3am-drill", appauthor=False)
