"""What the start screen says."""

from __future__ import annotations

import pytest

from app.start.model import (
    BadSeed,
    age_text,
    level_lines,
    level_numbers,
    phase_text,
    read_seed,
    recorded_run,
    seed_problem,
    summary_of,
    usual_level,
)
from protos.drill.v1.records import Level, PackSummary, PreflightCheck, RunSummary


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "abc", "2147483648", "1e3", "١"])
def test_that_a_seed_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadSeed, match="whole number from 1 to 2,147,483,647"):
        read_seed(text)
    assert "whole number" in seed_problem(text)


def test_that_a_seed_is_taken_as_typed_and_an_empty_field_gives_a_random_one() -> None:
    assert read_seed(" 42 ") == 42
    assert read_seed("2147483647") == 2**31 - 1
    assert len({read_seed("") for _ in range(20)}) > 1
    assert seed_problem("") == ""


def test_that_the_preflight_is_told_in_one_line() -> None:
    checks = [PreflightCheck("a", status, "", "") for status in ("passed", "passed", "needs-you", "failed")]
    assert summary_of(checks, running=False) == "2 passed, 1 needs you, 1 failed"
    assert summary_of(checks[:1], running=True) == "checking this machine; 1 passed"
    assert summary_of([], running=True) == "checking this machine"


def test_that_a_run_says_where_it_stopped_and_when() -> None:
    run = recorded_run(RunSummary("2031-04-30-01", "Cents", 0, 0, "phase-2", ""), 360 * 10**9)
    assert (run.title, run.detail) == ("Cents, 2031-04-30-01", "Stopped in Phase 2. Saved 6\u2009min ago.")
    fresh = recorded_run(RunSummary("2031-04-30-02", "Cents", 0, 0, "", ""), 0)
    assert fresh.detail == "Stopped before the first phase. Saved 0\u2009s ago."


def test_that_a_run_that_cannot_be_opened_says_why() -> None:
    run = recorded_run(RunSummary("2031-04-30-03", "", 0, 0, "", "Written by version 9."), 0)
    assert (run.title, run.detail) == ("Unreadable run, 2031-04-30-03", "Written by version 9.")
    assert run.problem == run.detail


def test_that_agenda_ids_are_read_as_names() -> None:
    assert phase_text("wrap-up") == "Wrap up"
    assert phase_text("Phase 2: Deep Dive & Verification") == "Phase 2"


def test_that_an_age_is_told_in_one_unit() -> None:
    texts = [age_text(seconds) for seconds in (-5, 41, 200, 3 * 3600 + 60, 8 * 86400)]
    assert texts == ["0\u2009s", "41\u2009s", "3\u2009min", "3 h", "8 days"]


def pack(title: str, *levels: int) -> PackSummary:
    """A scenario with these levels."""
    texts = tuple(Level(number, f"level {number}\nof {title}") for number in levels)
    return PackSummary(title, title, title, "", "SEV-2", 3, "", texts, "", True)


def test_that_the_second_level_is_the_usual_one() -> None:
    assert usual_level(level_numbers([pack("sale", 1, 2), pack("close", 3)])) == 2
    assert usual_level(level_numbers([pack("close", 3)])) == 3
    assert usual_level(level_numbers([pack("close")])) == 0


def test_that_each_of_several_scenarios_says_what_a_level_means() -> None:
    assert level_lines([pack("sale", 1, 2)], 2) == ("level 2 of sale",)
    lines = level_lines([pack("sale", 1, 2), pack("close", 1)], 2)
    assert lines == ("sale: level 2 of sale", "close: the same at every level")
    assert level_lines([pack("sale")], 0) == ()
