"""Where in the services' source something comes from, as telemetry says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_PATH = 300
_DEPLOY = re.compile(r"^.*/[0-9a-f]{40}/")
"""what stands before a service's folder in the paths of log lines: the deploy that it runs from"""


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A file, from the service's folder on, and a line from 1; 0 where the line is not known."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


def source_place(fields: Mapping[str, object]) -> SourcePlace | None:
    """By the names of the semantic conventions before and after 1.30; None where nothing is said."""
    path = fields.get("code.file.path") or fields.get("code.filepath")
    if not path:
        return None
    number = fields.get("code.line.number") or fields.get("code.lineno")
    short = _DEPLOY.sub("", str(path)[-LONGEST_PATH:].replace("\\", "/"))
    return SourcePlace(short, number if isinstance(number, int) else 0)
