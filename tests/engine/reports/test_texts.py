"""Numbers as words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.reports import texts
from engine.reports.summary import Unit


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (366.0, "€3.66"),
        (0.0, "€0.00"),
        (-1.0, "−€0.01"),
        (0.3, "€0.0030"),
        (123456789.0, "€1,234,567.89"),
        (-0.001, "€0.0000"),
    ],
)
def test_that_money_has_a_sign_a_symbol_and_two_decimals(cents: float, text: str) -> None:
    assert texts.euros(cents) == text


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (4.21, "4.2\u2009ms"),
        (91.4, "91\u2009ms"),
        (999.4, "999\u2009ms"),
        (999.6, "1.00\u2009s"),
        (2250.0, "2.25\u2009s"),
    ],
)
def test_that_latency_is_milliseconds_below_a_second(milliseconds: float, text: str) -> None:
    assert texts.milliseconds(milliseconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "0 s"), (59.6, "1 min"), (252, "4 min 12 s"), (3600, "1 h"), (6190, "1 h 43 min")],
)
def test_that_a_duration_reads_in_its_two_largest_units(seconds: float, text: str) -> None:
    assert texts.duration(seconds).replace("\u00a0", " ") == text


def test_that_a_clock_wraps_at_midnight_in_both_directions() -> None:
    assert texts.clock(86_400 + 61) == "00:01:01"
    assert texts.clock(-60, with_seconds=False) == "23:59"


def test_that_a_date_does_not_depend_on_the_locale() -> None:
    assert texts.day(datetime(2026, 11, 3, tzinfo=UTC)) == "3 November 2026"


def test_that_a_cent_is_one_cent() -> None:
    assert (texts.cents(1), texts.cents(-2.5), texts.cents(1200)) == ("1 cent", "−2.50 cents", "1,200 cents")


def test_that_all_ticks_of_a_money_axis_have_the_decimals_that_its_step_needs() -> None:
    assert [texts.tick(value, Unit.CENTS, 200) for value in (0, 200)] == ["€0", "€2"]
    assert [texts.tick(value, Unit.CENTS, 50) for value in (0, 50, 100)] == ["€0.00", "€0.50", "€1.00"]


def test_that_characters_which_hide_or_turn_text_are_written_out() -> None:
    assert texts.visible("a\x00b\u202ec\u2066d") == "a\\u{0000}b\\u{202e}c\\u{2066}d"
    assert texts.visible("Müller, 日本, 1\u00a0s") == "Müller, 日本, 1\u00a0s"


@given(st.text())
def test_that_visible_text_has_no_character_that_xml_refuses(text: str) -> None:
    shown = texts.visible(text)
    assert all(ord(character) >= 0x20 or character in "\n\t" for character in shown)
    assert not any(0xD800 <= ord(character) <= 0xDFFF for character in shown)
