"""Ask orders how many units of a product are on order."""

from __future__ import annotations

import logging
import os

import httpx

logger = logging.getLogger("pricing.demand")

client = httpx.Client(
    base_url=os.environ["ORDERS_URL"],
    timeout=httpx.Timeout(1.0),
    limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
)


class NoAnswer(Exception):
    """Orders did not answer in time."""


class Unavailable(Exception):
    """Orders cannot be reached, or failed."""


def units_on_order(sku: str) -> int:
    """The units of a product in accepted orders, now. Raises NoAnswer, Unavailable."""
    try:
        answer = client.get(f"/demand/{sku}").raise_for_status()
    except httpx.TimeoutException as error:
        logger.error("orders did not answer for the demand of %s in time", sku)
        raise NoAnswer from error
    except httpx.HTTPError as error:
        logger.error("the demand of %s is not known: %s", sku, error)
        raise Unavailable from error
    units: int = answer.json()["units"]
    return units
