"""What tenants send to the storefront and what they get back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

State = Literal["placed", "packed", "dispatched", "cancelled"]
Tracking = str


class Option(BaseModel):
    """One choice for an item and what it costs extra."""

    name: str = Field(min_length=1, max_length=40)
    value: str = Field(max_length=80)
    price_cents: int = 0


class Item(BaseModel):
    """One line of an order."""

    sku: str = Field(min_length=1, max_length=40)
    title: str = Field(max_length=120)
    quantity: int = Field(ge=1)
    price_cents: int = Field(ge=0)
    options: list[Option] = Field(default=[], max_length=12)


class NewOrder(BaseModel):
    """An order as a tenant's shop or its old system sends it; `parcels` are the tracking numbers on its labels."""

    number: int = Field(ge=1)
    placed_at: datetime
    state: State = "placed"
    items: list[Item] = Field(default=[], max_length=100)
    parcels: list[Tracking] = Field(default=[], max_length=8)


class ImportRequest(BaseModel):
    """Orders of one tenant; those that are known by their number are left as they are."""

    orders: list[NewOrder] = Field(min_length=1, max_length=250)


class ImportReply(BaseModel):
    """How many orders came and how many of them were new."""

    received: int
    stored: int


class StateChange(BaseModel):
    """The state of an order from now on; `parcels` are the labels that were printed for it, if any."""

    state: State
    parcels: list[Tracking] = Field(default=[], max_length=8)


class Parcel(BaseModel):
    """Where a parcel is, in the carrier's words."""

    tracking: Tracking
    state: str
    depot: str


class OrderView(BaseModel):
    """An order as it is shown: its items with all options, and where its parcels are."""

    number: int
    placed_at: datetime
    state: State
    total_cents: int
    items: list[Item]
    parcels: list[Parcel]


class OrderPage(BaseModel):
    """One page of a tenant's order history, newest first; `total` counts the orders on all pages."""

    tenant: str
    page: int
    size: int
    total: int
    orders: list[OrderView]
