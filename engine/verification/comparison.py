"""Interleaved pairs: reference, submission, reference again, so that the machine's drift meets all three. No I/O."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from engine.packs.api import CannotMeasure, Comparison

LEAST_PAIRS = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """One round; `before` and `after` are the same reference, measured around the submission."""

    before: float
    submitted: float
    after: float


def compare(pairs: Sequence[Pair], margin: float) -> Comparison:
    """What the pairs say. Raises CannotMeasure for too few of them, for nothing measured, and for a noisy machine."""
    if len(pairs) < LEAST_PAIRS:
        raise CannotMeasure(f"{len(pairs)} pairs were measured, {LEAST_PAIRS} are needed")
    if any(min(pair.before, pair.after) <= 0 or pair.submitted < 0 for pair in pairs):
        raise CannotMeasure("the reference did nothing that can be measured")
    spread = math.exp(median(abs(math.log(pair.after / pair.before)) for pair in pairs))
    if spread - 1 > (margin - 1) / 2:
        raise CannotMeasure(
            f"machine too noisy: the reference against itself differs {spread:.2f}x, "
            f"at most {1 + (margin - 1) / 2:.2f}x allow to tell {margin:g}x"
        )
    return Comparison(
        ratio=median(pair.submitted / math.sqrt(pair.before * pair.after) for pair in pairs),
        spread=spread,
        pairs=len(pairs),
        submitted=median(pair.submitted for pair in pairs),
        reference=median(math.sqrt(pair.before * pair.after) for pair in pairs),
    )
