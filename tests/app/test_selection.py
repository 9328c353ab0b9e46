"""The shared selection: one signal a real change, and a history."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from app.selection import HISTORY_LENGTH, Selection
from app.time_axis import Span


def test_that_choosing_the_same_again_tells_nobody(qtbot: QtBot) -> None:
    selection = Selection()
    told: list[str] = []
    selection.serviceChanged.connect(told.append)
    selection.choose_service("orders")
    selection.choose_service("orders")
    assert told == ["orders"]


def test_that_only_the_signals_of_what_changed_fire(qtbot: QtBot) -> None:
    selection = Selection()
    told: list[object] = []
    selection.traceChanged.connect(told.append)
    selection.spanChanged.connect(told.append)
    selection.serviceChanged.connect(lambda _: told.append("service"))
    selection.choose(replace(selection.chosen, trace_id="7f3a", span_id="01"))
    assert told == ["7f3a", "01"]


def test_that_a_range_brushed_backwards_is_put_in_order(qtbot: QtBot) -> None:
    selection = Selection()
    selection.choose_time_range(Span(20, 10))
    assert selection.time_range == Span(10, 20)


def test_that_back_and_forward_walk_through_what_was_chosen(qtbot: QtBot) -> None:
    selection = Selection()
    selection.choose_trace("a")
    selection.choose_trace("b")
    assert selection.back()
    assert selection.trace_id == "a"
    assert selection.forward()
    assert selection.trace_id == "b"
    assert not selection.forward()


def test_that_choosing_after_going_back_forgets_the_way_forward(qtbot: QtBot) -> None:
    selection = Selection()
    selection.choose_trace("a")
    selection.choose_trace("b")
    selection.back()
    selection.choose_trace("c")
    assert not selection.can_go_forward
    selection.back()
    assert selection.trace_id == "a"


def test_that_the_crosshair_is_not_part_of_the_history(qtbot: QtBot) -> None:
    selection = Selection()
    selection.point_at(12.5)
    assert selection.crosshair_s == 12.5
    assert not selection.can_go_back


def test_that_the_history_does_not_grow_for_ever(qtbot: QtBot) -> None:
    selection = Selection()
    for number in range(3 * HISTORY_LENGTH):
        selection.choose_log(str(number))
    steps = 0
    while selection.back():
        steps += 1
    assert steps == HISTORY_LENGTH - 1


def test_that_opening_a_trace_says_whether_to_stay(qtbot: QtBot) -> None:
    selection = Selection()
    told: list[tuple[str, bool]] = []
    selection.traceOpened.connect(lambda trace, stay: told.append((trace, stay)))
    selection.open_trace("7f3a", keep_screen=True)
    selection.open_trace("7f3a")
    assert told == [("7f3a", True), ("7f3a", False)]
    assert selection.trace_id == "7f3a"
