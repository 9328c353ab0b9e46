"""Pricing: list prices, and what a unit costs now that so many are on order."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import run_sync
from fastapi import FastAPI, HTTPException

import database
import demand
import quoting
from schemas import PriceList, Quote

logger = logging.getLogger("pricing")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Have the tables ready before the first request, and follow orders meanwhile."""
    await run_sync(database.prepare)
    demand.follower.start()
    yield
    await run_sync(demand.follower.stop)


app = FastAPI(title="pricing", lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@app.get("/quotes/{sku}")
def read_quote(sku: str) -> Quote:
    """What a unit of a product costs now."""
    try:
        return quoting.quote(sku)
    except quoting.UnknownProduct as error:
        raise HTTPException(404, f"there is no price for {sku}") from error
    except demand.NoAnswer as error:
        raise HTTPException(504, "orders did not answer in time") from error
    except demand.Unavailable as error:
        raise HTTPException(503, "the demand is not known") from error


@app.put("/prices")
def set_prices(prices: PriceList) -> dict[str, int]:
    """Take over list prices."""
    with database.Session.begin() as session:
        quoting.set_list_prices(session, prices.items)
    logger.info("%d list prices taken over", len(prices.items))
    return {"items": len(prices.items)}
