"""A thread dump in words."""

from __future__ import annotations

import pytest

from app.thread_dump.words import short_path, stack_words, thread_names
from protos.drill.v1.decoding import decode
from protos.drill.v1.records import StackFrame, StackGroup, Stacks
from tests.app.three_scenarios import stacks

DUMP = decode(Stacks, stacks())


def test_that_a_group_says_how_many_wait_for_what() -> None:
    words = stack_words(DUMP, 0.0)
    assert [group.headline for group in words.groups] == [
        "7 threads: an answer over HTTP, asked for in reserve (app.py:41)",
        "1 thread: at work",
        "1 thread: work",
    ]
    assert [group.waits for group in words.groups] == [True, False, True]
    assert words.remark.startswith("inventory at ")
    assert words.remark.endswith("9 threads in 3 places")


def test_that_the_innermost_call_comes_first_and_libraries_are_folded() -> None:
    group = stack_words(DUMP, 0.0).groups[0]
    assert group.rows[0].where == "httpcore/_sync/http11.py:217"
    assert [row.function for row in group.own_rows] == ["unit_price_cents", "reserve", "reserve_all"]
    assert group.fold_words == "4 frames of libraries"


def test_that_the_largest_group_comes_first_whatever_the_order() -> None:
    lone = StackGroup("", ("a",), ())
    many = StackGroup("work", ("b", "c"), (StackFrame("app.py", 1, "run", "go()", True),))
    words = stack_words(Stacks("orders", 0, (lone, many)), 0.0)
    assert [group.headline for group in words.groups] == ["2 threads: work", "1 thread: at work"]
    assert words.groups[0].fold_words == ""


def test_that_of_groups_of_one_size_the_one_in_the_services_own_code_comes_first() -> None:
    library = StackGroup("telemetry to send", ("a", "b"), (StackFrame("queue.py", 1, "get", "", False),))
    own = StackGroup("work", ("c", "d"), (StackFrame("app.py", 1, "run", "go()", True),))
    words = stack_words(Stacks("orders", 0, (library, own)), 0.0)
    assert [group.headline for group in words.groups] == ["2 threads: work", "2 threads: telemetry to send"]


def test_that_threads_of_one_name_are_counted() -> None:
    group = StackGroup("", ("AnyIO worker thread", "AnyIO worker thread", "MainThread"), ())
    assert thread_names(group) == "AnyIO worker thread ×2, MainThread"


@pytest.mark.parametrize(
    ("file", "own", "shown"),
    [
        ("/usr/lib/python3.11/threading.py", False, "threading.py"),
        ("/x/.venv/lib/python3.11/site-packages/httpx/_client.py", False, "httpx/_client.py"),
        ("C:\\Python311\\Lib\\asyncio\\runners.py", False, "asyncio/runners.py"),
        ("lib/money.py", True, "lib/money.py"),
        ("<frozen runpy>", False, "<frozen runpy>"),
    ],
)
def test_that_a_librarys_file_is_named_without_the_machines_folders(file: str, own: bool, shown: str) -> None:
    assert short_path(StackFrame(file, 1, "f", "", own)) == shown


def test_that_the_text_to_copy_reads_as_a_traceback() -> None:
    text = stack_words(DUMP, 0.0).text
    assert "7 threads: an answer over HTTP" in text
    assert "  worker-1, worker-2," in text
    outer, inner = text.index('File "app.py", line 33'), text.index('File "app.py", line 41, in reserve')
    assert outer < inner
    assert "    price = pricing.unit_price_cents(sku)\n" in text


def test_that_a_service_without_threads_is_told_as_such() -> None:
    words = stack_words(Stacks("orders", 0, ()), 0.0)
    assert words.remark.endswith("0 threads in 0 places")
    assert words.groups == ()
