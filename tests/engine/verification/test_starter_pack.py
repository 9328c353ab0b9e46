"""The starter pack is what it says: a quick check of a new copy holds, at the level as written and at the others."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine.packs.reader import read_pack
from engine.packs.records import Verdict
from engine.packs.starter import make_pack
from engine.verification.check import CheckSettings, check_pack, chosen_rows
from engine.verification.records import Progress, VerificationRequest
from engine.verification.sources import with_fix
from engine.verification.verification import Verifier

SEED = 5
"""its quick check has a right fix among its rows"""


def test_that_a_new_pack_holds_its_quick_check(tmp_path: Path) -> None:
    pack = read_pack(make_pack("retry_storm", tmp_path / "packs", (), ()))
    assert pack.reference_fix in chosen_rows(pack, True, SEED)
    said: list[str] = []
    settings = CheckSettings(tmp_path / "work", "check-starter", SEED, quick=True)
    result = check_pack(pack, settings, said.append)
    assert result.held, said
    assert len(result.rows) == 3


@pytest.mark.parametrize("level", [1, 3])
def test_that_the_masked_fix_is_masked_at_the_other_levels_too(tmp_path: Path, level: int) -> None:
    pack = read_pack(make_pack("retry_storm", tmp_path / "packs", (), ()))
    fix = next(fix for fix in pack.fixes if fix.verdict is Verdict.MASKED)
    request = VerificationRequest(
        pack.folder,
        with_fix(pack, fix, tmp_path / "sources"),
        tmp_path / "judge",
        f"level-{level}",
        seed=11,
        live_seed=12,
        stop_early=True,
        level=level,
    )

    def unseen(progress: Progress) -> None:
        """Only the end counts."""

    result = asyncio.run(Verifier().verify(request, unseen))
    assert (result.verdict, result.probe) == (Verdict.MASKED, fix.decided_by), result.measured
