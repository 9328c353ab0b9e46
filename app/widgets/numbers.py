"""Numbers as people type them: read within bounds, and the bounds in words. Pure."""

from __future__ import annotations

from math import isfinite

from app.time_axis import format_number


class BadNumber(ValueError):
    """`str()` is the sentence beside the field."""


def read_number(text: str, least: float, most: float, unit: str = "") -> float:
    """The number that was typed. Raises BadNumber with what is allowed."""
    try:
        value = float(text.strip())
    except ValueError:
        value = float("nan")
    if not isfinite(value) or not least <= value <= most:
        raise BadNumber(f"a number from {bounds_text(least, most, unit)}")
    return value


def bounds_text(least: float, most: float, unit: str = "") -> str:
    """The bounds in words: "0 to 5,000 ms"."""
    return f"{_written(least)} to {_written(most)} {unit}".rstrip()


def number_text(value: float) -> str:
    """A number as it is typed: no commas, no needless decimals."""
    return f"{value:.10g}"


def _written(value: float) -> str:
    return format_number(value, 0 if value == int(value) else 1)
