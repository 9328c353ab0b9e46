"""Pricing's one table."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, Integer, String, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables of this service."""


class Price(Base):
    """A product's list price."""

    __tablename__ = "prices"

    sku: Mapped[str] = mapped_column(String(40), primary_key=True)
    list_price_cents: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), onupdate=func.now()
    )
