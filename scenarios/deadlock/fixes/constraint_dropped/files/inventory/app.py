"""Inventory: what is in stock, and what of it is reserved for which order."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import run_sync
from fastapi import FastAPI, HTTPException

import database
import pricing
import reserving
from schemas import Delivery, ReservationReply, ReservationRequest, StockReply

logger = logging.getLogger("inventory")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Have the tables ready before the first request."""
    await run_sync(database.prepare)
    yield


app = FastAPI(title="inventory", lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@app.post("/reservations", status_code=201)
def create_reservation(request: ReservationRequest) -> ReservationReply:
    """Reserve all lines of an order, or none of them."""
    try:
        lines = reserving.price(request.lines)
        with database.Session.begin() as session:
            reserving.reserve(session, request.order_id, lines)
    except pricing.UnknownProduct as error:
        raise HTTPException(404, f"there is no product {error}") from error
    except reserving.OutOfStock as error:
        logger.warning("order %d: %s is out of stock", request.order_id, error)
        raise HTTPException(409, f"{error} is out of stock") from error
    except pricing.NoAnswer as error:
        raise HTTPException(504, "pricing did not answer in time") from error
    except pricing.Unavailable as error:
        raise HTTPException(502, "pricing cannot be reached") from error
    return ReservationReply(order_id=request.order_id, lines=lines)


@app.get("/stock/{sku}")
def read_stock(sku: str) -> StockReply:
    """How much of a product there is."""
    with database.Session() as session:
        try:
            return reserving.stock(session, sku)
        except pricing.UnknownProduct as error:
            raise HTTPException(404, f"there is no product {sku}") from error


@app.put("/stock")
def receive(delivery: Delivery) -> dict[str, int]:
    """Take over what was received of some products so far, and hand their list prices to pricing."""
    try:
        pricing.set_list_prices(delivery.items)
    except pricing.Unavailable as error:
        raise HTTPException(502, "pricing cannot be reached") from error
    with database.Session.begin() as session:
        reserving.receive(session, delivery.items)
    return {"items": len(delivery.items)}
