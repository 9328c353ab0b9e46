"""What orders sends to the inventory and what it gets back."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Line(BaseModel):
    """So many units of a product, of which so many are on order already."""

    sku: str = Field(min_length=1, max_length=40)
    quantity: int = Field(gt=0)
    units_on_order: int = Field(ge=0)


class ReservationRequest(BaseModel):
    """All lines of an order."""

    order_id: int
    lines: list[Line] = Field(min_length=1)


class PricedLine(BaseModel):
    """A reserved line with the price of one unit."""

    sku: str
    quantity: int
    unit_price_cents: int


class ReservationReply(BaseModel):
    """What was reserved for an order."""

    order_id: int
    lines: list[PricedLine]


class Item(BaseModel):
    """A product as received: units so far, and its list price."""

    sku: str = Field(min_length=1, max_length=40)
    stock: int = Field(ge=0)
    list_price_cents: int = Field(gt=0)


class Delivery(BaseModel):
    """Products to be taken over."""

    items: list[Item] = Field(min_length=1)


class StockReply(BaseModel):
    """What there is of a product."""

    sku: str
    received: int
    reserved: int
    available: int
