"""Proving a pack: every reference fix is judged now, and must get the verdict that its author gave it."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.clock import Clock, SystemClock
from engine.packs.api import Contribution
from engine.packs.levels import USUAL_LEVEL
from engine.packs.records import Pack, Verdict
from engine.verification.matrix import UNFIXED, Case, Matrix, MatrixRow, Say, agree
from engine.verification.pack_code import contributions, probes_of
from engine.verification.records import VerificationRequest, VerificationResult
from engine.verification.verification import Verifier

_QUICK_ROWS = 3


@dataclass(frozen=True, slots=True)
class SelfTest:
    """Two rows whose expected verdicts were exchanged: the check must then fail."""

    swapped: tuple[str, str]
    fails: bool


@dataclass(frozen=True, slots=True)
class LiveStep:
    """One part of the check that needs the live system and its telemetry: baseline, symptom, a herring's control."""

    name: str
    held: bool
    detail: str
    seconds: float
    level: int = USUAL_LEVEL


LiveCheck = Callable[[Sequence[Pack], Say, int, Collection[str]], Sequence[LiveStep]]
"""packs side by side, where to tell, the seed, and the ids of the herrings that have their control runs"""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Whether a pack is what it says. `self_test` is None where no two rows have different verdicts."""

    pack: str
    seed: int
    quick: bool
    rows: tuple[MatrixRow, ...]
    self_test: SelfTest | None
    contributions: tuple[Contribution, ...]
    live: tuple[LiveStep, ...]
    seconds: float

    @property
    def held(self) -> bool:
        """Every row agrees, the check can fail, and the live parts held."""
        can_fail = self.self_test is not None and self.self_test.fails
        return bool(self.rows) and agree(self.rows) and can_fail and all(step.held for step in self.live)


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """`folder` is new and removed at the end; `seed` chooses the rows of a quick check and the hidden invoices."""

    folder: Path
    run_id: str
    seed: int
    quick: bool = False
    live_check: LiveCheck | None = None


def self_test(rows: Sequence[MatrixRow]) -> SelfTest | None:
    """Exchange the expected verdicts of two rows that differ, and see whether the rows still agree."""
    for at, first in enumerate(rows):
        for other, second in enumerate(rows[at + 1 :], start=at + 1):
            if first.expected is not second.expected:
                swapped = list(rows)
                swapped[at] = replace(first, expected=second.expected, decided_by="")
                swapped[other] = replace(second, expected=first.expected, decided_by="")
                return SelfTest((first.fix, second.fix), not agree(swapped))
    return None


def chosen_rows(pack: Pack, quick: bool, seed: int) -> tuple[str, ...]:
    """The names of the rows to judge: all, or three by seed of which two at least expect different verdicts."""
    fixes = [fix.name for fix in pack.fixes]
    if not quick:
        has_unfixed = any(not (fix.folder / "files").is_dir() for fix in pack.fixes)
        return tuple(fixes) if has_unfixed else (UNFIXED, *fixes)
    dice = random.Random(seed)
    chosen = dice.sample(fixes, min(_QUICK_ROWS, len(fixes)))
    if len({pack.fix(name).verdict for name in chosen}) == 1:
        others = [name for name in fixes if pack.fix(name).verdict is not pack.fix(chosen[0]).verdict]
        chosen[-1] = dice.choice(others) if others else UNFIXED
    return tuple(sorted(chosen, key=[UNFIXED, *fixes].index))


def check_pack(pack: Pack, settings: CheckSettings, say: Say, clock: Clock | None = None) -> CheckResult:
    """Look at the live system at each level, then judge the rows of all of them; `say` gets a line for each step.

    Blocks for minutes, outside of any event loop, so that Ctrl+C ends it at any place.
    """
    clock = clock or SystemClock()
    began_ns = clock.monotonic_ns()
    live: list[LiveStep] = []
    cases: list[Case] = []
    numbers = itertools.count(1)
    for at_level in [pack] if settings.quick else _levels(pack):
        if settings.live_check:
            say(f"level {at_level.level}: live system")
            controls = () if settings.quick else controlled(at_level)
            live += settings.live_check([at_level], say, settings.seed, controls)
        names = chosen_rows(pack, settings.quick, settings.seed) if at_level is pack else level_rows(pack)
        cases += [Case(at_level, name, next(numbers)) for name in names]
    say(f"{len(cases)} fixes: judging")
    rows, shares = asyncio.run(_judged(pack, cases, settings, say))
    return CheckResult(
        pack.id,
        settings.seed,
        settings.quick,
        tuple(rows),
        self_test([row for row in rows if row.level == pack.level]),
        shares,
        tuple(live),
        (clock.monotonic_ns() - began_ns) / 1e9,
    )


async def _judged(
    pack: Pack, cases: Sequence[Case], settings: CheckSettings, say: Say
) -> tuple[Sequence[MatrixRow], tuple[Contribution, ...]]:
    """The rows, and what each fault contributes."""
    timed = [probe.name for probe in await probes_of(pack.folder) if probe.is_timed]
    matrix = Matrix(settings.folder, settings.run_id, settings.seed, timed, say)
    return await matrix.rows(cases, _judge), await contributions(pack.folder, settings.seed)


async def _judge(request: VerificationRequest) -> VerificationResult:
    """By a judge of its own, so that two can be at work."""
    return await Verifier().verify(request, lambda _: None)


def _levels(pack: Pack) -> Sequence[Pack]:
    """The pack at each of its levels, the usual one first."""
    return [pack, *(pack.at_level(level.number) for level in pack.levels if level.number != pack.level)]


def controlled(pack: Pack) -> tuple[str, ...]:
    """The herrings that have their control runs at a pack's level: all at the usual one, elsewhere those it lacks."""
    usual = next((level.herrings for level in pack.levels if level.number == USUAL_LEVEL), ())
    seen = () if pack.level == USUAL_LEVEL else usual
    return tuple(herring.id for herring in pack.herrings if herring.id not in seen)


def level_rows(pack: Pack) -> tuple[str, ...]:
    """What is judged at the other levels: the reference fix, and the first one that is masked."""
    masked = [fix.name for fix in pack.fixes if fix.verdict is Verdict.MASKED]
    return (pack.reference_fix, *masked[:1])
