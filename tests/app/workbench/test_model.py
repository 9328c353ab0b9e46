"""The workbench in rows and words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.workbench.model import (
    LineKind,
    diff_lines,
    latest_verification,
    probe_words,
    tree_rows,
)
from protos.drill.v1.records import Probe, SourceFile, Verification

FILES = (
    SourceFile("contract.md", "", False, ""),
    SourceFile("billing/app.py", "billing", True, "M"),
    SourceFile("billing/money.py", "billing", True, ""),
    SourceFile("ledger/app.py", "ledger", False, ""),
)
PROBE = Probe("ties", "Do half cents go up?", "mechanism", "failed", "3 cents off", "0 cents off", 2.0, ())
JUDGED = Verification(
    "v1",
    "bbb",
    "Round",
    "finished",
    "masked",
    "ties",
    "3 cents off",
    "0",
    (PROBE,),
    30.0,
    0.0,
    "",
    1,
    "copper",
)


def test_that_documents_stand_before_services_and_groups_cannot_be_opened() -> None:
    rows = tree_rows(FILES)
    assert [row.text for row in rows] == [
        "Documents",
        "contract.md",
        "billing",
        "app.py",
        "money.py",
        "ledger",
        "app.py",
    ]
    assert [row.is_group for row in rows] == [True, False, True, False, False, True, False]
    assert [row.editable for row in rows if row.service == "ledger"] == [False, False]


def test_that_a_running_verification_is_shown_before_a_newer_queued_one() -> None:
    running, queued = replace(JUDGED, id="v2", state="running"), replace(JUDGED, id="v3", state="queued")
    assert latest_verification((JUDGED, running, queued)) == running
    assert latest_verification((JUDGED, queued)) == queued
    assert latest_verification(()) is None


@pytest.mark.parametrize(("state", "words"), [("failed", "3 cents off"), ("waiting", "Do half cents go up?")])
def test_that_a_probe_says_what_it_measured_or_what_it_asks(state: str, words: str) -> None:
    assert probe_words(replace(PROBE, state=state)) == words


def test_that_a_diff_has_the_numbers_of_both_sides() -> None:
    text = (
        "--- a/billing/money.py\n+++ b/billing/money.py\n@@ -3,3 +3,3 @@\n"
        " def cents(x):\n-    return int(x * 100)\n+    return exact(x)\n \n"
    )
    lines = diff_lines(text)
    assert [(line.kind, line.old, line.new) for line in lines] == [
        (LineKind.FILE, 0, 0),
        (LineKind.HUNK, 0, 0),
        (LineKind.SAME, 3, 3),
        (LineKind.REMOVED, 4, 0),
        (LineKind.ADDED, 0, 4),
        (LineKind.SAME, 5, 5),
    ]
    assert lines[0].text == "billing/money.py"


def test_that_an_empty_diff_has_no_lines() -> None:
    assert diff_lines("") == ()
