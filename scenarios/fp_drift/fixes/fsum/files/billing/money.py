"""From metered usage to amounts of money: the total of a charge, its cents, its parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from schemas import UsageLine


def charge_cents(lines: Sequence[UsageLine], discount_percent: float, tax_percent: float) -> int:
    """The charge in cents, half a cent up: all lines, summed without loss, less the discount, plus the tax."""
    total = math.fsum(line.quantity * line.unit_price for line in lines)
    total *= 1 - discount_percent / 100
    total *= 1 + tax_percent / 100
    cents = math.floor(abs(total) * 100 + 0.5)
    return -cents if total < 0 else cents


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
