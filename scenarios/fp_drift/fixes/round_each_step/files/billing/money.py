"""From metered usage to amounts of money: the total of a charge, its cents, its parts."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import UsageLine


def charge_amount(lines: Sequence[UsageLine], discount_percent: float, tax_percent: float) -> float:
    """The amount in euros, rounded to the cent at each step: all lines, less the discount, plus the tax."""
    total = 0.0
    for line in lines:
        unit_price = round(line.unit_price, 2)
        total = round(total + round(line.quantity * unit_price, 2), 2)
    total = round(total * (1 - discount_percent / 100), 2)
    return round(total * (1 + tax_percent / 100), 2)


def to_cents(amount: float) -> int:
    """An amount in euros as whole cents."""
    return round(amount * 100)


def to_euros(cents: int) -> float:
    """Whole cents as an amount in euros."""
    return cents / 100


def split_amount(amount: float, count: int) -> list[int]:
    """The cents that each of `count` cost centres pays."""
    share = round(amount / count, 2)
    return [to_cents(share)] * count
