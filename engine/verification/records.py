"""What goes into a verification, what is told while it runs, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from engine.packs.api import Duty
from engine.packs.levels import USUAL_LEVEL
from engine.packs.records import Verdict

TIME_LIMIT_S = 240.0
"""A verification that takes longer is ended: not-run, unless its verdict was decided before."""


class ProbeState(StrEnum):
    """How far a probe is; `SKIPPED` ones could not change the verdict any more, or could not be run."""

    WAITING = "waiting"
    RUNNING = "running"
    HELD = "held"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One probe as people see it. `evidence` are rows, replies, trace ids or a traceback."""

    name: str
    asks: str
    duty: Duty
    state: ProbeState = ProbeState.WAITING
    measured: str = ""
    required: str = ""
    seconds: float = 0.0
    evidence: tuple[str, ...] = ()

    @property
    def held(self) -> bool | None:
        """Whether it held; None where it was not answered."""
        return {ProbeState.HELD: True, ProbeState.FAILED: False}.get(self.state)


@dataclass(frozen=True, slots=True)
class VerificationRequest:
    """What is to be judged: the source folder of each service that the team may edit.

    Other services always run as the pack has them. `folder` is where the isolated environment lives; it must not
    exist and is removed at the end unless `keep`. `seed` is hidden from the submitter, `live_seed` the live drill's.
    `stop_early` ends as soon as the verdict is decided; otherwise the probes left still get a while to be shown.
    """

    pack_folder: Path
    sources: Mapping[str, Path]
    folder: Path
    run_id: str
    seed: int
    live_seed: int
    only: str = ""
    keep: bool = False
    stop_early: bool = False
    time_limit_s: float = TIME_LIMIT_S
    level: int = USUAL_LEVEL
    expected_s: Mapping[str, float] = field(default_factory=dict)
    """what each probe took the last time, for the estimate of the time left"""


@dataclass(frozen=True, slots=True)
class Progress:
    """A verification now. `place` is how many are judged before this one (0 while it runs)."""

    step: str
    seconds_left: float
    probes: tuple[ProbeResult, ...] = ()
    place: int = 0


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """The verdict and the probe that decided it; `probe` is empty where all held.

    For not-run `measured` says what failed. `only` names the one probe that was asked, if it was only one.
    """

    verdict: Verdict
    probe: str
    measured: str
    required: str
    probes: tuple[ProbeResult, ...]
    seconds: float
    evidence: tuple[str, ...] = ()
    only: str = ""
    kept: Path | None = None
