"""Log lines for other tools, and queries that are kept."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from app.kept import Kept
from app.logs.export import lines_as
from app.logs.saved import MOST, SavedQueries
from protos.drill.v1.records import LogLine

LINES = (
    LogLine(
        1,
        1_700_000_000_123_456_789,
        "warning",
        "ledger",
        "ab" * 16,
        "cd" * 8,
        'off "by"\n one, or so',
        {"n": 3},
    ),
    LogLine(2, 1_700_000_001_000_000_000, "info", "billing", "", "", "fine", {}),
)


def test_that_json_lines_hold_everything() -> None:
    first, second = (json.loads(line) for line in lines_as(".jsonl", LINES).splitlines())
    assert first == {
        "time": "2023-11-14T22:13:20.123456Z",
        "level": "warning",
        "service": "ledger",
        "trace_id": "ab" * 16,
        "span_id": "cd" * 8,
        "message": 'off "by"\n one, or so',
        "fields": {"n": 3},
    }
    assert second["fields"] == {}


def test_that_csv_comes_back_as_it_was() -> None:
    first, second = csv.DictReader(io.StringIO(lines_as(".csv", LINES)))
    assert (first["message"], json.loads(first["fields"])) == ('off "by"\n one, or so', {"n": 3})
    assert (second["service"], second["fields"]) == ("billing", "")


def test_that_text_has_one_line_each() -> None:
    first, second = lines_as("LOG", LINES).splitlines()
    assert first.startswith("2023-11-14T22:13:20.123456Z WARNING  ledger off")
    assert first.endswith(f"trace={'ab' * 16}")
    assert second == "2023-11-14T22:13:21.000000Z INFO     billing fine"


@pytest.mark.parametrize("ending", ["", ".txt", ".xlsx"])
def test_that_an_unknown_ending_is_written_as_json_lines(ending: str) -> None:
    assert lines_as(ending, LINES) == lines_as(".jsonl", LINES)


def test_that_queries_are_saved_forgotten_and_kept(tmp_path: Path) -> None:
    saved = SavedQueries(Kept(tmp_path))
    saved.toggle("level:error ")
    saved.toggle("service:billing")
    saved.toggle("   ")
    assert saved.queries == ("service:billing", "level:error")
    assert SavedQueries(Kept(tmp_path)).queries == saved.queries
    saved.toggle("level:error")
    assert not saved.has("level:error")
    for number in range(MOST + 5):
        saved.toggle(f"n:{number}")
    assert len(saved.queries) == MOST
    assert saved.queries[0] == f"n:{MOST + 4}"
