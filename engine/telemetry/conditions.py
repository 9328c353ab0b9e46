"""Whether a condition on a series holds: for alerts, for the symptom, and for the baseline."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.packs.records import Condition
from engine.telemetry.series import SeriesStore

_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}

GAP_S = 5
"""Seconds without a value that do not end a stretch; after more of them nothing is known."""


@dataclass(frozen=True, slots=True)
class ConditionState:
    """`held` for the condition's time, up to `now`; `value` is the newest known one (None: nothing is known).

    `since_s` is the first second of the stretch in which every known value satisfies the condition.
    """

    held: bool
    value: float | None
    since_s: int | None


def evaluate(condition: Condition, series: SeriesStore, now_s: float) -> ConditionState:
    """The state of `condition` at `now_s`, from the values of the seconds before and at it.

    A stretch of n seconds with values has held for n seconds: `for_s` of 0 or 1 asks for one value. Gaps of up
    to `GAP_S` seconds (a late export) belong to the stretch; a value older than that is unknown. Raises
    ValueError for an unknown operator.
    """
    compare = _OPERATORS.get(condition.op)
    if compare is None:
        raise ValueError(f"{condition.op!r} is none of {', '.join(_OPERATORS)}")
    end_s = int(now_s) + 1
    start_s = end_s - int(np.ceil(condition.for_s)) - 2 * GAP_S - 60
    values = series.values(condition.series, start_s, end_s)
    value: float | None = None
    newest: int | None = None
    oldest: int | None = None
    for second in range(end_s - 1, start_s - 1, -1):
        at = float(values[second - start_s])
        if np.isnan(at):
            if (oldest if oldest is not None else end_s) - second > GAP_S:
                break
            continue
        if value is None:
            value, newest = at, second
        if not compare(at, condition.value):
            break
        oldest = second
    if oldest is None or newest is None:
        return ConditionState(False, value, None)
    return ConditionState(newest - oldest + 1 >= condition.for_s, value, oldest)


@dataclass(frozen=True, slots=True)
class Transition:
    """A condition began to hold (`held`) or stopped holding at `at_s`, with the newest known value."""

    name: str
    held: bool
    at_s: float
    value: float | None


class ConditionWatch:
    """Tells the changes of named conditions: the alerts of a pack, its symptom."""

    def __init__(self, conditions: Mapping[str, Condition]) -> None:
        self._conditions = dict(conditions)
        self._held: set[str] = set()

    @property
    def held(self) -> frozenset[str]:
        """The names of the conditions that hold now."""
        return frozenset(self._held)

    def update(self, series: SeriesStore, now_s: float) -> tuple[Transition, ...]:
        """What changed since the last call. Without data a condition stays as it was."""
        changes: list[Transition] = []
        for name, condition in self._conditions.items():
            state = evaluate(condition, series, now_s)
            if state.value is None or state.held == (name in self._held):
                continue
            (self._held.add if state.held else self._held.discard)(name)
            changes.append(Transition(name, state.held, now_s, state.value))
        return tuple(changes)
