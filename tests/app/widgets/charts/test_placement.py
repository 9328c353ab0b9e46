"""The labels of the event lane."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.widgets.charts.placement import place_labels


def test_that_a_crowded_event_is_a_glyph_and_the_words_before_it_give_way() -> None:
    labels = place_labels([100, 110, 120, 400], [80, 80, 80, 80], 900)
    assert [(label.row, label.has_words) for label in labels] == [
        (0, False),
        (1, True),
        (0, False),
        (0, True),
    ]


def test_that_words_are_shortened_where_a_glyph_leaves_enough_of_them() -> None:
    first, _, last = place_labels([100, 110, 180], [120, 160, 80], 900)
    assert 44 <= first.words_px < 80
    assert not last.has_words


def test_that_words_flip_to_the_left_at_the_edge() -> None:
    (label,) = place_labels([880], [80], 900)
    assert label.is_flipped
    assert label.left == 880 - 7 - 80


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(5, 150)), max_size=30))
def test_that_no_words_are_covered(events: list[tuple[float, float]]) -> None:
    events.sort()
    labels = place_labels([x for x, _ in events], [width for _, width in events], 1000)
    ends = [float("-inf"), float("-inf")]
    for (x, _), label in zip(events, labels, strict=True):
        first = label.left if label.is_flipped else x - 7
        if label.has_words:
            assert first >= ends[label.row]
        elif ends[label.row] > x + 7:
            raise AssertionError("a glyph stands on words")
        ends[label.row] = max(ends[label.row], x + 7 + (0 if label.is_flipped else label.words_px))
