"""Time on a screen: geometry, ticks, and how times, durations and money are written."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.time_axis import (
    STEPS_S,
    Scale,
    Span,
    format_ago,
    format_clock,
    format_clock_millis,
    format_clock_seconds,
    format_countdown,
    format_duration,
    format_money,
    format_number,
    format_percent,
    format_short,
    format_tick,
    span_between,
    tick_step_s,
    ticks,
    value_ticks,
)

moments = st.floats(0, 4e9, allow_nan=False)
lengths = st.floats(1, 1e5, allow_nan=False)


@given(
    start=moments, length=lengths, left=st.floats(0, 500), width=st.floats(10, 4000), share=st.floats(0, 1)
)
def test_that_a_pixel_and_its_moment_belong_together(
    start: float, length: float, left: float, width: float, share: float
) -> None:
    scale = Scale(Span(start, start + length), left, width)
    at = start + share * length
    assert scale.time_of(scale.x_of(at)) == pytest.approx(at, abs=1e-3)


def test_that_a_scale_without_width_or_length_stays_at_its_start() -> None:
    assert Scale(Span(5, 5), 100, 50).x_of(7) == 100
    assert Scale(Span(5, 9), 100, 0).time_of(300) == 5


def test_that_a_pixel_outside_is_clamped_to_the_ends() -> None:
    scale = Scale(Span(10, 20), 0, 100)
    assert scale.clamped_time_of(-40) == 10
    assert scale.clamped_time_of(400) == 20


def test_that_a_span_between_moments_has_them_in_order() -> None:
    assert span_between(9, 3) == Span(3, 9)


@given(start=moments, length=lengths, width=st.floats(50, 3000), offset=st.floats(-86400, 86400))
def test_that_ticks_are_round_inside_and_not_too_close(
    start: float, length: float, width: float, offset: float
) -> None:
    scale = Scale(Span(start, start + length), 0, width)
    step = tick_step_s(length, width, 90)
    assert step in STEPS_S
    places = ticks(scale, 90, offset)
    for at in places:
        assert start - 0.01 <= at <= start + length + 0.01
        rest = (at + offset) % step
        assert min(rest, step - rest) < 1e-3
    if step < STEPS_S[-1]:
        gaps = [scale.x_of(b) - scale.x_of(a) for a, b in pairwise(places)]
        assert all(gap >= 89.9 for gap in gaps)


@given(low=st.floats(-1e6, 1e6), size=st.floats(1e-3, 1e7), count=st.integers(2, 6))
def test_that_value_ticks_are_few_and_inside(low: float, size: float, count: int) -> None:
    places = value_ticks(low, low + size, count)
    assert len(places) <= count
    assert all(low - size * 1e-6 <= tick <= low + size * (1 + 1e-6) for tick in places)


def test_that_value_ticks_of_an_empty_or_unknown_range_are_none() -> None:
    assert value_ticks(3, 3) == ()
    assert value_ticks(0, float("nan")) == ()
    assert value_ticks(0, 2800, 5) == (0, 1000, 2000)


def test_that_the_clock_is_the_drills() -> None:
    three_am_s = 3 * 3600
    assert format_clock(1_800_000_000, three_am_s - 1_800_000_000 % 86400) == "03:00"
    assert format_clock_seconds(three_am_s + 754) == "03:12:34"
    assert format_clock_millis(three_am_s + 754.1239) == "03:12:34.124"
    assert format_clock_seconds(-1) == "23:59:59"
    assert format_tick(three_am_s, 60) == "03:00"
    assert format_tick(three_am_s, 15) == "03:00:00"


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0\u2009ms"),
        (0.42, "0.4\u2009ms"),
        (137, "137\u2009ms"),
        (999.4, "999\u2009ms"),
        (999.6, "1.00\u2009s"),
        (2254, "2.25\u2009s"),
        (-1500, "−1.50\u2009s"),
        (float("nan"), "–"),
    ],
)
def test_that_durations_change_unit_at_a_second(milliseconds: float, text: str) -> None:
    assert format_duration(milliseconds) == text


@pytest.mark.parametrize(
    ("cents", "text"),
    [(1082, "+€10.82"), (-1, "−€0.01"), (0, "€0.00"), (0.2, "€0.00"), (123_456_789, "+€1,234,567.89")],
)
def test_that_money_has_a_sign_unless_it_is_nothing(cents: float, text: str) -> None:
    assert format_money(cents) == text


def test_that_money_without_a_sign_keeps_its_minus() -> None:
    assert format_money(1000, signed=False, decimals=0) == "€10"
    assert format_money(-1000, signed=False, decimals=0) == "−€10"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(756, "12:36"), (0, "00:00"), (0.2, "00:01"), (-75, "−01:15"), (-0.4, "00:00"), (3661, "1:01:01")],
)
def test_that_a_countdown_rounds_up_and_counts_overtime(seconds: float, text: str) -> None:
    assert format_countdown(seconds) == text


def test_that_a_wait_has_at_most_two_units() -> None:
    assert format_ago(41) == "41\u2009s"
    assert format_ago(200) == "3\u2009min 20\u2009s"
    assert format_ago(1234) == "20\u2009min"
    assert format_ago(7500) == "2\u2009h 5\u2009min"


def test_that_numbers_are_short_and_signs_are_true_minus_signs() -> None:
    assert [format_short(v) for v in (3.5, 41, 980, 11_900, 2_400_000)] == [
        "3.5",
        "41",
        "980",
        "11.9\u2009k",
        "2.4\u2009M",
    ]
    assert format_number(-1234.5, 1) == "−1,234.5"
    assert format_number(-0.01) == "0"
    assert format_percent(93) == "93\u2009%"
