"""Placing the labels of markers above a chart so that no label meets another, or another's hairline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 9.0
"""pixels from the marker's hairline to its text"""
_AIR = 6.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a label went: `lane` counts from the top; None: no room, so only the sign is drawn."""

    lane: int | None
    is_left: bool


@dataclass(frozen=True, slots=True)
class _Taken:
    at: float
    start: float
    end: float
    lane: int
    is_left: bool

    @property
    def text_start(self) -> float:
        """Where hairlines from above must stop crossing: the text, as signs may stand on them."""
        return self.start if self.is_left else self.at + _AIR / 2

    @property
    def text_end(self) -> float:
        return self.at - _AIR / 2 if self.is_left else self.end


def places(markers: Sequence[tuple[float, float]], lanes: int, left: float, right: float) -> list[Place]:
    """A place for each (x, width of its text), all within `left`..`right`, in the order given.

    A marker's hairline runs from its label down through the lanes below, so a label may lie neither on another label
    of its lane nor across the hairline of one above.
    """
    taken: list[_Taken] = []
    found: dict[int, Place] = {}
    for index in sorted(range(len(markers)), key=lambda index: markers[index]):
        at, width = markers[index]
        found[index] = _place(at, width, lanes, (left, right), taken)
    return [found[index] for index in range(len(markers))]


def _place(at: float, width: float, lanes: int, bounds: tuple[float, float], taken: list[_Taken]) -> Place:
    """The first free place: to the right of the marker in any lane, then to its left."""
    for is_left in (False, True):
        start, end = (at - GAP - width, at) if is_left else (at, at + GAP + width)
        if start < bounds[0] or end > bounds[1]:
            continue
        for lane in range(lanes):
            candidate = _Taken(at, start - _AIR, end + _AIR, lane, is_left)
            if all(_is_clear(candidate, other) for other in taken):
                taken.append(candidate)
                return Place(lane, is_left)
    return Place(None, False)


def _is_clear(one: _Taken, other: _Taken) -> bool:
    if one.lane == other.lane:
        return one.end <= other.start or other.end <= one.start
    upper, lower = (one, other) if one.lane < other.lane else (other, one)
    return not lower.text_start < upper.at < lower.text_end
