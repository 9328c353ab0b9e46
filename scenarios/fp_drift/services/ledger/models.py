"""The ledger's one table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables of this service."""


class Entry(Base):
    """One posting: what the usage comes to, beside what billing charged."""

    __tablename__ = "entries"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    customer: Mapped[str] = mapped_column(String(40), index=True)
    refund_of: Mapped[str | None] = mapped_column(String(80))
    usage: Mapped[dict[str, Any]] = mapped_column(JSONB)
    exact_cents: Mapped[int] = mapped_column(BigInteger)
    billed_cents: Mapped[int] = mapped_column(BigInteger)
    postings: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
