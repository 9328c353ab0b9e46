"""Shipping's one table: which parcels an order left in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, String, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables of this service."""


class Parcel(Base):
    """One parcel of an order; where it is, only the carrier knows."""

    __tablename__ = "parcels"

    tenant: Mapped[str] = mapped_column(String(40), primary_key=True)
    order_number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    tracking: Mapped[str] = mapped_column(String(40), primary_key=True)
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
