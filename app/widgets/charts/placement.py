"""Where the labels of the event lane go: two rows, no overlap, else the glyph alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

LEAST_WORDS_PX = 44.0


@dataclass(frozen=True, slots=True)
class Label:
    """A label placed: its row, its left end, whether its words stand left of the glyph, and the room for them.

    No room means no words: the glyph alone.
    """

    row: int
    left: float
    is_flipped: bool
    words_px: float

    @property
    def has_words(self) -> bool:
        """Whether there is room for words."""
        return self.words_px > 0


def place_labels(
    places: Sequence[float],
    widths: Sequence[float],
    right_edge: float,
    rows: int = 2,
    glyph: float = 14.0,
    gap: float = 12.0,
) -> list[Label]:
    """Place labels whose glyphs stand at the x `places`, sorted from left to right.

    `widths` are the words' widths. A label starts at its glyph and flips to the left of it near `right_edge`. Where
    no row has room it is a glyph alone, and words that it would cover end before it.
    """
    ends = [float("-inf")] * rows
    newest: list[int | None] = [None] * rows
    labels: list[Label] = []
    for x, width in zip(places, widths, strict=True):
        flipped = x + glyph / 2 + width > right_edge
        left = x - glyph / 2 - (width if flipped else 0.0)
        row = next((number for number, end in enumerate(ends) if left >= end + gap), None)
        if row is not None:
            ends[row] = x + glyph / 2 + (0.0 if flipped else width)
            newest[row] = len(labels)
            labels.append(Label(row, left, flipped, width))
            continue
        row = min(range(rows), key=lambda number: ends[number])
        covered = newest[row]
        if covered is not None and not labels[covered].is_flipped:
            begins = places[covered] + glyph / 2
            room = min(labels[covered].words_px, x - glyph / 2 - gap / 2 - begins)
            kept = room if room >= min(LEAST_WORDS_PX, labels[covered].words_px) else 0.0
            labels[covered] = replace(labels[covered], words_px=kept)
        ends[row], newest[row] = x + glyph / 2, None
        labels.append(Label(row, x - glyph / 2, False, 0.0))
    return labels
