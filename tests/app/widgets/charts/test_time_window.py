"""Which stretch of time is shown."""

from __future__ import annotations

import pytest

from app.time_axis import Span
from app.widgets.charts.time_window import LONGEST_S, SHORTEST_S, TimeWindow


def test_that_a_live_window_ends_at_the_present() -> None:
    window = TimeWindow(300)
    window.follow(1000)
    assert window.span == Span(700, 1000)


def test_that_a_window_in_the_past_stays_when_time_goes_on() -> None:
    window = TimeWindow(300)
    window.follow(1000)
    window.pan(-0.5)
    window.follow(2000)
    assert window.span == Span(550, 850)
    window.set_live(True)
    assert window.span == Span(1700, 2000)


def test_that_zooming_live_keeps_the_end_and_else_the_moment() -> None:
    window = TimeWindow(300)
    window.follow(1000)
    window.zoom(0.5)
    assert window.span == Span(850, 1000)
    window.set_live(False)
    window.zoom(2, around_s=850)
    assert window.span == Span(850, 1150)


@pytest.mark.parametrize(("factor", "length_s"), [(1e-9, SHORTEST_S), (1e9, LONGEST_S)])
def test_that_zooming_has_limits(factor: float, length_s: float) -> None:
    window = TimeWindow(300)
    window.zoom(factor)
    assert window.span.length_s == length_s


def test_that_another_length_keeps_the_end() -> None:
    window = TimeWindow(300)
    window.show(Span(100, 400))
    window.set_length(60)
    assert window.span == Span(340, 400)


def test_that_a_moment_in_view_is_not_moved() -> None:
    window = TimeWindow(300)
    window.follow(1000)
    window.reveal(900)
    assert window.is_live
    window.reveal(100)
    assert window.span == Span(-50, 250)
    assert not window.is_live
