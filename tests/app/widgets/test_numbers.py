"""Numbers as people type them."""

from __future__ import annotations

import pytest

from app.widgets.numbers import BadNumber, number_text, read_number


@pytest.mark.parametrize("text", ["", "abc", "1,000", "nan", "inf", "-1", "5000.1", "12 ms"])
def test_that_a_number_out_of_bounds_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(BadNumber, match="a number from 0 to 5,000 ms"):
        read_number(text, 0, 5000, "ms")


def test_that_a_number_is_taken_as_typed() -> None:
    assert read_number(" 0.5 ", 0.1, 1) == 0.5
    assert read_number("5000", 0, 5000) == 5000
    assert [number_text(value) for value in (120.0, 0.5, 1_000_000.0)] == ["120", "0.5", "1000000"]
