"""Every scenario is what it says: the quick check of all, and each cheat that must be found out."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.lab.modes import ROOT
from engine.packs.find import find_pack, read_packs
from engine.packs.records import Cheat, Pack, Verdict
from engine.verification.records import Progress, VerificationRequest
from engine.verification.sources import with_fix
from engine.verification.verification import Verifier

PACKS = tuple(find_pack(name) for name, pack in read_packs() if isinstance(pack, Pack))
CHEATS = {fix.cheat: (pack, fix) for pack in reversed(PACKS) for fix in pack.fixes if fix.cheat is not None}
"""One of each kind; the others are rows of the packs' own checks."""


def test_that_every_scenario_holds_its_quick_check_and_bears_the_others() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "engine", "packs", "check", "--quick", "--seed", "11", "--json"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False, timeout=1200,
    )  # fmt: skip
    found = json.loads(done.stdout)
    broken = [row for pack in found["packs"] for row in pack["matrix"] if not row["agrees"]]
    broken += [step for pack in found["packs"] for step in pack["live"] if not step["held"]]
    broken += [step for step in found["together"] if not step["held"]]
    assert (broken, done.returncode) == ([], 0)
    assert {pack["pack"] for pack in found["packs"]} == {pack.id for pack in PACKS}


def test_that_every_kind_of_cheat_is_tried_somewhere() -> None:
    assert CHEATS.keys() == set(Cheat)


@pytest.mark.parametrize("kind", sorted(CHEATS))
def test_that_a_cheat_is_found_out(kind: Cheat, tmp_path: Path) -> None:
    pack, cheat = CHEATS[kind]
    request = VerificationRequest(
        pack.folder,
        with_fix(pack, cheat, tmp_path / "sources"),
        tmp_path / "judge",
        "test-cheat",
        5,
        7,
        stop_early=True,
    )
    result = asyncio.run(Verifier().verify(request, _unseen))
    allowed = {Verdict.WRONG}
    if kind is Cheat.CACHED_FOR_EVER:
        allowed = {Verdict.WRONG, Verdict.MASKED}
    assert result.verdict in allowed, (result.probe, result.measured)


def _unseen(progress: Progress) -> None:
    """Only the verdict is of interest."""
