"""Ask orders how many units of a product are on order."""

from __future__ import annotations

import logging
import os

import httpx

from breaker import Breaker

logger = logging.getLogger("pricing.demand")

client = httpx.Client(
    base_url=os.environ["ORDERS_URL"],
    timeout=httpx.Timeout(2.0),
    limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
)
breaker = Breaker(most_failures=3, pause_s=10.0)


class NoAnswer(Exception):
    """Orders did not answer in time."""


class Unavailable(Exception):
    """Orders cannot be reached, or failed."""


def units_on_order(sku: str) -> int:
    """The units of a product in accepted orders; none while orders does not answer."""
    if not breaker.lets_through():
        return 0
    try:
        answer = client.get(f"/demand/{sku}").raise_for_status()
    except httpx.HTTPError as error:
        breaker.failed()
        logger.error("the demand of %s is not known: %r", sku, error)
        return 0
    breaker.succeeded()
    units: int = answer.json()["units"]
    return units
