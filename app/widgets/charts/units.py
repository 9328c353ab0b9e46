"""How the numbers of a chart are written: on its value axis and in its legend."""

from __future__ import annotations

from math import isfinite
from typing import assert_never

from app.time_axis import MINUS, THIN, format_duration, format_money, format_number, format_short
from app.widgets.charts.specs import Unit


def value_label(unit: Unit, value: float) -> str:
    """A value as the legend shows it."""
    if not isfinite(value):
        return "–"
    match unit:
        case Unit.MILLISECONDS:
            return format_duration(value)
        case Unit.PER_SECOND:
            return f"{format_number(value, 1 if abs(value) < 99.95 else 0)}{THIN}/s"
        case Unit.CENTS:
            return format_money(value)
        case Unit.PERCENT:
            return f"{format_number(value, 1 if 0 < abs(value) < 9.95 else 0)}{THIN}%"
        case Unit.MEGABYTES:
            return f"{format_number(value)}{THIN}MB"
        case Unit.COUNT:
            return format_number(value) if abs(value) < 100_000 else format_short(value)
        case _:
            assert_never(unit)


def tick_label(unit: Unit, value: float, largest: float) -> str:
    """A value as the axis shows it; `largest` is the axis's largest tick, which sets the unit."""
    if value == 0:
        return "€0" if unit is Unit.CENTS else "0"
    match unit:
        case Unit.MILLISECONDS:
            if abs(largest) >= 1000:
                return f"{format_number(value / 1000, _decimals(value / 1000))}{THIN}s"
            return f"{format_number(value, _decimals(value))}{THIN}ms"
        case Unit.CENTS:
            if abs(largest) >= 1_000_000:
                return f"{MINUS if value < 0 else ''}€{format_short(abs(value) / 100)}"
            return format_money(value, signed=False, decimals=2 if abs(largest) < 400 else 0)
        case Unit.PERCENT:
            return f"{format_number(value, _decimals(value))}{THIN}%"
        case Unit.PER_SECOND | Unit.COUNT | Unit.MEGABYTES:
            return format_short(value) if abs(value) >= 1000 else format_number(value, _decimals(value))
        case _:
            assert_never(unit)


def _decimals(value: float) -> int:
    return next((places for places in (0, 1, 2) if abs(value - round(value, places)) < 1e-9), 3)
