"""Chips in the query field, as a person types, closes and clears them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.logs.query_bar import QueryBar
from app.widgets import FilterChip


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[QueryBar]:
    """A shown field with the keyboard's focus."""
    field = QueryBar("hint", "Search logs")
    qtbot.addWidget(field)
    field.resize(900, 40)
    field.show()
    field.setFocus()
    yield field
    field.hide()


def chips(bar: QueryBar) -> list[str]:
    return [str(one) for one in bar.filters]


def test_that_a_finished_filter_becomes_a_chip_and_stays_in_the_query(qtbot: QtBot, bar: QueryBar) -> None:
    with qtbot.waitSignal(bar.asked) as asked:
        qtbot.keyClicks(bar, "service:billing level:error pool OR drift")
    assert chips(bar) == ["service:billing", "level:error"]
    assert bar.text() == "pool OR drift"
    assert asked.args == ["service:billing level:error (pool OR drift)"]


def test_that_closing_a_chip_asks_without_it(qtbot: QtBot, bar: QueryBar) -> None:
    bar.ask_now("service:billing level:error pool")
    with qtbot.waitSignal(bar.asked) as asked:
        bar.findChildren(FilterChip)[0].click()
    assert asked.args == ["level:error pool"]


def test_that_backspace_opens_the_last_chip_as_text(qtbot: QtBot, bar: QueryBar) -> None:
    bar.ask_now("service:billing")
    qtbot.keyClick(bar, Qt.Key.Key_Backspace)
    assert (chips(bar), bar.text()) == ([], "service:billing")


def test_that_an_or_after_a_chip_makes_it_text_again(qtbot: QtBot, bar: QueryBar) -> None:
    qtbot.keyClicks(bar, "service:billing OR service:ledger")
    assert (chips(bar), bar.query) == ([], "service:billing OR service:ledger")


def test_that_escape_clears_chips_and_text_at_once(qtbot: QtBot, bar: QueryBar) -> None:
    bar.ask_now("service:billing pool")
    with qtbot.waitSignal(bar.asked) as asked:
        qtbot.keyClick(bar, Qt.Key.Key_Escape)
    assert asked.args == [""]
    assert (chips(bar), bar.text()) == ([], "")


def test_that_a_fault_inside_a_chip_is_shown_in_text_that_can_be_mended(bar: QueryBar) -> None:
    bar.ask_now("level:loud pool")
    bar.show_problem("There is no level “loud”.", 6, 4)
    assert (chips(bar), bar.text()) == ([], "level:loud pool")
    assert bar.accessibleDescription() == "There is no level “loud”."
