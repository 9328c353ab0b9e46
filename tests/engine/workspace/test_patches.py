"""Patches: strict context, and errors that name the place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.workspace.diffs import compare
from engine.workspace.patches import apply, parse
from engine.workspace.records import PatchError

HEAD = "--- a/f.py\n+++ b/f.py\n"


@given(
    before=st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "\x0b\n"]), max_size=30).map("".join),
    after=st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "d"]), max_size=30).map("".join),
)
def test_that_a_diff_applied_to_its_base_gives_the_other_side(before: str, after: str) -> None:
    change = compare({"f.py": before.encode()}, {"f.py": after.encode()})
    if before == after:
        assert change.text == ""
    else:
        assert apply("f.py", before, parse(change.text)[0].hunks) == after


def test_that_a_hunk_whose_lines_moved_is_applied_where_they_are() -> None:
    patch = parse(HEAD + "@@ -1,3 +1,3 @@\n x\n-y\n+Y\n z\n")[0]
    assert apply("f.py", "new\nnew\nx\ny\nz\n", patch.hunks) == "new\nnew\nx\nY\nz\n"


def test_that_a_hunk_that_would_fit_twice_is_refused() -> None:
    patch = parse(HEAD + "@@ -9 +9 @@\n-y\n+Y\n")[0]
    with pytest.raises(PatchError, match="fits at lines 1, 3"):
        apply("f.py", "y\nx\ny\n", patch.hunks)


def test_that_a_misfit_names_file_line_and_hunk() -> None:
    patch = parse(HEAD + "@@ -1,2 +1,2 @@\n-a\n+A\n b\n@@ -4,2 +4,2 @@\n d\n-e\n+E\n")[0]
    with pytest.raises(PatchError) as caught:
        apply("services/x/f.py", "a\nb\nc\nd\nother\n", patch.hunks)
    assert (caught.value.path, caught.value.line, caught.value.patch_line) == ("services/x/f.py", 5, 7)
    assert str(caught.value).startswith("services/x/f.py:5: hunk 2 does not fit: expected 'e', found 'other'")


def test_that_a_misfit_past_the_end_of_the_file_says_so() -> None:
    patch = parse(HEAD + "@@ -3 +3 @@\n-c\n+C\n")[0]
    with pytest.raises(PatchError, match=r"f\.py:3: .* the file ends, expected 'c'"):
        apply("f.py", "a\n", patch.hunks)


def test_that_a_patch_with_carriage_returns_fits_a_file_without_and_the_other_way_round() -> None:
    text = HEAD + "@@ -1,2 +1,2 @@\n a\n-b\n+B\n"
    assert apply("f.py", "a\nb\n", parse(text.replace("\n", "\r\n"))[0].hunks) == "a\nB\n"
    assert apply("f.py", "a\r\nb\r\n", parse(text)[0].hunks) == "a\r\nB\r\n"


def test_that_a_removed_line_that_looks_like_a_header_is_a_line() -> None:
    patches = parse(HEAD + "@@ -1,2 +1,2 @@\n--- note\n+++ note\n x\n")
    assert apply("f.py", "-- note\nx\n", patches[0].hunks) == "++ note\nx\n"


def test_that_a_file_dated_to_the_epoch_is_one_that_is_not_there() -> None:
    absent, there = "f.py\t1970-01-01 00:00:00.000000000 +0000", "f.py\t2020-05-05 10:00:00.000000000 +0000"
    added = parse(f"--- a/{absent}\n+++ b/{there}\n@@ -0,0 +1 @@\n+x\n")[0]
    removed = parse(f"--- a/{there}\n+++ b/{absent}\n@@ -1 +0,0 @@\n-x\n")[0]
    assert (added.old_path, added.new_path) == (None, "b/f.py")
    assert (removed.old_path, removed.new_path) == ("a/f.py", None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no unified diff"),
        ("hello\n", "no unified diff"),
        (HEAD, "without a hunk"),
        (HEAD + "@@ -1,2 +1,2 @@\n a\n", "ends inside a hunk"),
        (HEAD + "@@ -1,2 +1,2 @@\n a\n!b\n", "starts with"),
        ("GIT binary patch\n", "binary"),
        ("rename from a\nrename to b\n", "rename"),
    ],
)
def test_that_an_unreadable_patch_is_refused_in_plain_words(text: str, message: str) -> None:
    with pytest.raises(PatchError, match=message):
        parse(text)
