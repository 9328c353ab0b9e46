"""What a probe finds that is not as it must be."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.packs.api import Reading

_SHOWN = 8


@dataclass(slots=True)
class Findings:
    """Nothing found means that everything is as it must be."""

    lines: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        """Note one finding."""
        self.lines.append(line)

    def reading(self, asked: int, required: str) -> Reading:
        """The answer of a probe that looked at `asked` things."""
        if not self.lines:
            return Reading(True, f"{asked} of {asked} as they must be", required)
        return Reading(
            False, f"{len(self.lines)} of {asked} not so: {self.lines[0]}", required, self.lines[:_SHOWN]
        )
