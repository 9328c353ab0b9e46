"""The table of rides in PostgreSQL."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, String, create_engine, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ.get("CONNECTIONS", "6")),
    max_overflow=0,
    pool_timeout=5,
)

Session = sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    """All tables of this service."""


class Ride(Base):
    """One ride; `ended_at` is the text that its dock sent."""

    __tablename__ = "rides"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    city: Mapped[str] = mapped_column(String(40), index=True)
    ended_at: Mapped[str] = mapped_column(String(40))
    minutes: Mapped[int]
    day: Mapped[date] = mapped_column(Date)


def prepare() -> None:
    """Create the table if it is not there yet."""
    Base.metadata.create_all(engine)


def add(**values: Any) -> Ride:
    """Store a ride, unless its number is there already; the ride as it is stored."""
    with Session.begin() as session:
        session.execute(insert(Ride).values(**values).on_conflict_do_nothing(index_elements=[Ride.number]))
        return session.scalars(select(Ride).where(Ride.number == values["number"])).one()


def total(city: str, day: date) -> tuple[int, int]:
    """How many rides a city had on a day, and their minutes."""
    sums = select(func.count(), func.coalesce(func.sum(Ride.minutes), 0))
    with Session() as session:
        rides, minutes = session.execute(sums.where(Ride.city == city, Ride.day == day)).one()
        return int(rides), int(minutes)
