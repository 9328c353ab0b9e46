"""The fix matrix of a pack: each reference fix judged, two at a time where company cannot make a row agree.

Two judges share the machine, so each takes longer and a time-out may strike. That can spoil a row, never mend one,
unless what its author expects is itself a failure in time. Such rows are judged alone, and so is again each row that
did not agree in company.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.packs.levels import USUAL_LEVEL
from engine.packs.records import Pack, Verdict
from engine.verification.records import VerificationRequest, VerificationResult
from engine.verification.sources import editable, unfixed, with_fix

UNFIXED = "(no fix)"
"""The row of the pack as it is, where no reference fix of its own says the same: it must be wrong."""

AT_ONCE = 2

Say = Callable[[str], None]
Judge = Callable[[VerificationRequest], Awaitable[VerificationResult]]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One reference fix, what its author expects and what the judge gave."""

    fix: str
    expected: Verdict
    decided_by: str
    given: Verdict
    probe: str
    measured: str
    required: str
    seconds: float
    level: int = USUAL_LEVEL

    @property
    def agrees(self) -> bool:
        """The same verdict, by the probe that the author names (by any where he names none)."""
        return self.given is self.expected and self.decided_by in ("", self.probe)


@dataclass(frozen=True, slots=True)
class Case:
    """A row to judge: a reference fix of a pack at a level, and the number that its hidden seeds come from."""

    pack: Pack
    fix: str
    number: int

    @property
    def expected(self) -> tuple[Verdict, str]:
        """The verdict, and the probe that must decide it (empty: any)."""
        if self.fix == UNFIXED:
            return Verdict.WRONG, ""
        fix = self.pack.fix(self.fix)
        return fix.verdict, fix.decided_by


class Matrix:
    """Judges rows, each from a new copy of the sources below `folder`.

    `timed` has the names of the probes that a machine too busy could make fail.
    """

    def __init__(self, folder: Path, run_id: str, seed: int, timed: Collection[str], say: Say) -> None:
        self._folder = folder
        self._run_id = run_id
        self._seed = seed
        self._timed = timed
        self._say = say

    async def rows(self, cases: Sequence[Case], judge: Judge) -> Sequence[MatrixRow]:
        """A row for each case, in their order. `judge` is called for two at once and must bear it."""
        rows = await self._in_company([case for case in cases if not self._needs_quiet(case)], judge)
        for case in cases:
            if case.number not in rows or not rows[case.number].agrees:
                rows[case.number] = await self._row(case, judge, "")
        return [rows[case.number] for case in cases]

    def _needs_quiet(self, case: Case) -> bool:
        """Whether a machine that is too busy could bring about what the author expects."""
        verdict, probe = case.expected
        return verdict is not Verdict.RIGHT and (not probe or probe in self._timed)

    async def _in_company(self, cases: Sequence[Case], judge: Judge) -> dict[int, MatrixRow]:
        """Rows by their cases' numbers."""
        rows: dict[int, MatrixRow] = {}
        waiting = list(reversed(cases))

        async def lane() -> None:
            while waiting:
                case = waiting.pop()
                rows[case.number] = await self._row(case, judge, " in company")

        async with asyncio.TaskGroup() as tasks:
            for number in range(AT_ONCE):
                tasks.create_task(lane(), name=f"matrix lane {number}")
        return rows

    async def _row(self, case: Case, judge: Judge, how: str) -> MatrixRow:
        """The verdict on one reference fix, told as a line."""
        expected, decided_by = case.expected
        result = await self._judged(case, judge)
        row = MatrixRow(
            case.fix,
            expected,
            decided_by,
            result.verdict,
            result.probe,
            result.measured,
            result.required,
            result.seconds,
            case.pack.level,
        )
        wanted = f"DISAGREES{how}, expected {expected} by {decided_by or 'any probe'}"
        said = "agrees" if row.agrees else f"{wanted}: {row.measured}"
        name = f"level {row.level}, {row.fix}"
        self._say(f"  {name}: {row.given} ({row.probe or 'all held'}), {row.seconds:.0f} s, {said}")
        return row

    async def _judged(self, case: Case, judge: Judge) -> VerificationResult:
        folder, pack = self._folder / f"row-{case.number}", case.pack
        if case.fix == UNFIXED:
            sources = {service: unfixed(pack)[service] for service in editable(pack)}
        else:
            sources = await asyncio.to_thread(with_fix, pack, pack.fix(case.fix), folder / "sources")
        request = VerificationRequest(
            pack.folder,
            sources,
            folder / "judge",
            self._run_id,
            seed=random.Random(f"judge {self._seed} {case.number}").randrange(2**31),
            live_seed=random.Random(f"live {self._seed} {case.number}").randrange(2**31),
            stop_early=True,
            level=pack.level,
        )
        try:
            return await judge(request)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def agree(rows: Sequence[MatrixRow]) -> bool:
    """Whether every row got what its author expects."""
    return all(row.agrees for row in rows)
