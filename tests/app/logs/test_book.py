"""The held lines, bins, hits and words of the log screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.logs.bins import MOST_BINS, bins_for
from app.logs.book import LogBook
from app.logs.words import around, fields_text, hits, offset_text, sought_words
from protos.drill.v1.records import LogLine


def line(number: int, time_ns: int | None = None, message: str = "charged", **fields: object) -> LogLine:
    return LogLine(
        number, number if time_ns is None else time_ns, "info", "billing", "t", "s", message, fields
    )


def shown(book: LogBook) -> list[int]:
    return [one.id for row in range(len(book)) if (one := book.line_at(row)) is not None]


batches = st.lists(st.lists(st.integers(0, 60), max_size=12), max_size=8)


@given(batches, st.data())
def test_that_rows_told_to_a_table_always_match_the_book(times: list[list[int]], data: st.DataObject) -> None:
    book, number, mirror = LogBook(most=25), 0, 0
    for batch in times:
        lines = []
        for time_ns in batch:
            number += 1
            lines.append(line(number, time_ns))
        changes = [book.take_new(lines)]
        if data.draw(st.booleans()):
            changes.append(book.release())
        else:
            book.hold()
        for change in changes:
            mirror += change.added - change.dropped
        assert mirror == len(book) <= 25
        kept = [one for row in range(len(book)) if (one := book.line_at(row)) is not None]
        assert kept == sorted(kept, key=lambda one: (one.time_ns, one.id), reverse=True)


def test_that_a_held_book_counts_what_waits_and_shows_it_on_release() -> None:
    book = LogBook()
    book.start([line(1), line(2)])
    book.hold()
    book.take_new([line(3), line(4)])
    assert (shown(book), book.waiting) == ([2, 1], 2)
    assert book.release().added == 2
    assert (shown(book), book.waiting) == ([4, 3, 2, 1], 0)


def test_that_lines_that_wait_are_bounded_too_and_still_counted() -> None:
    book = LogBook(most=3)
    book.hold()
    book.take_new([line(number) for number in range(1, 6)])
    assert book.waiting == 5
    book.release()
    assert shown(book) == [5, 4, 3]


def test_that_a_line_that_comes_late_stands_in_its_place() -> None:
    book = LogBook()
    book.start([line(1, 10), line(2, 30)])
    change = book.take_new([line(3, 20)])
    assert (change.added, change.touched) == (1, 1)
    assert shown(book) == [2, 3, 1]


def test_that_older_lines_go_below_as_far_as_they_fit() -> None:
    book = LogBook(most=4)
    book.start([line(8), line(9)])
    assert book.take_older([line(7), line(6), line(5), line(8)]) == 2
    assert shown(book) == [9, 8, 7, 6]
    assert book.is_full
    assert book.row_of(7) == 2


@given(st.floats(1e9, 2e9), st.floats(0, 200_000))
def test_that_bins_cover_the_present_and_begin_at_round_times(start_s: float, length_s: float) -> None:
    bins = bins_for(start_s, start_s + length_s)
    assert bins.start_s <= start_s
    assert bins.start_s % bins.step_s == 0
    assert 1 <= bins.count <= MOST_BINS
    assert bins.span.end_s >= start_s + length_s or length_s > 3600 * (MOST_BINS - 1)


def test_that_only_words_that_a_line_must_contain_are_sought() -> None:
    query = 'service:billing "pool timeout" OR mismatch -retry NOT slow level:>=warning attr.x:"a b"'
    assert sought_words(query) == ("pool timeout", "mismatch")


def test_that_hits_ignore_case_and_join_over_blanks() -> None:
    assert hits("Pool timeout after", ("pool", "timeout")) == ((0, 12),)
    assert hits("a.b aXb", ("a.b",)) == ((0, 3),)


@given(st.text(max_size=40), st.lists(st.text(max_size=4), max_size=4))
def test_that_hits_lie_inside_the_text_and_never_overlap(text: str, words: list[str]) -> None:
    end = 0
    for start, length in hits(text, words):
        assert start >= end
        assert length > 0
        end = start + length
    assert end <= len(text.lower())


def test_that_pairs_in_the_message_are_fields_too() -> None:
    assert '"order": "88209"' in fields_text(line(1, message="mismatch order=88209", logger="billing"))
    assert fields_text(line(1)) == ""


def test_that_the_lines_around_one_are_of_its_neighbourhood() -> None:
    lines = [line(number) for number in range(20)]
    assert [one.id for one in around(lines, 10)] == [7, 8, 9, 10, 11, 12, 13]
    assert [one.id for one in around(lines, 0)] == list(range(7))
    assert [one.id for one in around(lines[:3], 2)] == [0, 1, 2]


def test_that_offsets_have_a_sign_and_a_unit() -> None:
    assert offset_text(0) == "0"
    assert offset_text(2_300_000) == "+2.3\u2009ms"
    assert offset_text(-1_500_000_000) == "\u22121.50\u2009s"
