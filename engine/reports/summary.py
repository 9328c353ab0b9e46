"""What a report says: one run of one incident, as plain records without any drawing or reading of files.

Every time is in seconds on one axis, `at_s`, that starts at `Summary.started`. A value that is None was not measured,
and the report says so; it never becomes 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.packs.records import Verdict


class Mark(StrEnum):
    """How an entry of the timeline is marked: each has a shape, a colour and a word of its own."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    INFO = "info"
    IDLE = "idle"
    HERRING = "herring"


class Unit(StrEnum):
    """What a chart's values are; the same words as in a pack's charts."""

    MS = "ms"
    CENTS = "cents"
    PER_S = "per_s"
    PERCENT = "percent"
    COUNT = "count"


class Style(StrEnum):
    """How a line of a chart is drawn."""

    LINE = "line"
    AREA = "area"
    DASHED = "dashed"


@dataclass(frozen=True, slots=True)
class Phase:
    """A segment of the agenda, as it was run."""

    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened. `clock` is the drill clock as people saw it ("03:07:12").

    `label` is the short text beside its marker on the charts; an entry without one is in the list only.
    """

    at_s: float
    clock: str
    mark: Mark
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: `x_s` and `y` are of one length, a NaN in `y` is a gap. `colour` names a token, see `palette`."""

    label: str
    colour: str
    x_s: Sequence[float]
    y: Sequence[float]
    style: Style = Style.LINE


@dataclass(frozen=True, slots=True)
class Chart:
    """Curves of one unit over the run; `limit` is drawn as a dashed line with `limit_label`."""

    title: str
    caption: str
    unit: Unit
    lines: tuple[Line, ...]
    limit: float | None = None
    limit_label: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The run in numbers; None is "not measured"."""

    symptom_name: str = ""
    """what the symptom is measured by, in a few words"""
    symptom_unit: Unit = Unit.COUNT
    symptom_before: float | None = None
    """the most before the fix"""
    symptom_after: float | None = None
    """the last value after it"""
    symptom_at_s: float | None = None
    """when telemetry confirmed the symptom"""
    fixed_at_s: float | None = None
    """when a fix was verified as right"""
    p95_before_ms: float | None = None
    p95_during_ms: float | None = None
    p95_after_ms: float | None = None

    @property
    def symptom_to_fix_s(self) -> float | None:
        """Seconds from the symptom to the verified fix."""
        if self.symptom_at_s is None or self.fixed_at_s is None:
            return None
        return self.fixed_at_s - self.symptom_at_s


@dataclass(frozen=True, slots=True)
class Result:
    """One target of the drill: its measured value and the target, both as people read them. `met` None: unknown."""

    name: str
    value: str | None
    target: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class ContributingCondition:
    """Something in the system, never a person, that made the incident possible."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """The deployed change; `diff` is a unified diff of the whole source tree against what ran at the start."""

    title: str
    commit: str
    diff: str


@dataclass(frozen=True, slots=True)
class JudgedProbe:
    """One question of the judge. `held` None: the probe was not run. `evidence` are sentences, trace ids or rows."""

    name: str
    asks: str
    held: bool | None
    measured: str = ""
    required: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on the fix. `decided_by` names the probe that decided it, empty where all held."""

    verdict: Verdict
    probes: tuple[JudgedProbe, ...]
    decided_by: str = ""
    measured: str = ""
    required: str = ""
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """A counter of what telemetry dropped; `count` None: nobody counted. `means` says what it does to this report."""

    what: str
    count: int | None
    means: str = ""


@dataclass(frozen=True, slots=True)
class ProcessUse:
    """What a process used at its peak; CPU in percent of one core."""

    name: str
    peak_cpu_percent: float | None
    peak_memory_mb: float | None
    restarts: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that this run did not measure, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Summary:
    """One incident of one run: all that a report is made from."""

    title: str
    codename: str
    severity: str
    story: str
    started: datetime
    """the moment at `at_s` 0, with its time zone"""
    run_name: str
    seed: int
    level: int
    figures: Figures
    clock_zero_s: float | None = None
    """what the charts' time axis reads at `at_s` 0, in seconds of a day; None: the wall clock of `started`"""
    phases: tuple[Phase, ...] = ()
    entries: tuple[Entry, ...] = ()
    charts: tuple[Chart, ...] = ()
    results: tuple[Result, ...] = ()
    conditions: tuple[ContributingCondition, ...] = ()
    fix: Fix | None = None
    judgement: Judgement | None = None
    processes: tuple[ProcessUse, ...] = ()
    losses: tuple[Loss, ...] = ()
    gaps: tuple[Gap, ...] = ()
