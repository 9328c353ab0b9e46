"""What the check of a pack demands of its rows, and the whole of it on the small pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.lab.sweep import find_processes
from engine.packs.levels import Level
from engine.packs.records import Herring, Pack, Verdict
from engine.verification.check import (
    CheckSettings,
    LiveStep,
    check_pack,
    chosen_rows,
    controlled,
    self_test,
)
from engine.verification.commands import check_words
from engine.verification.matrix import UNFIXED, MatrixRow, agree

RIGHT = MatrixRow("a", Verdict.RIGHT, "", Verdict.RIGHT, "", "", "", 1.0)
MASKED = MatrixRow("b", Verdict.MASKED, "ties", Verdict.MASKED, "ties", "", "", 1.0)


def test_that_a_row_needs_its_verdict_and_its_probe() -> None:
    assert agree([RIGHT, MASKED])
    assert not replace(MASKED, given=Verdict.PARTIAL).agrees
    assert not replace(MASKED, probe="incident").agrees
    assert replace(MASKED, decided_by="").agrees


def test_that_exchanging_two_expected_verdicts_fails_the_check() -> None:
    test = self_test([RIGHT, MASKED])
    assert test is not None
    assert (test.swapped, test.fails) == (("a", "b"), True)


def test_that_a_check_whose_rows_all_expect_the_same_cannot_test_itself() -> None:
    assert self_test([RIGHT, replace(RIGHT, fix="c")]) is None


def test_that_a_judge_that_says_the_same_of_everything_is_found_out() -> None:
    blind = [RIGHT, replace(MASKED, given=Verdict.RIGHT, probe="")]
    assert not agree(blind)


def test_that_the_same_seed_chooses_the_same_three_rows_of_which_two_differ(pack: Pack) -> None:
    for seed in range(30):
        chosen = chosen_rows(pack, True, seed)
        assert chosen == chosen_rows(pack, True, seed)
        assert len(chosen) == 3
        assert len({pack.fix(name).verdict for name in chosen}) > 1
    assert len({chosen_rows(pack, True, seed) for seed in range(30)}) > 3
    assert chosen_rows(pack, False, 0) == (UNFIXED, *(fix.name for fix in pack.fixes))


def test_that_each_herring_has_its_control_runs_once_at_the_first_level_that_has_it(pack: Pack) -> None:
    usual, more = Level(2, "", ("slow",)), Level(3, "", ("slow", "busy"))
    herrings = tuple(
        Herring(name, "", "", name, "", {}, after_s=1, lasts_s=1, tolerance=2.0) for name in ("slow", "busy")
    )
    levelled = replace(pack, levels=(usual, more), all_herrings=herrings)
    assert controlled(levelled) == ("slow",)
    assert controlled(levelled.at_level(3)) == ("busy",)


def test_that_every_reference_fix_gets_its_verdict_and_nothing_is_left(pack: Pack, tmp_path: Path) -> None:
    def live(packs: Sequence[Pack], say: object, seed: int, controls: object) -> list[LiveStep]:
        return [LiveStep("baseline", True, "0 c", 1.0)]

    said: list[str] = []
    settings = CheckSettings(tmp_path / "work", "check-test", seed=3, live_check=live)
    result = check_pack(pack, settings, said.append)
    given = {row.fix: (row.given.value, row.probe) for row in result.rows}
    assert given == {
        UNFIXED: ("wrong", "incident"),
        "broken": ("wrong", "starts"),
        "decimal": ("right", ""),
        "forgets": ("partial", "history"),
        "list": ("masked", "other-amounts"),
        "loses": ("wrong", "rows-kept"),
    }
    assert result.held
    assert sum(line.endswith("agrees") for line in said) == len(result.rows)
    assert not list((tmp_path / "work").glob("*"))
    assert find_processes("check-test") == []
    words = check_words(result)
    assert words["contributions"][0]["fault"] == "truncation"
    assert words["live"] == [{"name": "baseline", "level": 2, "held": True, "detail": "0 c", "seconds": 1.0}]
