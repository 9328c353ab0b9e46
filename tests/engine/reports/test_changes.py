"""Diffs as rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.reports.changes import Role, RowKind, read
from engine.reports.summary import Summary
from engine.workspace.diffs import compare


def test_that_rows_carry_the_line_numbers_of_both_files() -> None:
    before, after = (
        {"a.py": b"one = 1\ntwo = 2\nfour = 4\n"},
        {"a.py": b"one = 1\ntwo = 2.0\nthree = 3\nfour = 4\n"},
    )
    (file,) = read(compare(before, after).text)
    assert (file.path, file.added, file.removed) == ("a.py", 2, 1)
    assert [(row.kind, row.old, row.new, row.text) for row in file.rows[1:]] == [
        (RowKind.CONTEXT, 1, 1, "one = 1"),
        (RowKind.REMOVED, 2, None, "two = 2"),
        (RowKind.ADDED, None, 2, "two = 2.0"),
        (RowKind.ADDED, None, 3, "three = 3"),
        (RowKind.CONTEXT, 3, 4, "four = 4"),
    ]


def test_that_new_and_deleted_files_keep_their_names() -> None:
    files = read(compare({"gone.py": b"x\n"}, {"new.py": b"y\n"}).text)
    assert [(file.path, file.added, file.removed) for file in files] == [("gone.py", 0, 1), ("new.py", 1, 0)]


def test_that_a_string_over_several_lines_is_one_colour() -> None:
    before, after = {"a.py": b"x = 1\n"}, {"a.py": b'x = """one\n  if two\n"""\n'}
    (file,) = read(compare(before, after).text)
    middle = next(row for row in file.rows if "if two" in row.text)
    assert [piece.role for piece in middle.pieces] == [Role.STRING]
    assert middle.indent == 2


def test_that_a_missing_line_end_is_said() -> None:
    (file,) = read(compare({"a.txt": b"one"}, {"a.txt": b"two"}).text)
    assert [row.kind for row in file.rows].count(RowKind.NOTE) == 2


def test_that_a_line_which_looks_like_a_header_is_code() -> None:
    (file,) = read(compare({"a.sql": b"-- old\n"}, {"a.sql": b"++ new\n"}).text)
    assert [row.text for row in file.rows[1:]] == ["-- old", "++ new"]


def test_that_text_which_is_no_diff_stays_readable() -> None:
    (file,) = read("nothing here\n@@ broken\n")
    assert [row.text for row in file.rows] == ["nothing here", "@@ broken"]
    assert read("") == ()


def test_that_the_direction_of_code_cannot_be_turned() -> None:
    (file,) = read(compare({"a.py": b"x = 1\n"}, {"a.py": "x = '\u202e'\n".encode()}).text)
    assert file.rows[-1].text == "x = '\\u{202e}'"


@given(st.text(alphabet="+-@ \\\n1,\tabdiff/\u2028\x0c", max_size=200))
def test_that_no_text_is_refused(text: str) -> None:
    for file in read(text):
        assert all(row.indent >= 0 for row in file.rows)


def test_that_colours_do_not_change_the_code(example_summary: Summary) -> None:
    assert example_summary.fix
    lines = example_summary.fix.diff.split("\n")
    body = [line[1:] for line in lines if line[:1] in "+- " and not line.startswith(("+++", "---")) and line]
    rows = [
        row for file in read(example_summary.fix.diff) for row in file.rows if row.kind is not RowKind.HUNK
    ]
    assert [row.text.rstrip() for row in rows] == [line.rstrip() for line in body]
