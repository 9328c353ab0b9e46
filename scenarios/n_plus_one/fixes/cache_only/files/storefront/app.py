"""The storefront: keeps the orders of every tenant and shows them their order history."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import FastAPI, HTTPException, Path, Query, Request
from fastapi.responses import JSONResponse

import database
import history
import intake
import kept_pages
from schemas import ImportReply, ImportRequest, OrderPage, OrderView, StateChange
from shipping import ShippingFailed

logger = logging.getLogger("storefront")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Have the tables ready before the first request."""
    await run_sync(database.prepare)
    yield


app = FastAPI(title="storefront", lifespan=lifespan)

Tenant = Annotated[str, Path(min_length=1, max_length=40)]
PageNumber = Annotated[int, Query(ge=1)]
PageSize = Annotated[int, Query(ge=1, le=200)]


@app.get("/health")
async def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@app.get("/tenants/{tenant}/orders")
def read_orders(tenant: Tenant, page: PageNumber = 1, size: PageSize = 50) -> OrderPage:
    """One page of a tenant's order history, newest first."""
    with database.Session() as session:
        return history.read_page(session, tenant, page, size)


@app.get("/tenants/{tenant}/orders/{number}")
def read_order(tenant: Tenant, number: int) -> OrderView:
    """One order."""
    with database.Session() as session:
        try:
            return history.read_order(session, tenant, number)
        except history.UnknownOrder as error:
            raise HTTPException(404, f"{tenant} has no order {number}") from error


@app.put("/tenants/{tenant}/orders")
def import_orders(tenant: Tenant, request: ImportRequest) -> ImportReply:
    """Take in many orders at once; those that are known are left as they are."""
    with database.Session.begin() as session:
        stored = intake.import_orders(session, tenant, request.orders)
    kept_pages.forget(tenant)
    logger.info("%s: %d orders received, %d new", tenant, len(request.orders), stored)
    return ImportReply(received=len(request.orders), stored=stored)


@app.put("/tenants/{tenant}/orders/{number}/state", status_code=204)
def change_state(tenant: Tenant, number: int, change: StateChange) -> None:
    """Put an order into another state."""
    try:
        with database.Session.begin() as session:
            intake.change_state(session, tenant, number, change)
    except history.UnknownOrder as error:
        raise HTTPException(404, f"{tenant} has no order {number}") from error
    kept_pages.forget(tenant)
    logger.info("%s: order %d is %s", tenant, number, change.state)


@app.exception_handler(ShippingFailed)
def answer_without_shipping(_: Request, error: ShippingFailed) -> JSONResponse:
    """What needs shipping is refused as a whole while shipping does not answer."""
    return JSONResponse({"detail": "shipping did not answer"}, 502)
