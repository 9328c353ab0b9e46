"""What shipping is asked and what it answers."""

from __future__ import annotations

from pydantic import BaseModel, Field


class OrderParcels(BaseModel):
    """The tracking numbers of one order."""

    order: int
    parcels: list[str] = Field(max_length=8)


class Registration(BaseModel):
    """Parcels of a tenant's orders."""

    orders: list[OrderParcels] = Field(max_length=250)


class Search(BaseModel):
    """The orders whose parcels are asked for."""

    orders: list[int] = Field(max_length=250)


class ParcelState(BaseModel):
    """Where a parcel is, in the carrier's words."""

    tracking: str
    state: str
    depot: str


class OrderStates(BaseModel):
    """Where the parcels of one order are."""

    order: int
    parcels: list[ParcelState]


class SearchReply(BaseModel):
    """The orders asked for that have parcels, in the order in which they were asked for."""

    orders: list[OrderStates]
