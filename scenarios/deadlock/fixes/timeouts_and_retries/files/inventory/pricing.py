"""Ask pricing what a unit costs now."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence

import httpx

from schemas import Item

logger = logging.getLogger("inventory.pricing")

client = httpx.Client(
    base_url=os.environ["PRICING_URL"],
    timeout=httpx.Timeout(2.0),
    limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
)


class UnknownProduct(Exception):
    """No product has that SKU."""


class NoAnswer(Exception):
    """Pricing did not answer in time."""


class Unavailable(Exception):
    """Pricing cannot be reached, or failed."""


def unit_price_cents(sku: str) -> int:
    """The price at which a unit is reserved now. Raises UnknownProduct, NoAnswer, Unavailable."""
    try:
        answer = client.get(f"/quotes/{sku}")
        if answer.status_code == 404:
            raise UnknownProduct(sku)
        answer.raise_for_status()
    except httpx.TimeoutException as error:
        logger.error("pricing did not answer for %s in time", sku)
        raise NoAnswer from error
    except httpx.HTTPError as error:
        logger.error("no price for %s: %s", sku, error)
        raise Unavailable from error
    price: int = answer.json()["unit_price_cents"]
    return price


def set_list_prices(items: Sequence[Item]) -> None:
    """Hand list prices to pricing. Raises Unavailable."""
    prices = [{"sku": item.sku, "list_price_cents": item.list_price_cents} for item in items]
    try:
        client.put("/prices", json={"items": prices}).raise_for_status()
    except httpx.HTTPError as error:
        logger.error("the list prices of %d products were not taken: %s", len(prices), error)
        raise Unavailable from error
