"""What the console remembers about its user: theme, text scale, contrast, motion, single letters."""

from __future__ import annotations

import json
from pathlib import Path

from app.keys import letters
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
            strong, single = bool(saved.get("high_contrast")), bool(saved.get("single_letters", True))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return
        theme.use(name, scale, reduced, strong)
        letters.use(single)

    def save(self) -> None:
        """Write down what is in use; a disk that refuses is no reason to disturb a drill."""
        now = {
            "theme": theme.name,
            "text_scale": theme.text_scale,
            "reduced_motion": theme.reduced_motion,
            "high_contrast": theme.high_contrast,
            "single_letters": letters.are_on,
        }
        try:
            self._file.write_text(json.dumps(now), encoding="utf-8")
        except OSError:
            return
