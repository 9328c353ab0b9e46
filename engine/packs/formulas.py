"""Conditions as text: `client.latency.p95_ms <= 400`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping

from engine.packs.records import Condition

_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
OPERATORS = tuple(_OPERATORS)

_FORMULA = re.compile(
    r"\s*(?P<series>[a-z][a-z0-9_]*(?:\.[a-z0-9_-]+)+)\s*(?P<op>>=|<=|>|<)\s*(?P<value>-?[0-9]+(?:\.[0-9]+)?)\s*"
)


def parse_formula(text: str, for_s: float = 0.0) -> Condition:
    """`series op number` as a condition that must hold for `for_s` seconds. Raises ValueError."""
    match = _FORMULA.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a condition such as `client.latency.p95_ms <= 400`")
    return Condition(match["series"], match["op"], float(match["value"]), for_s)


def show_formula(condition: Condition) -> str:
    """The text that `parse_formula` reads."""
    return f"{condition.series} {condition.op} {condition.value:g}"


def compares(condition: Condition, value: float) -> bool:
    """Whether one value satisfies the condition."""
    return _OPERATORS[condition.op](value, condition.value)
