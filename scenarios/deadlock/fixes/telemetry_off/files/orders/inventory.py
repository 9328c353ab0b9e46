"""Ask the inventory to reserve what an order holds."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping

import httpx

from models import Order
from schemas import PricedLine

logger = logging.getLogger("orders.inventory")

client = httpx.Client(
    base_url=os.environ["INVENTORY_URL"],
    timeout=httpx.Timeout(30.0, connect=2.0),
    limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
)


class Refused(Exception):
    """The inventory does not reserve the order; `status` says why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class NoAnswer(Exception):
    """The inventory did not answer in time."""


class Unavailable(Exception):
    """The inventory cannot be reached, or failed."""


def reserve(order: Order, on_order: Mapping[str, int]) -> list[PricedLine]:
    """Reserve every line of the order, at the price that the units on order come to.

    Raises Refused, NoAnswer, Unavailable.
    """
    lines = [
        {"sku": line.sku, "quantity": line.quantity, "units_on_order": on_order[line.sku]}
        for line in order.lines
    ]
    try:
        answer = client.post("/reservations", json={"order_id": order.id, "lines": lines})
    except httpx.TimeoutException as error:
        logger.error("the inventory did not answer for order %d in time", order.id)
        raise NoAnswer from error
    except httpx.TransportError as error:
        logger.error("the inventory cannot be reached for order %d: %s", order.id, error)
        raise Unavailable from error
    if answer.status_code in (404, 409):
        raise Refused(answer.status_code, answer.json()["detail"])
    if answer.status_code != 201:
        logger.error("the inventory answered %d for order %d", answer.status_code, order.id)
        raise Unavailable
    return [PricedLine.model_validate(line) for line in answer.json()["lines"]]
