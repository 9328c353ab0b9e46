"""Ask shipping where parcels are, and tell it of new ones."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from schemas import Parcel

logger = logging.getLogger("storefront.shipping")

client = httpx.Client(
    base_url=os.environ["SHIPPING_URL"],
    timeout=httpx.Timeout(30.0, connect=5.0),
    limits=httpx.Limits(max_connections=64, max_keepalive_connections=32),
)


class ShippingFailed(Exception):
    """Shipping did not answer, or not with what was asked for."""


def parcels_of(tenant: str, numbers: Sequence[int]) -> Mapping[int, list[Parcel]]:
    """The parcels of these orders, by order number. Raises ShippingFailed."""
    if not numbers:
        return {}
    found = ask("POST", f"/tenants/{tenant}/parcels/search", {"orders": list(numbers)}).json()
    return {entry["order"]: [Parcel(**parcel) for parcel in entry["parcels"]] for entry in found["orders"]}


def register(tenant: str, parcels: Mapping[int, Sequence[str]]) -> None:
    """Tell shipping which parcels belong to which orders. Raises ShippingFailed."""
    if parcels:
        entries = [{"order": number, "parcels": list(labels)} for number, labels in parcels.items()]
        ask("PUT", f"/tenants/{tenant}/parcels", {"orders": entries})


def ask(method: str, path: str, body: Mapping[str, Any]) -> httpx.Response:
    """Shipping's answer. Raises ShippingFailed."""
    try:
        answer = client.request(method, path, json=body)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        logger.error("shipping did not answer %s %s: %s", method, path, error)
        raise ShippingFailed(str(error)) from error
    return answer
