"""The columns that all charts of a stack share: head, value labels, plot, margin; in pixels at a text scale of 1."""

from __future__ import annotations

from app.theme import px

HEAD, GUTTER, RIGHT_MARGIN, SIDE = 196, 46, 14, 14


def plot_left() -> int:
    """Where every plot of a stack begins, in pixels."""
    return px(HEAD) + px(GUTTER)
