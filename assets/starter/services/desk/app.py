"""The public API: takes finished rides from the docks, and answers what the city halls ask."""

from __future__ import annotations

import logging
import os
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI, HTTPException, Request, Response

logger = logging.getLogger("desk")

app = FastAPI(title="desk")

rides = httpx.Client(
    base_url=os.environ["RIDES_URL"],
    timeout=httpx.Timeout(4.0, connect=2.0),
    limits=httpx.Limits(max_connections=32, max_keepalive_connections=16),
)


async def body_of(request: Request) -> bytes:
    """The body as the client sent it."""
    return await request.body()


@app.get("/health")
def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@app.post("/rides", status_code=201)
def add_ride(body: Annotated[bytes, Depends(body_of)]) -> Response:
    """A ride that has ended."""
    return forward("POST", "/rides", body)


@app.get("/cities/{city}/days/{day}")
def read_day(city: str, day: str) -> Response:
    """The rides of a city on one day."""
    return forward("GET", f"/cities/{city}/days/{day}")


def forward(method: str, path: str, body: bytes = b"") -> Response:
    """Hand a request on to rides, and its answer back unchanged."""
    headers = {"content-type": "application/json"} if body else {}
    try:
        answer = rides.request(method, path, content=body, headers=headers)
    except httpx.TimeoutException as error:
        logger.error("rides did not answer %s %s in time", method, path)
        raise HTTPException(504, "rides did not answer in time") from error
    except httpx.TransportError as error:
        logger.error("rides cannot be reached for %s %s: %s", method, path, error)
        raise HTTPException(502, "rides cannot be reached") from error
    return Response(answer.content, answer.status_code, media_type="application/json")
