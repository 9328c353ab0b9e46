"""The public API: answers how to get from one stop to another, and takes the reports of the lines."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import httpx
from anyio.to_thread import run_sync
from fastapi import Depends, FastAPI, HTTPException, Request, Response

from kept import Kept

logger = logging.getLogger("kiosk")

journeys = Kept()


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Renew what is kept as long as this process serves."""
    yield
    await run_sync(journeys.end)


app = FastAPI(title="kiosk", lifespan=lifespan)

routes = httpx.Client(
    base_url=os.environ["ROUTES_URL"],
    timeout=httpx.Timeout(15.0, connect=2.0),
    limits=httpx.Limits(max_connections=64, max_keepalive_connections=48),
)


async def body_of(request: Request) -> bytes:
    """The body as the client sent it."""
    return await request.body()


@app.get("/health")
def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@app.put("/lines/{line}")
def put_line(line: str, body: Annotated[bytes, Depends(body_of)]) -> Response:
    """A line with its stops."""
    return forward("PUT", f"/lines/{line}", body)


@app.post("/reports", status_code=201)
def add_report(body: Annotated[bytes, Depends(body_of)]) -> Response:
    """How late a line is."""
    return forward("POST", "/reports", body)


@app.get("/journeys/{line}/{origin}/{target}")
def read_journey(line: str, origin: str, target: str) -> Response:
    """How long it takes from one stop to another."""
    path = f"/journeys/{line}/{origin}/{target}"
    return Response(journeys.get(path, lambda: ask(path)), media_type="application/json")


def ask(path: str) -> bytes:
    """The answer of routes. Raises HTTPException where it has none."""
    answer = forward("GET", path)
    if answer.status_code != 200:
        raise HTTPException(answer.status_code, "there is no such journey")
    logger.info("asked routes for %s, %d answers kept", path, len(journeys))
    return bytes(answer.body)


def forward(method: str, path: str, body: bytes = b"") -> Response:
    """Hand a request on to routes, and its answer back unchanged."""
    headers = {"content-type": "application/json"} if body else {}
    try:
        answer = routes.request(method, path, content=body, headers=headers)
    except httpx.TimeoutException as error:
        logger.error("routes did not answer %s %s in time", method, path)
        raise HTTPException(504, "routes did not answer in time") from error
    except httpx.TransportError as error:
        logger.error("routes cannot be reached for %s %s: %s", method, path, error)
        raise HTTPException(502, "routes cannot be reached") from error
    return Response(answer.content, answer.status_code, media_type="application/json")
