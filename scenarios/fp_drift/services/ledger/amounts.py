"""What a charge comes to, in whole cents, by the company's rounding rule."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from pydantic import BaseModel

CENT = Decimal("0.01")


class UsageLine(BaseModel):
    """One metered item."""

    quantity: int
    unit_price: Decimal


class Usage(BaseModel):
    """What was charged for."""

    lines: list[UsageLine]
    discount_percent: Decimal = Decimal(0)
    tax_percent: Decimal = Decimal(0)


def amount_cents(usage: Usage) -> int:
    """The lines' sum, less the discount, plus the tax, brought to the cent once, at the end."""
    total = sum((line.quantity * line.unit_price for line in usage.lines), Decimal(0))
    total = total * (100 - usage.discount_percent) * (100 + usage.tax_percent) / 10_000
    return int(total.quantize(CENT, ROUND_HALF_UP) * 100)
