"""Where a service is entered that is already on the path above: it waits for itself. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.traces.tree import NO_PARENT, SpanTree

FURTHEST = 64
"""So many services are looked at upwards; a longer chain is not read by a person either."""


def entered_again(tree: SpanTree) -> NDArray[np.bool_]:
    """One entry a span: whether its service was left and is entered again by it."""
    services, parents = tree.columns.services.tolist(), tree.parent.tolist()
    entry = list(range(len(tree)))
    again = [False] * len(tree)
    for place, parent in enumerate(parents):
        if parent == NO_PARENT:
            continue
        if services[parent] == services[place]:
            entry[place] = entry[parent]
            continue
        above = entry[parent]
        for _ in range(FURTHEST):
            if services[above] == services[place]:
                again[place] = True
                break
            if parents[above] == NO_PARENT:
                break
            above = entry[parents[above]]
    return np.array(again, np.bool_)
