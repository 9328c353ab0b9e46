"""What is different in another trace: calls and own time of each kind of work, before and after. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.traces.opened import OpenedTrace
from protos.drill.v1.records import FAILED

Kind = tuple[str, str]
"""Where work is done, and what it is."""


@dataclass(frozen=True, slots=True)
class Work:
    """All spans of one kind in one trace; `own_ns` is what they did themselves."""

    calls: int = 0
    own_ns: int = 0
    errors: int = 0


NO_WORK = Work()


@dataclass(frozen=True, slots=True)
class Difference:
    """One kind of work in both traces."""

    place: str
    title: str
    before: Work
    after: Work

    @property
    def change_ns(self) -> int:
        """How much more own time it took."""
        return self.after.own_ns - self.before.own_ns


def differences(before: OpenedTrace, after: OpenedTrace) -> tuple[Difference, ...]:
    """Every kind of work of either trace, the largest change of own time first."""
    old, new = _work(before), _work(after)
    found = [
        Difference(*kind, old.get(kind, NO_WORK), new.get(kind, NO_WORK))
        for kind in dict.fromkeys((*new, *old))
    ]
    found.sort(key=lambda one: (-abs(one.change_ns), one.place, one.title))
    return tuple(found)


def _work(opened: OpenedTrace) -> dict[Kind, Work]:
    columns = opened.tree.columns
    keys = columns.places.astype(np.int64) << 32 | columns.titles
    kinds, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    inverse = inverse.reshape(-1)
    own = np.bincount(inverse, weights=opened.self_ns, minlength=len(kinds))
    errors = np.bincount(inverse, weights=columns.flags & FAILED, minlength=len(kinds))
    return {
        (columns.texts[kind >> 32], columns.texts[kind & 0xFFFFFFFF]): Work(count, round(time), round(failed))
        for kind, count, time, failed in zip(
            kinds.tolist(), counts.tolist(), own.tolist(), errors.tolist(), strict=True
        )
    }
