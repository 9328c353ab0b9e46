"""Which rows are judged in company, and what a disagreement there means."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.packs.records import Pack, Verdict
from engine.verification.matrix import UNFIXED, Case, Matrix, MatrixRow
from engine.verification.records import VerificationRequest, VerificationResult

JUDGED = {
    UNFIXED: (Verdict.WRONG, "incident"),
    "broken": (Verdict.WRONG, "starts"),
    "decimal": (Verdict.RIGHT, ""),
    "forgets": (Verdict.PARTIAL, "history"),
    "list": (Verdict.MASKED, "other-amounts"),
    "loses": (Verdict.WRONG, "rows-kept"),
}
"""what the small pack's fixes really are"""


class Judges:
    """Judges that say what `JUDGED` says, or first what `in_company` says; they note who was at work beside whom."""

    def __init__(self, cases: list[Case], in_company: Mapping[str, tuple[Verdict, str]]) -> None:
        self._names = {case.number: case.fix for case in cases}
        self._in_company = in_company
        self._at_work: set[str] = set()
        self.alone: list[str] = []
        self.most = 0

    async def __call__(self, request: VerificationRequest) -> VerificationResult:
        name = self._names[int(request.folder.parent.name.removeprefix("row-"))]
        self._at_work.add(name)
        await asyncio.sleep(0.01)
        beside = len(self._at_work)
        self.most = max(self.most, beside)
        if beside == 1:
            self.alone.append(name)
        verdict, probe = JUDGED[name] if beside == 1 else self._in_company.get(name, JUDGED[name])
        await asyncio.sleep(0.01)
        self._at_work.remove(name)
        return VerificationResult(verdict, probe, "3 c", "0 c", (), 1.0)


def rows(
    pack: Pack, folder: Path, timed: set[str], in_company: Mapping[str, tuple[Verdict, str]] = {}
) -> tuple[list[MatrixRow], Judges, list[str]]:
    """The rows of the small pack, its judges, and what was said."""
    cases = [Case(pack, name, number) for number, name in enumerate(JUDGED, start=1)]
    judges, said = Judges(cases, in_company), list[str]()
    matrix = Matrix(folder, "test-matrix", 1, timed, said.append)
    return list(asyncio.run(matrix.rows(cases, judges))), judges, said


def test_that_rows_come_in_their_order_and_two_are_judged_at_once(pack: Pack, tmp_path: Path) -> None:
    found, judges, _ = rows(pack, tmp_path / "rows", set())
    assert [row.fix for row in found] == list(JUDGED)
    assert all(row.agrees for row in found)
    assert judges.most == 2
    assert not list((tmp_path / "rows").iterdir())


def test_that_a_row_that_a_busy_machine_could_bring_about_is_judged_alone(pack: Pack, tmp_path: Path) -> None:
    _, judges, _ = rows(pack, tmp_path / "rows", {"other-amounts"})
    assert {UNFIXED, "list"} <= set(judges.alone)


def test_that_a_row_that_does_not_agree_in_company_is_judged_again_alone(pack: Pack, tmp_path: Path) -> None:
    spoilt = (Verdict.WRONG, "incident")
    found, judges, said = rows(
        pack, tmp_path, set(), {"broken": spoilt, "decimal": spoilt, "forgets": spoilt}
    )
    assert all(row.agrees for row in found)
    assert "decimal" in judges.alone
    assert any("decimal: wrong" in line and "DISAGREES in company" in line for line in said)


def test_that_a_row_that_does_not_agree_alone_either_stays_so(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(JUDGED, "decimal", (Verdict.MASKED, "incident"))
    found, _, _ = rows(pack, tmp_path / "rows", set())
    assert [row.fix for row in found if not row.agrees] == ["decimal"]
