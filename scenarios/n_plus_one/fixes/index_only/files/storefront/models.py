"""The storefront's tables: what the customers of every tenant have ordered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """All tables of this service."""


class Order(Base):
    """One order of a tenant's customer; `number` is the tenant's own."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("tenant", "number"),
        Index("orders_newest_first", "tenant", "placed_at", "number"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    tenant: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(BigInteger)
    placed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(String(12))
    changed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), onupdate=func.now()
    )
    items: Mapped[list[OrderItem]] = relationship(order_by="OrderItem.position", cascade="all, delete-orphan")


class OrderItem(Base):
    """One line of an order."""

    __tablename__ = "order_items"
    __table_args__ = (Index("order_items_in_order", "order_id", "position"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    sku: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    quantity: Mapped[int]
    price_cents: Mapped[int] = mapped_column(BigInteger)
    options: Mapped[list[ItemOption]] = relationship(
        order_by="ItemOption.position", cascade="all, delete-orphan"
    )


class ItemOption(Base):
    """What the customer chose for an item: its size, its colour, a gift wrap; each may cost extra."""

    __tablename__ = "item_options"
    __table_args__ = (Index("item_options_in_order", "item_id", "position"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("order_items.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(80))
    price_cents: Mapped[int] = mapped_column(BigInteger)
