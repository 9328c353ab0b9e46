"""From metered usage to amounts of money, in whole numbers: the cents of a charge, and its parts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from schemas import UsageLine

MICROS = 1_000_000
"""of a euro: prices have at most six decimals"""

PERCENT = 10_000
"""parts of a percent: rates have at most four decimals"""

HUNDRED_PERCENT = 100 * PERCENT
MICROS_A_CENT = MICROS // 100


def charge_cents(lines: Sequence[UsageLine], discount_percent: Decimal, tax_percent: Decimal) -> int:
    """The charge in cents, rounded once: all lines, less the discount, plus the tax."""
    micros = sum(line.quantity * scaled(line.unit_price, MICROS) for line in lines)
    after_discount = micros * (HUNDRED_PERCENT - scaled(discount_percent, PERCENT))
    after_tax = after_discount * (HUNDRED_PERCENT + scaled(tax_percent, PERCENT))
    return divide_half_up(after_tax, HUNDRED_PERCENT * HUNDRED_PERCENT * MICROS_A_CENT)


def scaled(number: Decimal, scale: int) -> int:
    """A number with few decimals as a whole number of its smallest unit."""
    return int(number * scale)


def divide_half_up(number: int, divisor: int) -> int:
    """The nearest whole number; a half goes away from zero."""
    quotient = (2 * abs(number) + divisor) // (2 * divisor)
    return -quotient if number < 0 else quotient


def to_euros(cents: int) -> float:
    """Whole cents as the number that clients are shown."""
    return cents / 100


def as_numeric(cents: int) -> Decimal:
    """Whole cents as a NUMERIC column takes them, in euros."""
    return Decimal(cents).scaleb(-2)


def split_cents(cents: int, count: int) -> list[int]:
    """The cents that each of `count` cost centres pays; the last one pays what is left."""
    sign, amount = (-1, -cents) if cents < 0 else (1, cents)
    share = amount // count
    return [sign * share] * (count - 1) + [sign * (amount - share * (count - 1))]
