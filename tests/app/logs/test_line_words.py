"""What is copied of a line, and what the footer says of the rows in view."""

from __future__ import annotations

from app.logs.line_words import copied_text, empty_words, rows_text, state_words
from protos.drill.v1.records import LogLine


def test_that_a_copied_line_names_time_level_service_and_trace() -> None:
    line = LogLine(1, 3_600_250_000_000, "warning", "ledger", "ab12", "s", "off\n  by 1", {})
    assert copied_text(line, 0.0) == "01:00:00.250 Warn ledger trace:ab12 off by 1"


def test_that_the_footer_counts_rows_in_view_of_all_that_match() -> None:
    assert rows_text(1, 16, 500, 1306, False) == "Rows 1 \u2013 16 of 1,306"
    assert rows_text(485, 500, 500, 0, False) == "Rows 485 \u2013 500 of 500"
    assert rows_text(1, 16, 20_000, 48_912, True) == "Rows 1 \u2013 16 of 48,912; the newest 20,000 are held"
    assert rows_text(1, 0, 0, 9, False) == ""


def test_that_one_sentence_says_whether_the_lines_follow() -> None:
    assert state_words("", False, False, 0) == "Structured lines from all services"
    assert state_words("", False, True, 1200) == "Paused, 1,200 new; L goes live"
    assert state_words("", True, True, 3) == "Lines of the chosen range; L goes live"
    assert state_words("03:11:02", True, True, 3) == "No new lines since 03:11:02; trying again"


def test_that_an_empty_list_says_why_and_offers_a_way_out() -> None:
    assert empty_words("foo", True)[2] == "Clear the query"
    assert empty_words("", True)[0] == "No line in this range"
    assert empty_words("", False)[0] == "No line yet"
