"""Billing's tables."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, Numeric, SmallInteger, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

REVISION = 2
"""of the rows that this version writes; the version before knew no revisions, its rows get the default, 1"""


class Base(DeclarativeBase):
    """All tables of this service."""


class Charge(Base):
    """One charge or refund with the usage that it was computed from."""

    __tablename__ = "charges"
    __table_args__ = (
        Index("charges_key_once", "key", unique=True, postgresql_where=text("revision = 2")),
        Index("charges_earlier", "id", postgresql_where=text("revision = 1")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    customer: Mapped[str] = mapped_column(String(40), index=True)
    refund_of: Mapped[str | None] = mapped_column(String(80))
    usage: Mapped[dict[str, Any]] = mapped_column(JSONB)
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    revision: Mapped[int] = mapped_column(SmallInteger, default=REVISION, server_default=text("1"))
    parts: Mapped[list[ChargePart]] = relationship(
        order_by="ChargePart.position", cascade="all, delete-orphan", lazy="selectin"
    )


class ChargePart(Base):
    """What one cost centre pays of a charge that is split."""

    __tablename__ = "charge_parts"

    charge_id: Mapped[int] = mapped_column(ForeignKey("charges.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    amount_cents: Mapped[int] = mapped_column(BigInteger)


class Account(Base):
    """What a customer owes in all, kept up to date with every charge."""

    __tablename__ = "accounts"

    customer: Mapped[str] = mapped_column(String(40), primary_key=True)
    balance: Mapped[Decimal] = mapped_column(Numeric(16, 2), default=Decimal(0))
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), onupdate=func.now()
    )
