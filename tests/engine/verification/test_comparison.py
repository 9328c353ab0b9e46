"""Interleaved pairs, and when they prove nothing."""

from __future__ import annotations

import pytest

from engine.packs.api import CannotMeasure
from engine.verification.comparison import compare


def test_that_a_submission_half_as_fast_is_told_as_that_whatever_the_machine_drifts() -> None:
    references = [100.0, 130.0, 110.0, 90.0, 120.0, 150.0]
    found = compare(references, [57.0, 60.0, 50.0, 52.0, 67.0], margin=2.0)
    assert found.ratio == pytest.approx(0.5, abs=0.01)
    assert found.spread == pytest.approx(1.25)
    assert (found.pairs, found.submitted) == (5, 57.0)


def test_that_one_disturbed_measurement_decides_nothing() -> None:
    quiet = [100.0] * 6
    assert compare(quiet, [100.0, 100.0, 5.0, 100.0, 100.0], margin=2.0).ratio == pytest.approx(1.0)
    assert compare([*quiet[:5], 20.0], [100.0] * 5, margin=2.0).ratio == pytest.approx(1.0)
    assert compare([100.0, 100.0, 20.0, 100.0, 100.0, 100.0], [100.0] * 5, margin=2.0).ratio == 1.0


def test_that_a_reference_further_from_itself_than_half_the_margin_is_no_measurement() -> None:
    def swinging(times: float) -> list[float]:
        return [100.0, 100.0 * times] * 3

    with pytest.raises(CannotMeasure, match="machine too noisy"):
        compare(swinging(1.6), [100.0] * 5, margin=2.0)
    assert compare(swinging(1.4), [100.0] * 5, margin=2.0).spread == pytest.approx(1.4)


def test_that_too_few_pairs_and_a_reference_that_did_nothing_are_refused() -> None:
    with pytest.raises(CannotMeasure, match="4 pairs"):
        compare([1.0] * 5, [1.0] * 4, margin=2.0)
    with pytest.raises(CannotMeasure, match="nothing"):
        compare([1.0, 1.0, 0.0, 1.0, 1.0, 1.0], [1.0] * 5, margin=2.0)


def test_that_a_submission_that_did_nothing_is_a_ratio_of_zero() -> None:
    assert compare([10.0] * 6, [0.0] * 5, margin=2.0).ratio == 0.0
