"""The lines and their legs in PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, ForeignKey, String, create_engine, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ.get("CONNECTIONS", "3")),
    max_overflow=0,
    pool_timeout=12,
    isolation_level="AUTOCOMMIT",
)

MOST_LEGS = 40


class Base(DeclarativeBase):
    """All tables of this service."""


class Line(Base):
    """A line, and how late it is now."""

    __tablename__ = "lines"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    late_minutes: Mapped[int] = mapped_column(default=0)


class Leg(Base):
    """The ride from a stop to the one that follows."""

    __tablename__ = "legs"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    line: Mapped[str] = mapped_column(ForeignKey("lines.name"), index=True)
    stop: Mapped[str] = mapped_column(String(40))
    next_stop: Mapped[str] = mapped_column(String(40))
    minutes: Mapped[int]


@dataclass(frozen=True, slots=True)
class Journey:
    """The rides of a journey together."""

    legs: int
    minutes: int
    late_minutes: int


def prepare() -> None:
    """Create the tables if they are not there yet."""
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(
            text("CREATE INDEX IF NOT EXISTS legs_by_stop ON legs (line, stop) INCLUDE (next_stop, minutes)")
        )


def put_line(name: str, legs: Sequence[tuple[str, str, int]]) -> None:
    """Store a line and its legs, unless it is there already."""
    rows = [{"line": name, "stop": stop, "next_stop": to, "minutes": minutes} for stop, to, minutes in legs]
    with engine.connect() as connection:
        known = connection.execute(select(Leg.id).where(Leg.line == name).limit(1)).first()
        if known is None:
            line = insert(Line).values(name=name, late_minutes=0)
            connection.execute(line.on_conflict_do_nothing())
            connection.execute(insert(Leg).values(rows))


def set_late(line: str, late_minutes: int) -> bool:
    """Store how late a line is; False where there is no such line."""
    with engine.connect() as connection:
        change = update(Line).where(Line.name == line).values(late_minutes=late_minutes)
        return connection.execute(change).rowcount == 1


def journey(line: str, origin: str, target: str) -> Journey | None:
    """Ride from stop to stop until the target is there; None where the line does not lead to it."""
    legs = minutes = late_minutes = 0
    stop = origin
    with engine.connect() as connection:
        while stop != target and legs < MOST_LEGS:
            ride = select(Leg.next_stop, Leg.minutes, Line.late_minutes).join(Line, Line.name == Leg.line)
            found = connection.execute(ride.where(Leg.line == line, Leg.stop == stop)).first()
            if found is None:
                return None
            stop, late_minutes = found.next_stop, found.late_minutes
            legs, minutes = legs + 1, minutes + found.minutes
    return Journey(legs, minutes, late_minutes) if legs else None
