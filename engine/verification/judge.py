"""The verdict, from what the probes answered: not-run > wrong > masked > partial > right. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.packs.api import Duty, Reading
from engine.packs.records import Verdict

_MEANING = {
    Duty.PROMISE: Verdict.WRONG,
    Duty.SYMPTOM: Verdict.WRONG,
    Duty.MECHANISM: Verdict.MASKED,
    Duty.OPEN: Verdict.PARTIAL,
}
"""The verdict when a probe of that duty does not hold."""

_PRECEDENCE = tuple(Verdict)


class Trouble(StrEnum):
    """Why a probe has no reading."""

    JUDGE = "judge"
    """the probe, the machine or the environment failed: nothing is said of the submission"""
    SUBMISSION = "submission"
    """the probe works on the pack's own reference, and cannot be answered by the submission"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one probe: a reading, or the trouble instead of it, in words."""

    probe: str
    duty: Duty
    reading: Reading | None
    trouble: Trouble | None = None
    reason: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The verdict if this were the only probe."""
        if self.trouble is Trouble.SUBMISSION:
            return Verdict.WRONG
        if self.reading is None:
            return Verdict.NOT_RUN
        return Verdict.RIGHT if self.reading.held else _MEANING[self.duty]


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with the probe that decided it and what that one measured."""

    verdict: Verdict
    probe: str = ""
    measured: str = ""
    required: str = ""
    evidence: tuple[str, ...] = ()


def decide(outcomes: Sequence[Outcome]) -> Decision:
    """The verdict: the worst of the outcomes, by the first probe that gave it. No outcome at all is not-run."""
    if not outcomes:
        return Decision(Verdict.NOT_RUN, measured="no probe was run", required="at least one probe")
    worst = min(outcomes, key=lambda outcome: _PRECEDENCE.index(outcome.verdict))
    if worst.verdict is Verdict.RIGHT:
        return Decision(Verdict.RIGHT, measured=f"{len(outcomes)} of {len(outcomes)} probes held")
    if worst.reading is None:
        return Decision(worst.verdict, worst.probe, worst.reason, "an answer", worst.evidence)
    reading = worst.reading
    return Decision(worst.verdict, worst.probe, reading.measured, reading.required, tuple(reading.evidence))


def can_change(duty: Duty, outcomes: Sequence[Outcome]) -> bool:
    """Whether a probe of that duty, if it does not hold, would make the verdict of `outcomes` another one."""
    if not outcomes:
        return True
    return _PRECEDENCE.index(_MEANING[duty]) < _PRECEDENCE.index(decide(outcomes).verdict)


def is_decided(outcomes: Sequence[Outcome], left: Sequence[Duty]) -> bool:
    """Whether no probe that is left can change the verdict."""
    return not any(can_change(duty, outcomes) for duty in left)
