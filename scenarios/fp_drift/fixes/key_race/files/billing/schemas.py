"""What clients send to billing and what they get back."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, Field


class UsageLine(BaseModel):
    """One metered item: so many units at a price in euros a unit."""

    sku: str = Field(min_length=1, max_length=40)
    quantity: int
    unit_price: Decimal = Field(max_digits=18, decimal_places=6)


class ChargeRequest(BaseModel):
    """A customer's usage to be charged: discount first, then tax; `split_between` cost centres pay it."""

    customer: str = Field(min_length=1, max_length=40)
    lines: list[UsageLine] = Field(min_length=1, max_length=200)
    discount_percent: Decimal = Field(default=Decimal(0), ge=0, le=100, decimal_places=4)
    tax_percent: Decimal = Field(default=Decimal(0), ge=0, le=100, decimal_places=4)
    split_between: int = Field(default=1, ge=1, le=24)


class RefundRequest(BaseModel):
    """A charge to give back in full."""

    charge_key: str = Field(min_length=4, max_length=80)


class ChargeReply(BaseModel):
    """A charge (or refund, then negative) as stored; amounts in euros, one part a cost centre."""

    key: str
    kind: str
    customer: str
    amount: float
    parts: list[float]


class AccountReply(BaseModel):
    """What a customer owes in all."""

    customer: str
    balance: float


class InvoiceReply(BaseModel):
    """A customer's latest charges and their sum."""

    customer: str
    charges: list[ChargeReply]
    total: float
