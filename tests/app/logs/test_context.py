"""What a service wrote around one of its lines, as the engine answers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest

from app.logs.context import EACH_WAY, read_context
from protos.drill.v1.client import DrillClient
from protos.drill.v1.records import LogLine, LogPage

SECOND_NS = 1_000_000_000


def line(number: int, at_s: float, service: str = "billing") -> LogLine:
    """A log line."""
    at_ns = round(at_s * SECOND_NS) + 10**15
    return LogLine(number, at_ns, "info", service, "", "", f"line {number}", {})


class Lines:
    """Answers like the engine: what lies in the range, newest first, at most `limit`."""

    def __init__(self, lines: Sequence[LogLine]) -> None:
        self.lines, self.asked = lines, 0

    def list_logs(
        self, query: str, from_ns: int, to_ns: int, limit: int, after_id: int = 0, before_id: int = 0
    ) -> LogPage:
        """A page."""
        self.asked += 1
        assert query == 'service:"billing"'
        found = [
            one
            for one in self.lines
            if from_ns <= one.time_ns < to_ns and one.id > after_id and (not before_id or one.id < before_id)
        ]
        newest = sorted(found, key=lambda one: -one.id)[:limit]
        return LogPage(tuple(newest), len(found), len(self.lines), None, ())


def numbers(lines: Sequence[LogLine], of: LogLine) -> list[int]:
    """The ids of the context of a line."""
    return [one.id for one in read_context(cast(DrillClient, Lines(lines)), of)]


@pytest.mark.parametrize("apart_s", [0.001, 0.5, 14.0])
def test_that_the_nearest_lines_are_told_however_far_apart(apart_s: float) -> None:
    lines = [line(number, number * apart_s) for number in range(1, 41)]

    assert numbers(lines, lines[20]) == list(range(21 - EACH_WAY, 22 + EACH_WAY))


def test_that_other_services_and_lines_of_other_minutes_are_left_out() -> None:
    lines = [line(1, 0), line(2, 100), line(3, 101, "ledger"), line(4, 102), line(5, 300)]

    assert numbers(lines, lines[1]) == [2, 4]


def test_that_the_only_line_stands_alone() -> None:
    only = line(1, 0)

    assert numbers([only], only) == [1]
