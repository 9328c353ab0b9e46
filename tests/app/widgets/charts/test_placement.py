"""The labels of the event lane."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.widgets.charts.placement import place_labels


def test_that_a_crowded_event_loses_its_words_but_not_its_glyph() -> None:
    labels = place_labels([100, 110, 120, 400], [80, 80, 80, 80], 900)
    assert [(label.row, label.has_words) for label in labels] == [(0, True), (1, True), (0, False), (0, True)]


def test_that_words_flip_to_the_left_at_the_edge() -> None:
    (label,) = place_labels([880], [80], 900)
    assert label.is_flipped
    assert label.left == 880 - 7 - 80


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(5, 150)), max_size=30))
def test_that_words_never_overlap(events: list[tuple[float, float]]) -> None:
    events.sort()
    places = [x for x, _ in events]
    widths = [width for _, width in events]
    ends = [float("-inf"), float("-inf")]
    for x, width, label in zip(places, widths, place_labels(places, widths, 1000), strict=True):
        if label.has_words:
            assert label.left >= ends[label.row]
            ends[label.row] = x + 7 + (0 if label.is_flipped else width)
