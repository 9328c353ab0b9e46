"""Sentences about lines and rows: for the clipboard and the footer. Pure."""

from __future__ import annotations

from app.logs.words import level_word, one_line
from app.time_axis import format_clock_millis, format_number
from protos.drill.v1.records import LogLine


def copied_text(line: LogLine, offset_s: float) -> str:
    """A line for the clipboard: time, level, service, trace, message."""
    parts = [format_clock_millis(line.time_ns / 1e9, offset_s), level_word(line.level), line.service]
    if line.trace_id:
        parts.append(f"trace:{line.trace_id}")
    return " ".join([*parts, one_line(line.message)])


def state_words(lost_since: str, in_range: bool, is_held: bool, waiting: int) -> str:
    """Whether the lines follow the present, and if not, why."""
    if lost_since:
        return f"No new lines since {lost_since}; trying again"
    if in_range:
        return "Lines of the chosen range; L goes live"
    if is_held:
        return f"Paused, {format_number(waiting)} new; L goes live" if waiting else "Paused; L goes live"
    return "Structured lines from all services"


def empty_words(query: str, in_range: bool) -> tuple[str, str, str]:
    """Why there is no line: the fact, what to do, and the words of a button or an empty text."""
    if query:
        return "No line matches", "Try fewer words, or a longer range.", "Clear the query"
    if in_range:
        return "No line in this range", "Choose another stretch above.", ""
    return "No line yet", "The first ones come with the first requests.", ""


def rows_text(first: int, last: int, held: int, matched: int, is_full: bool) -> str:
    """Which rows are in view (from 1 on), of how many that match."""
    if not held or last < first:
        return ""
    whole = f"Rows {format_number(first)} \u2013 {format_number(last)} of {format_number(max(matched, held))}"
    return f"{whole}; the newest {format_number(held)} are held" if is_full else whole
