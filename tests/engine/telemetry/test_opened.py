"""Tree order: every span once, parents first, whatever the parents say."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.telemetry.wire.opened import (
    span_details,
    span_table,
    spans_by_trace,
    tree_order,
    without_duplicates,
)

NO_ID = b"\0" * 8


@st.composite
def any_family(draw: Any) -> tuple[list[bytes], list[bytes], list[int]]:
    """Ids with parents among them, missing, themselves or in circles."""
    count = draw(st.integers(0, 30))
    ids = [bytes([i + 1]) * 8 for i in range(count)]
    parents = [draw(st.sampled_from([NO_ID, b"missing!", *ids])) for _ in ids]
    starts = draw(st.lists(st.integers(0, 20), min_size=count, max_size=count))
    return ids, parents, starts


@given(any_family())
def test_that_each_span_appears_once_after_its_parent(
    family: tuple[list[bytes], list[bytes], list[int]],
) -> None:
    ids, parents, starts = family
    order, placed = tree_order(ids, parents, starts)
    assert sorted(order) == list(range(len(ids)))
    open_above: list[int] = []
    for place, (row, parent) in enumerate(zip(order, placed, strict=True)):
        while open_above and open_above[-1] != parent:
            open_above.pop()
        assert parent == (open_above[-1] if open_above else -1)
        open_above.append(place)
        if parent >= 0:
            assert ids[order[parent]] == parents[row]
    roots = [order[place] for place, parent in enumerate(placed) if parent < 0]
    for row, parent_id in enumerate(parents):
        if parent_id not in ids:
            assert row in roots


@given(any_family())
def test_that_a_known_parent_is_lost_only_to_open_a_circle(
    family: tuple[list[bytes], list[bytes], list[int]],
) -> None:
    ids, parents, starts = family
    order, placed = tree_order(ids, parents, starts)
    rows = {span_id: row for row, span_id in enumerate(ids)}
    for place, parent in enumerate(placed):
        row = order[place]
        if parent < 0 and parents[row] in rows:
            seen, at = set(), rows[parents[row]]
            while at not in seen and at != row:
                seen.add(at)
                at = rows[parents[at]]
            assert at == row


def test_that_a_chain_of_a_hundred_thousand_spans_opens() -> None:
    ids = [(i + 1).to_bytes(8, "big") for i in range(100_000)]
    _, placed = tree_order(ids, [NO_ID, *ids[:-1]], list(range(100_000)))
    assert placed[-1] == 99_998


def test_that_of_a_span_sent_twice_the_last_stays(otlp: Any) -> None:
    trace = b"t" * 16
    first, second = otlp.Span(trace, b"s" * 8, name="first"), otlp.Span(trace, b"s" * 8, name="second")
    spans = without_duplicates(spans_by_trace(otlp.spans([first, second]))[trace])
    assert span_table(spans).names == ("second",)


def test_that_a_megabyte_attribute_is_cut_and_says_so(otlp: Any) -> None:
    trace = b"t" * 16
    spec = otlp.Span(trace, b"s" * 8, attributes={"body": "x" * 1_000_000, "size": 7})
    (span,) = spans_by_trace(otlp.spans([spec]))[trace]
    attributes = span_details(span).attributes
    assert len(str(attributes["body"])) < 70_000
    assert str(attributes["body"]).endswith("(1,000,000 characters)")
    assert attributes["size"] == 7
