"""What is wrong with a pack, and where: every place at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.drill.errors import DrillError


@dataclass(frozen=True, slots=True)
class PackError:
    """One mistake. `line` counts from 1 (0: the file as a whole); `allowed` says what may stand there, if known."""

    file: Path
    line: int
    key: str
    message: str
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        key = f" {self.key}:" if self.key else ""
        allowed = f" (allowed: {', '.join(self.allowed)})" if self.allowed else ""
        return f"{place}:{key} {self.message}{allowed}"


class PackErrors(DrillError):
    """A pack was refused; `errors` holds each mistake, in the order of their places."""

    def __init__(self, errors: Sequence[PackError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: (str(error.file), error.line)))
        super().__init__("\n".join(str(error) for error in self.errors))
