"""The connection to PostgreSQL."""

from __future__ import annotations

import os

from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

import backfill
from models import Base

engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ.get("CONNECTIONS", "8")),
    max_overflow=0,
    pool_timeout=5,
    pool_pre_ping=False,
)

Session = sessionmaker(engine, expire_on_commit=False)


def prepare() -> None:
    """Create the tables that are not there yet, and put right what the version before left in those that are."""
    Base.metadata.create_all(engine, checkfirst=True)
    backfill.add_columns(engine)
    backfill.correct_all(Session)
