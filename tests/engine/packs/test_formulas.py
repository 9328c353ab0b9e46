"""Conditions as text."""

from __future__ import annotations

import pytest

from engine.packs.formulas import compares, parse_formula, show_formula
from engine.packs.records import Condition


def test_that_a_formula_is_read_and_shown_again() -> None:
    condition = parse_formula("service.billing.p95_ms  <= 12.5", 3)
    assert condition == Condition("service.billing.p95_ms", "<=", 12.5, 3)
    assert show_formula(condition) == "service.billing.p95_ms <= 12.5"


@pytest.mark.parametrize(
    "text", ["", "a.b", "a.b > ", "a.b > x", "a.b == 1", "a > 1", "a.b > 1 or 1", "> 1", "A.b > 1"]
)
def test_that_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a condition"):
        parse_formula(text)


def test_that_a_value_is_compared() -> None:
    assert compares(Condition("a.b", ">=", 8, 0), 8)
    assert not compares(Condition("a.b", "<", 8, 0), 8)
