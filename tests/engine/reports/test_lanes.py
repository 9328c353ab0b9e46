"""Labels that never collide."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.reports.lanes import GAP, Place, places

LEFT, RIGHT, LANES = 40.0, 672.0, 4
MARKERS = st.lists(st.tuples(st.floats(LEFT, RIGHT), st.floats(5, 160)), max_size=40)


def text_span(marker: tuple[float, float], place: Place) -> tuple[float, float]:
    at, width = marker
    return (at - GAP - width, at - GAP) if place.is_left else (at + GAP, at + GAP + width)


@given(MARKERS)
def test_that_no_label_meets_a_label_or_the_hairline_of_one_above(markers: list[tuple[float, float]]) -> None:
    found = places(markers, LANES, LEFT, RIGHT)
    placed = [(marker, place) for marker, place in zip(markers, found, strict=True) if place.lane is not None]
    for index, (marker, place) in enumerate(placed):
        start, end = text_span(marker, place)
        assert start >= LEFT
        assert end <= RIGHT
        for other, other_place in placed[index + 1 :]:
            other_start, other_end = text_span(other, other_place)
            if place.lane == other_place.lane:
                assert end <= other_start or other_end <= start
            elif place.lane < other_place.lane:
                assert not other_start < marker[0] < other_end
            else:
                assert not start < other[0] < end


def test_that_labels_of_moments_close_together_go_down_like_stairs() -> None:
    found = places([(100, 60), (104, 60), (108, 60)], LANES, LEFT, RIGHT)
    assert [place.lane for place in found] == [0, 1, 2]


def test_that_a_label_at_the_right_edge_turns_to_the_left() -> None:
    assert places([(RIGHT - 10, 80)], LANES, LEFT, RIGHT) == [Place(0, True)]


def test_that_a_label_without_room_leaves_its_sign_only() -> None:
    assert places([(300, 900)], LANES, LEFT, RIGHT) == [Place(None, False)]
