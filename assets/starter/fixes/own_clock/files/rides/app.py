"""Rides: stores every ride, and knows how many a city had on a day."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from anyio.to_thread import run_sync
from fastapi import FastAPI
from pydantic import AwareDatetime, BaseModel, Field

import store
from days import day_of
from history import LateRows
from store import Ride

logger = logging.getLogger("rides")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Have the table ready before the first request, and put right what the version before stored."""
    await run_sync(store.prepare)
    late_rows = LateRows()
    late_rows.start()
    yield
    await run_sync(late_rows.stop)


app = FastAPI(title="rides", lifespan=lifespan)


class RideRequest(BaseModel):
    """A ride as its dock sends it; `ended_at` has the offset of the dock's own clock."""

    number: str = Field(min_length=4, max_length=40)
    city: str = Field(min_length=1, max_length=40)
    ended_at: AwareDatetime
    minutes: int = Field(ge=0, le=1440)


class RideReply(BaseModel):
    """A ride as it is stored."""

    number: str
    city: str
    day: date
    minutes: int


class DayReply(BaseModel):
    """What a city had on one day."""

    city: str
    day: date
    rides: int
    minutes: int


@app.get("/health")
def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@app.post("/rides", status_code=201)
def add_ride(request: RideRequest) -> RideReply:
    """Store a ride; the same number again gives the first answer."""
    ride = store.add(
        number=request.number,
        city=request.city,
        ended_at=request.ended_at.isoformat(),
        minutes=request.minutes,
        day=day_of(request.ended_at),
    )
    logger.info("ride %s in %s ended %s, counted for %s", ride.number, ride.city, ride.ended_at, ride.day)
    return reply(ride)


@app.get("/cities/{city}/days/{day}")
def read_day(city: str, day: date) -> DayReply:
    """The rides of a city on one day."""
    rides, minutes = store.total(city, day)
    return DayReply(city=city, day=day, rides=rides, minutes=minutes)


def reply(ride: Ride) -> RideReply:
    """The ride as clients see it."""
    return RideReply(number=ride.number, city=ride.city, day=ride.day, minutes=ride.minutes)
