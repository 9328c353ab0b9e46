"""The recomputation follows contract.md."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.packs.loading import load_module

exact: Any = load_module(Path(__file__).resolve().parents[3] / "scenarios" / "fp_drift", "exact")


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        ("0.125", 13),
        ("-0.125", -13),
        ("2.675", 268),
        ("1.005", 101),
        ("0.0049", 0),
        ("-0.005", -1),
        ("10", 1000),
    ],
)
def test_that_half_a_cent_goes_away_from_zero(amount: str, cents: int) -> None:
    assert exact.to_cents(Fraction(amount)) == cents


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_that_rounding_agrees_with_decimal(amount: Decimal) -> None:
    assert exact.to_cents(Fraction(amount)) == int(amount.quantize(Decimal("0.01"), ROUND_HALF_UP) * 100)


@given(st.integers(-(10**9), 10**9), st.integers(2, 24))
def test_that_parts_come_to_the_whole_and_differ_only_in_the_last(cents: int, count: int) -> None:
    parts = exact.split(cents, count)
    assert sum(parts) == cents
    assert len(parts) == count
    assert len(set(parts[:-1])) == 1
    assert abs(parts[-1]) >= abs(parts[0])


def test_that_discount_comes_before_tax_and_is_rounded_once() -> None:
    usage = {
        "customer": "c",
        "lines": [{"quantity": 3, "unit_price": "0.015"}, {"quantity": 1, "unit_price": "1.00"}],
        "discount_percent": "50",
        "tax_percent": "6.25",
        "split_between": 3,
    }
    charge = exact.of_usage(usage)
    assert (charge.cents, charge.parts) == (56, (18, 18, 20))
    assert exact.refund_of(charge).parts == (-18, -18, -20)


def test_that_a_key_of_somebody_else_comes_to_nothing() -> None:
    assert exact.of_key("made-by-hand", 3) is None
