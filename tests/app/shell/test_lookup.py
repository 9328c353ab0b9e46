"""What a typed word may mean, and which commands fit it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.command import Command
from app.shell.lookup import AROUND_S, MOST, fitting, meant

NOW_S = 1_000_000.0
OFFSET_S = -NOW_S + 3 * 3600 + 20 * 60
"""The drill's clock shows 03:20:00."""


def commands(*titles: str) -> list[Command]:
    return [Command(title, "Screen", lambda: None) for title in titles]


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("03:10", 3 * 3600 + 9 * 60, 3 * 3600 + 11 * 60),
        ("3:10:30", 3 * 3600 + 9 * 60 + 30, 3 * 3600 + 11 * 60 + 30),
        ("03:10-03:15", 3 * 3600 + 600, 3 * 3600 + 900),
        ("03:10 to 03:15:30", 3 * 3600 + 600, 3 * 3600 + 930),
    ],
)
def test_that_a_time_is_one_of_the_drills_clock(typed: str, start: int, end: int) -> None:
    span = meant(typed, NOW_S, OFFSET_S).span
    assert span is not None
    assert (span.start_s + OFFSET_S, span.end_s + OFFSET_S) == (start, end)


def test_that_a_time_later_than_now_was_shown_yesterday() -> None:
    span = meant("03:30", NOW_S, OFFSET_S).span
    assert span is not None
    assert span.end_s == NOW_S + 600 - 86_400 + AROUND_S


@pytest.mark.parametrize("typed", ["25:00", "03:61", "3:1", "billing", "12", ""])
def test_that_what_is_no_time_is_none(typed: str) -> None:
    assert meant(typed, NOW_S, OFFSET_S).span is None


def test_that_a_trace_id_is_known_by_its_letters() -> None:
    assert meant("7F3A9C21", NOW_S, OFFSET_S).trace_id == "7f3a9c21"
    assert meant("7f3a", NOW_S, OFFSET_S).trace_id == ""
    assert meant("deadbeef zz", NOW_S, OFFSET_S).trace_id == ""


def test_that_every_typed_word_begins_a_word_of_the_command() -> None:
    found = fitting(commands("Go to Logs", "Larger text", "Logs of billing"), "lo bil")
    assert [one.title for one in found] == ["Logs of billing"]
    assert [one.title for one in fitting(commands("Go to Logs"), "screen")] == ["Go to Logs"]


def test_that_those_used_last_come_first_and_there_is_an_end() -> None:
    many = commands(*(f"Command {n}" for n in range(20)))
    found = fitting(many, "", recent=["Command 7", "gone", "Command 3"])
    assert [one.title for one in found[:3]] == ["Command 7", "Command 3", "Command 0"]
    assert len(found) == MOST


@given(st.text(max_size=40))
def test_that_nothing_typed_breaks_the_search(typed: str) -> None:
    meant(typed, NOW_S, OFFSET_S)
    fitting(commands("Go to Logs", "Larger text"), typed)
