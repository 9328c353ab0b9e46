"""The units on order of every product, kept up to date by a feed from orders."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Lock, Thread

import httpx

logger = logging.getLogger("pricing.demand")

FOLLOW_EVERY_S = 0.2
FRESH_S = 0.9
OLDEST_S = 29.0
"""the contract says one second and 30; an answer is on its way for a moment too"""

client = httpx.Client(base_url=os.environ["ORDERS_URL"], timeout=httpx.Timeout(2.0))


class NoAnswer(Exception):
    """Orders did not answer in time."""


class Unavailable(Exception):
    """Nothing is known of the units on order that is young enough."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Units on order; `as_of` is when they were counted, where that was not just now."""

    units: int
    as_of: datetime | None = None


class Follower:
    """Follows orders from a thread of its own: `start`, then `stop`."""

    def __init__(self) -> None:
        self._units: dict[str, int] = {}
        self._asked_at: datetime | None = None
        self._since: str | None = None
        self._lock = Lock()
        self._has_begun = Event()
        self._is_over = Event()
        self._thread = Thread(target=self._follow, name="demand")

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """End with the reading that is under way."""
        self._is_over.set()
        self._thread.join()

    def demand(self, sku: str) -> Demand:
        """What is known of a product. Raises Unavailable where that is too old."""
        self._has_begun.wait(2.0)
        with self._lock:
            units, asked_at = self._units.get(sku, 0), self._asked_at
        age_s = OLDEST_S + 1 if asked_at is None else (datetime.now(UTC) - asked_at).total_seconds()
        if age_s > OLDEST_S:
            raise Unavailable(sku)
        return Demand(units, asked_at if age_s > FRESH_S else None)

    def _follow(self) -> None:
        while not self._is_over.is_set():
            try:
                self._read()
            except httpx.HTTPError as error:
                logger.warning("the units on order cannot be followed: %r", error)
            self._is_over.wait(FOLLOW_EVERY_S)

    def _read(self) -> None:
        asked_at = datetime.now(UTC)
        known = {"since": self._since} if self._since else {}
        changed = client.get("/demand-changes", params=known).raise_for_status().json()
        with self._lock:
            self._units |= changed["units"]
            self._asked_at, self._since = asked_at, changed["as_of"]
        self._has_begun.set()


follower = Follower()


def units_on_order(sku: str) -> Demand:
    """The units of a product in accepted orders. Raises Unavailable."""
    return follower.demand(sku)
