"""Interleaved pairs, and when they prove nothing."""

from __future__ import annotations

import pytest

from engine.packs.api import CannotMeasure
from engine.verification.comparison import Pair, compare


def test_that_a_submission_half_as_fast_is_told_as_that_whatever_the_machine_drifts() -> None:
    drifting = [Pair(100.0 * drift, 51.0 * drift, 104.0 * drift) for drift in (1.0, 0.6, 0.9, 1.4, 0.5)]
    found = compare(drifting, margin=2.0)
    assert found.ratio == pytest.approx(0.5, abs=0.01)
    assert found.spread == pytest.approx(1.04)
    assert (found.pairs, found.submitted) == (5, 45.9)


def test_that_one_disturbed_pair_decides_nothing() -> None:
    quiet = [Pair(100.0, 100.0, 100.0)] * 4
    assert compare([*quiet, Pair(100.0, 5.0, 20.0)], margin=2.0).ratio == pytest.approx(1.0)


def test_that_a_reference_further_from_itself_than_half_the_margin_is_no_measurement() -> None:
    with pytest.raises(CannotMeasure, match="machine too noisy"):
        compare([Pair(100.0, 100.0, 160.0)] * 5, margin=2.0)
    assert compare([Pair(100.0, 100.0, 140.0)] * 5, margin=2.0).spread == pytest.approx(1.4)


def test_that_too_few_pairs_and_a_reference_that_did_nothing_are_refused() -> None:
    with pytest.raises(CannotMeasure, match="4 pairs"):
        compare([Pair(1.0, 1.0, 1.0)] * 4, margin=2.0)
    with pytest.raises(CannotMeasure, match="nothing"):
        compare([Pair(0.0, 1.0, 1.0)] * 5, margin=2.0)


def test_that_a_submission_that_did_nothing_is_a_ratio_of_zero() -> None:
    assert compare([Pair(10.0, 0.0, 10.0)] * 5, margin=2.0).ratio == 0.0
