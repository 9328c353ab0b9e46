"""The connection to PostgreSQL."""

from __future__ import annotations

import os

from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from models import Base

engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ.get("CONNECTIONS", "6")),
    max_overflow=0,
    pool_timeout=30,
)

Session = sessionmaker(engine, expire_on_commit=False)


def prepare() -> None:
    """Create the tables that are not there yet."""
    Base.metadata.create_all(engine)
