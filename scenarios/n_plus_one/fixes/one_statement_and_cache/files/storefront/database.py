"""The connection to PostgreSQL."""

from __future__ import annotations

import os

from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

import kept_pages
from models import Base

engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ.get("CONNECTIONS", "4")),
    max_overflow=0,
    pool_timeout=5,
)

Session = sessionmaker(engine, expire_on_commit=False)


def prepare() -> None:
    """Create the tables that are not there yet, and what counts their revisions."""
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        kept_pages.prepare(connection)
