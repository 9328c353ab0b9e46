"""Conditions as text: `client.latency.p95_ms <= 400`."""

from __future__ import annotations

import re

from engine.packs.records import Condition

OPERATORS = (">", ">=", "<", "<=")

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
