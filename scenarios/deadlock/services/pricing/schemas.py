"""What the inventory sends to pricing and what it gets back."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Quote(BaseModel):
    """The price of a unit now, and how it comes about."""

    sku: str
    list_price_cents: int
    discount_percent: int
    unit_price_cents: int


class ListPrice(BaseModel):
    """The price of a unit before any discount."""

    sku: str = Field(min_length=1, max_length=40)
    list_price_cents: int = Field(gt=0)


class PriceList(BaseModel):
    """List prices to be taken over."""

    items: list[ListPrice] = Field(min_length=1)
