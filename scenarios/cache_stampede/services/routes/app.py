"""Routes: knows every line with its stops, and works out journeys leg by leg."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from anyio.to_thread import run_sync
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

import store

logger = logging.getLogger("routes")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Have the tables ready before the first request."""
    await run_sync(store.prepare)
    yield


app = FastAPI(title="routes", lifespan=lifespan)


class Stop(BaseModel):
    """A stop, and how long the ride to the next one takes (0 at the terminus)."""

    name: str = Field(min_length=1, max_length=40)
    minutes: int = Field(ge=0, le=600)


class Line(BaseModel):
    """The stops of a line in their order."""

    stops: list[Stop] = Field(min_length=2, max_length=40)


class Report(BaseModel):
    """How late a line is."""

    line: str = Field(min_length=1, max_length=40)
    late_minutes: int = Field(ge=0, le=600)


class JourneyReply(BaseModel):
    """A journey; `minutes` counts the rides and how late the line is."""

    line: str
    origin: str
    target: str
    legs: int
    minutes: int
    late_minutes: int


@app.get("/health")
def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@app.put("/lines/{name}")
def put_line(name: str, line: Line) -> dict[str, int]:
    """Store a line; the same again changes nothing."""
    pairs = zip(line.stops, line.stops[1:], strict=False)
    store.put_line(name, [(stop.name, following.name, stop.minutes) for stop, following in pairs])
    return {"stops": len(line.stops)}


@app.post("/reports", status_code=201)
def add_report(report: Report) -> Report:
    """Store how late a line is."""
    if not store.set_late(report.line, report.late_minutes):
        raise HTTPException(404, "there is no such line")
    logger.info("line %s is %d minutes late", report.line, report.late_minutes)
    return report


@app.get("/journeys/{line}/{origin}/{target}")
def read_journey(line: str, origin: str, target: str) -> JourneyReply:
    """Work out a journey."""
    began_s = monotonic()
    found = store.journey(line, origin, target)
    if found is None:
        raise HTTPException(404, "there is no such journey")
    took_ms = round(1000 * (monotonic() - began_s))
    logger.info("journey on %s from %s to %s: %d legs, %d ms", line, origin, target, found.legs, took_ms)
    return JourneyReply(
        line=line,
        origin=origin,
        target=target,
        legs=found.legs,
        minutes=found.minutes + found.late_minutes,
        late_minutes=found.late_minutes,
    )
