"""Ask orders how many units of a product are on order; for a while what it said last will do."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

import httpx

from breaker import Breaker

logger = logging.getLogger("pricing.demand")

LONGEST_S = 1.0
OLDEST_S = 29.0
"""the contract says 30; an answer is on its way for a moment too"""

client = httpx.Client(
    base_url=os.environ["ORDERS_URL"],
    timeout=httpx.Timeout(LONGEST_S),
    limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
)
breaker = Breaker(most_failures=3, pause_s=2.0)


class NoAnswer(Exception):
    """Orders did not answer in time."""


class Unavailable(Exception):
    """Orders cannot be asked, and nothing is known that is young enough."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Units on order; `as_of` is when they were counted, where that was not just now."""

    units: int
    as_of: datetime | None = None


class LastKnown:
    """What orders said last of each product."""

    def __init__(self) -> None:
        self._said: dict[str, Demand] = {}
        self._lock = Lock()

    def put(self, sku: str, units: int, as_of: datetime) -> None:
        """Keep what was counted at a moment."""
        with self._lock:
            self._said[sku] = Demand(units, as_of)

    def get(self, sku: str) -> Demand | None:
        """What is known of the product and young enough."""
        with self._lock:
            found = self._said.get(sku)
        if found is None or found.as_of is None:
            return None
        return found if (datetime.now(UTC) - found.as_of).total_seconds() <= OLDEST_S else None


last_known = LastKnown()


def units_on_order(sku: str) -> Demand:
    """The units of a product in accepted orders, now or as last known. Raises Unavailable."""
    if breaker.lets_through():
        asked_at = datetime.now(UTC)
        try:
            units: int = client.get(f"/demand/{sku}").raise_for_status().json()["units"]
        except httpx.HTTPError as error:
            breaker.failed()
            logger.warning("the demand of %s is not known now: %r", sku, error)
        else:
            breaker.succeeded()
            last_known.put(sku, units, asked_at)
            return Demand(units)
    known = last_known.get(sku)
    if known is None:
        logger.error("nothing young enough is known of the demand of %s", sku)
        raise Unavailable(sku)
    return known
