"""What customers, the assortment team and pricing send to orders, and what they get back."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field, field_validator


class Line(BaseModel):
    """So many units of a product."""

    sku: str = Field(min_length=1, max_length=40)
    quantity: int = Field(gt=0, le=1000)


class OrderRequest(BaseModel):
    """What a customer orders: each product once."""

    customer: str = Field(min_length=1, max_length=40)
    lines: list[Line] = Field(min_length=1, max_length=8)

    @field_validator("lines")
    @classmethod
    def name_each_product_once(cls, lines: list[Line]) -> list[Line]:
        """Two lines with one product are a mistake of the client's."""
        if len({line.sku for line in lines}) < len(lines):
            raise ValueError("a product is there twice")
        return lines


class PricedLine(BaseModel):
    """A line with the price of one unit, once that is known, and of when that is where it is not of now."""

    sku: str
    quantity: int
    unit_price_cents: int | None
    demand_as_of: datetime | None = None


class OrderReply(BaseModel):
    """An order as stored."""

    id: int
    customer: str
    status: str
    lines: list[PricedLine]
    total_cents: int
    degraded: bool = False
    """some price was computed from units on order that were counted a while ago"""


class DemandReply(BaseModel):
    """Units of a product in accepted orders."""

    sku: str
    units: int


class DemandChanges(BaseModel):
    """Units on order by product, of those that changed, as they were at `as_of`."""

    as_of: datetime
    units: dict[str, int]


class Product(BaseModel):
    """A product of the assortment; `stock` is all that was ever received of it."""

    sku: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=80)
    description: str = Field(default="", max_length=400)
    stock: int = Field(ge=0)
    list_price_cents: int = Field(gt=0)


class Assortment(BaseModel):
    """Products to be taken over."""

    products: list[Product] = Field(min_length=1, max_length=50)


class ImportReply(BaseModel):
    """How many products were taken over."""

    products: int
