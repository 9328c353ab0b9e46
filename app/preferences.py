"""What the console remembers about its user: theme, text scale, little motion."""

from __future__ import annotations

import json
from pathlib import Path

from app.theme import ThemeName, theme

NAME = "console.json"


class Preferences:
    """Kept in the state folder; a file that cannot be read counts as none."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME

    def apply(self) -> None:
        """Give the theme what was saved."""
        try:
            saved = json.loads(self._file.read_text(encoding="utf-8"))
            name = ThemeName(saved["theme"])
            scale, reduced = float(saved["text_scale"]), bool(saved["reduced_motion"])
        except (OSError, ValueError, KeyError, TypeError):
            return
        theme.use(name, scale, reduced)

    def save(self) -> None:
        """Write down what is in use; a disk that refuses is no reason to disturb a drill."""
        now = {"theme": theme.name, "text_scale": theme.text_scale, "reduced_motion": theme.reduced_motion}
        try:
            self._file.write_text(json.dumps(now), encoding="utf-8")
        except OSError:
            return
