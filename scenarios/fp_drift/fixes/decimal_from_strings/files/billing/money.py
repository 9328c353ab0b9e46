"""From metered usage to amounts of money, in decimal arithmetic from the prices as they were sent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext

from schemas import UsageLine

CENT = Decimal("0.01")
EXACT = Context(prec=60)
"""digits enough for any sum of lines"""


def charge_amount(lines: Sequence[UsageLine], discount_percent: Decimal, tax_percent: Decimal) -> Decimal:
    """The amount in euros, rounded once, to the cent: all lines, less the discount, plus the tax."""
    with localcontext(EXACT):
        total = sum((line.quantity * line.unit_price for line in lines), Decimal(0))
        total = total * (100 - discount_percent) / 100
        total = total * (100 + tax_percent) / 100
        return total.quantize(CENT, ROUND_HALF_UP)


def to_cents(amount: Decimal) -> int:
    """An amount in whole cents."""
    return int(amount.scaleb(2))


def to_euros(cents: int) -> Decimal:
    """Whole cents as an amount in euros."""
    return Decimal(cents).scaleb(-2)


def split_amount(amount: Decimal, count: int) -> list[int]:
    """The cents that each of `count` cost centres pays; the last one pays what is left."""
    share = (amount / count).quantize(CENT, ROUND_DOWN)
    return [to_cents(share)] * (count - 1) + [to_cents(amount - share * (count - 1))]
