"""Products: their pages in the catalog, their stock and list price in the inventory."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence

import httpx

import inventory
from schemas import Product

logger = logging.getLogger("orders.assortment")

catalog = httpx.Client(base_url=os.environ["CATALOG_URL"], timeout=httpx.Timeout(30.0, connect=2.0))


class Incomplete(Exception):
    """A service did not take over what it was sent."""


def page(sku: str) -> httpx.Response:
    """The catalog's answer for a product; 502 where there is none."""
    try:
        return catalog.get(f"/products/{sku}")
    except httpx.TransportError as error:
        logger.error("the catalog has no answer for %s: %s", sku, error)
        return httpx.Response(502, json={"detail": "the catalog cannot be reached"})


def take_over(products: Sequence[Product]) -> None:
    """Hand every product to the catalog and to the inventory. Raises Incomplete."""
    pages = [product.model_dump(include={"sku", "name", "description"}) for product in products]
    goods = [product.model_dump(include={"sku", "stock", "list_price_cents"}) for product in products]
    for client, path, items in ((catalog, "/products", pages), (inventory.client, "/stock", goods)):
        try:
            client.put(path, json={"items": items}).raise_for_status()
        except httpx.HTTPError as error:
            logger.error("PUT %s of %d products: %s", path, len(items), error)
            raise Incomplete(str(error)) from error
    logger.info("%d products taken over", len(products))
