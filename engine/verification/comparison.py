"""Interleaved pairs: reference and submission in turn, so that the machine's drift meets both. No I/O."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from engine.packs.api import CannotMeasure, Comparison

LEAST_PAIRS = 5


def compare(references: Sequence[float], submitted: Sequence[float], margin: float) -> Comparison:
    """What measurements in turn say: the reference first and last, the submission between each two of them.

    Raises CannotMeasure for too few of them, for nothing measured, and for a noisy machine.
    """
    if len(submitted) < LEAST_PAIRS:
        raise CannotMeasure(f"{len(submitted)} pairs were measured, {LEAST_PAIRS} are needed")
    if min(references) <= 0 or min(submitted) < 0:
        raise CannotMeasure("the reference did nothing that can be measured")
    around = list(pairwise(references))
    spread = math.exp(median(abs(math.log(after / before)) for before, after in around))
    if spread - 1 > (margin - 1) / 2:
        raise CannotMeasure(
            f"machine too noisy: the reference against itself differs {spread:.2f}x, "
            f"at most {1 + (margin - 1) / 2:.2f}x allow to tell {margin:g}x"
        )
    beside = [math.sqrt(before * after) for before, after in around]
    return Comparison(
        ratio=median(value / reference for value, reference in zip(submitted, beside, strict=True)),
        spread=spread,
        pairs=len(submitted),
        submitted=median(submitted),
        reference=median(beside),
    )
