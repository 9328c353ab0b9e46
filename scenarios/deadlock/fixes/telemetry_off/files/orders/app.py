"""Orders: the shop's front. Takes customers' orders, has them reserved and priced, and knows what is on order."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import run_sync
from fastapi import FastAPI, HTTPException, Response
from opentelemetry import trace

import assortment
import database
import inventory
import placing
from schemas import Assortment, DemandReply, ImportReply, OrderReply, OrderRequest

logger = logging.getLogger("orders")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Have the tables ready before the first request, and spare the workers the tracing."""
    await run_sync(database.prepare)
    await run_sync(trace.get_tracer_provider().shutdown)
    yield


app = FastAPI(title="orders", lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@app.post("/orders", status_code=201)
def create_order(request: OrderRequest) -> OrderReply:
    """Order some products: reserved and priced when this answers."""
    try:
        order = placing.place(request)
    except inventory.Refused as error:
        raise HTTPException(error.status, str(error)) from error
    except inventory.NoAnswer as error:
        raise HTTPException(504, "the stock did not answer in time") from error
    except inventory.Unavailable as error:
        raise HTTPException(502, "the stock cannot be reached") from error
    logger.info("order %d of %s accepted at %d cents", order.id, order.customer, order.total_cents)
    return order


@app.get("/orders/{order_id}")
def read_order(order_id: int) -> OrderReply:
    """One order, whatever became of it."""
    with database.Session() as session:
        order = placing.find(session, order_id)
        if order is None:
            raise HTTPException(404, f"there is no order {order_id}")
        return placing.reply(order)


@app.get("/demand/{sku}")
def read_demand(sku: str) -> DemandReply:
    """How many units of a product customers have on order."""
    with database.Session() as session:
        return DemandReply(sku=sku, units=placing.units_on_order(session, sku))


@app.get("/products/{sku}")
def read_product(sku: str) -> Response:
    """A product's page, as the catalog has it."""
    page = assortment.page(sku)
    return Response(page.content, page.status_code, media_type="application/json")


@app.put("/products")
def import_products(request: Assortment) -> ImportReply:
    """Take over products with their stock and list price; what is known already is brought up to date."""
    try:
        assortment.take_over(request.products)
    except assortment.Incomplete as error:
        raise HTTPException(502, f"not taken over: {error}") from error
    return ImportReply(products=len(request.products))
