"""The steps of a rehearsal: each with whether it held, how long it took, and what it measured."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any

LOOK_EVERY_S = 0.5


@dataclass
class Step:
    """One step as it went; `detail` has the measured values, `pack` the scenario that it belongs to, if any."""

    name: str
    pack: str = ""
    held: bool = False
    seconds: float = 0.0
    detail: dict[str, Any] = field(default_factory=dict)


class StepFailed(Exception):
    """A step did not hold, so the ones after it make no sense; `str()` says why."""


def wait(seconds: float) -> None:
    """Let real time pass, as it would for people."""
    time.sleep(seconds)


def told(step: Step) -> str:
    """A step that ended in one line."""
    word = "held" if step.held else "did not hold"
    facts = ", ".join(
        f"{name} {value:g}" if isinstance(value, int | float) and not math.isnan(value) else f"{name} {value}"
        for name, value in step.detail.items()
        if isinstance(value, str | int | float)
    )
    return f"{word} in {step.seconds:.1f} s{': ' + facts if facts else ''}"
