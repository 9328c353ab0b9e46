"""Shipping: knows which parcels an order left in, and asks the carrier where they are."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import FastAPI, Path, Request
from fastapi.responses import JSONResponse

import carrier
import database
import parcels
from schemas import OrderStates, Registration, Search, SearchReply

logger = logging.getLogger("shipping")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Have the table ready before the first request."""
    await run_sync(database.prepare)
    yield


app = FastAPI(title="shipping", lifespan=lifespan)

Tenant = Annotated[str, Path(min_length=1, max_length=40)]


@app.get("/health")
async def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@app.put("/tenants/{tenant}/parcels", status_code=204)
def register_parcels(tenant: Tenant, registration: Registration) -> None:
    """Note which parcels belong to which orders; a parcel that is known already stays as it is."""
    with database.Session.begin() as session:
        parcels.register(session, tenant, registration.orders)


@app.post("/tenants/{tenant}/parcels/search")
async def search_parcels(tenant: Tenant, search: Search) -> SearchReply:
    """Where the parcels of these orders are."""
    labels = await run_sync(labels_of, tenant, search.orders)
    states = await carrier.locate_all([tracking for of_order in labels.values() for tracking in of_order])
    return SearchReply(
        orders=[
            OrderStates(order=number, parcels=[states[tracking] for tracking in labels[number]])
            for number in search.orders
            if number in labels
        ]
    )


def labels_of(tenant: str, numbers: list[int]) -> Mapping[int, list[str]]:
    """What is on record, read on a worker thread."""
    with database.Session() as session:
        return parcels.labels_of(session, tenant, numbers)


@app.exception_handler(carrier.CarrierFailed)
def answer_without_carrier(_: Request, error: carrier.CarrierFailed) -> JSONResponse:
    """No guesses: where the carrier does not answer, neither do we."""
    return JSONResponse({"detail": "the carrier did not answer"}, 502)
