"""Where the labels of the event lane go: two rows, no overlap, else the glyph alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A label placed: its row, its left end, and whether its words are shown and stand left of the glyph."""

    row: int
    left: float
    has_words: bool
    is_flipped: bool


def place_labels(
    places: Sequence[float],
    widths: Sequence[float],
    right_edge: float,
    rows: int = 2,
    glyph: float = 14.0,
    gap: float = 12.0,
) -> list[Label]:
    """Place labels whose glyphs stand at the x `places`, sorted from left to right.

    `widths` are the words' widths. A label starts at its glyph, flips to the left of it near `right_edge`, and
    loses its words where no row has room.
    """
    taken = [float("-inf")] * rows
    labels: list[Label] = []
    for x, width in zip(places, widths, strict=True):
        flipped = x + glyph / 2 + width > right_edge
        left = x - glyph / 2 - (width if flipped else 0.0)
        right = x + glyph / 2 + (0.0 if flipped else width)
        row = next((number for number, end in enumerate(taken) if left >= end + gap), None)
        if row is not None:
            taken[row] = right
            labels.append(Label(row, left, True, flipped))
            continue
        row = min(range(rows), key=lambda number: taken[number])
        taken[row] = max(taken[row], x + glyph / 2)
        labels.append(Label(row, x - glyph / 2, False, False))
    return labels
