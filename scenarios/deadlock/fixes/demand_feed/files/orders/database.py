"""The connection to PostgreSQL."""

from __future__ import annotations

import os

from sqlalchemy import Index, create_engine
from sqlalchemy.orm import sessionmaker

from models import Base, Order

engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ.get("CONNECTIONS", "6")),
    max_overflow=0,
    pool_timeout=30,
)

Session = sessionmaker(engine, expire_on_commit=False)


def prepare() -> None:
    """Create the tables, and the index that the feed needs, where they are not there yet."""
    Base.metadata.create_all(engine)
    Index("orders_decided_at", Order.decided_at).create(engine, checkfirst=True)
