"""What a person keeps between drills: charts that were pinned, groups that were hidden, queries that were saved."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

NAME = "kept.json"


class Kept:
    """Values by name, each what JSON can hold. Without a folder they last as long as the window."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = folder / NAME if folder is not None else None
        self._values = self._read()

    def get(self, name: str) -> Any:
        """What is kept under a name, or None."""
        return self._values.get(name)

    def put(self, name: str, value: Any) -> None:
        """Keep a value; a disk that refuses is no reason to disturb a drill."""
        if self._values.get(name) != value:
            self._values[name] = value
            self._write()

    def _read(self) -> dict[str, Any]:
        """A file that cannot be read counts as none."""
        if self._file is None:
            return {}
        try:
            values = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return values if isinstance(values, dict) else {}

    def _write(self) -> None:
        if self._file is None:
            return
        unfinished = self._file.with_name(f".{NAME}-{os.getpid()}")
        try:
            unfinished.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), encoding="utf-8")
            unfinished.replace(self._file)
        except OSError:
            return
