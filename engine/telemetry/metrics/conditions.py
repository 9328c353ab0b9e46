"""Whether a condition on a series holds: for alerts, for the symptom, and for the baseline."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.packs.records import Condition
from engine.telemetry.metrics.series import SeriesStore
from engine.telemetry.records import Float64

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
    compare = _comparison(condition)
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


def _comparison(condition: Condition) -> Callable[[float, float], bool]:
    compare = _OPERATORS.get(condition.op)
    if compare is None:
        raise ValueError(f"{condition.op!r} is none of {', '.join(_OPERATORS)}")
    return compare


@dataclass(frozen=True, slots=True)
class Firing:
    """From which second on a condition held for its time, and the first second at which it did not any more."""

    from_s: int
    to_s: int | None


def firings(condition: Condition, values: Float64, start_s: int) -> tuple[Firing, ...]:
    """When an alert on `condition` would have fired, by one value a second from `start_s` on (NaN: no value).

    As `evaluate` judges each second; a last one that still holds has no end. Raises ValueError for an operator.
    """
    compare = _comparison(condition)
    found: list[Firing] = []
    newest: int | None = None
    oldest: int | None = None
    fired_s: int | None = None
    for place in np.flatnonzero(~np.isnan(values)).tolist():
        second = start_s + place
        if newest is not None and second - newest - 1 > GAP_S:
            oldest = None
        newest = second
        if not compare(float(values[place]), condition.value):
            oldest = None
        elif oldest is None:
            oldest = second
        held = oldest is not None and second - oldest + 1 >= condition.for_s
        if held and fired_s is None:
            fired_s = second
        elif not held and fired_s is not None:
            found.append(Firing(fired_s, second))
            fired_s = None
    return (*found, Firing(fired_s, None)) if fired_s is not None else tuple(found)
