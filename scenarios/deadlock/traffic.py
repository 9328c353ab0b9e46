"""The requests of the shop's customers: product pages and orders by day, a flash sale on top of it.

What each traffic holds, and why:

base: two product pages to three orders, one product an order, spread over the whole assortment.
trigger: the flash sale. Offers open once a second and close when they are gone, so apps that wait for one all send
    at the same instant: six customers of every eight come back with the same cart for the next opening. Their first
    carts come evenly, at `SALES[...].rate_per_s` a second, which scenario.toml must agree with.
trigger-1: a sale for beginners: larger openings.
trigger-3: bundles of up to three products out of six, in any order; an opening every two seconds.

An index and a seed give the same request everywhere: all draws come from one hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.packs.api import Request

_T = TypeVar("_T")

_NOUNS = (
    "kettle", "lamp", "blanket", "teapot", "bookend", "basket", "mirror", "cushion", "vase", "tray",
    "stool", "clock", "candle", "apron", "board", "frame", "hook", "jug", "mug", "plate",
)  # fmt: skip
_COLOURS = ("grey", "blue", "oak", "white", "moss", "clay", "navy", "sand")

EVERYDAY_PRODUCTS = 40
_PRODUCTS_AN_IMPORT = 20
_STOCK = 20_000_000
_OPENED_AFTER_S = 0.9375
"""how long after its first customer an opening is; all who come back meet there"""


@dataclass(frozen=True, slots=True)
class Sale:
    """A flash sale's shape: of every `block` customers the first `come_back` meet at one instant."""

    rate_per_s: int
    block: int
    come_back: int
    products: int
    most_lines: int


SALES = {
    "trigger": Sale(rate_per_s=8, block=8, come_back=6, products=24, most_lines=1),
    "trigger-1": Sale(rate_per_s=12, block=12, come_back=10, products=24, most_lines=1),
    "trigger-3": Sale(rate_per_s=6, block=12, come_back=6, products=6, most_lines=3),
}


class Draws:
    """Numbers from a hash of what they are for; the same everywhere and for ever."""

    def __init__(self, *what: object) -> None:
        digest = hashlib.blake2b(":".join(map(str, what)).encode(), digest_size=64).digest()
        self._bits = int.from_bytes(digest, "big")

    def below(self, limit: int) -> int:
        """A whole number from 0 up to and without `limit`."""
        self._bits, drawn = divmod(self._bits, limit)
        return drawn

    def of(self, choices: Sequence[_T]) -> _T:
        """One of them."""
        return choices[self.below(len(choices))]

    def some(self, choices: Sequence[_T], count: int) -> list[_T]:
        """So many different ones, in any order."""
        left = list(choices)
        return [left.pop(self.below(len(left))) for _ in range(count)]


def request(profile: str, seed: int, index: int) -> Request:
    """The request number `index` of a traffic. Raises KeyError for an unknown one."""
    draws = Draws(seed, profile, index)
    if profile == "base":
        return _everyday(seed, index, draws)
    return _sale(SALES[profile], profile, seed, index, draws)


def opening(profile: str, seed: int) -> Sequence[Request]:
    """What the assortment team sends before a profile's customers come: its products, idempotent."""
    products = [product(sku, seed) for sku in skus(profile, seed)]
    parts = range(0, len(products), _PRODUCTS_AN_IMPORT)
    return [put_products(products[start : start + _PRODUCTS_AN_IMPORT]) for start in parts]


def skus(profile: str, seed: int) -> list[str]:
    """The products of a profile. Raises KeyError for an unknown one."""
    is_everyday = profile == "base"
    count = EVERYDAY_PRODUCTS if is_everyday else SALES[profile].products
    first = Draws(seed, "skus").below(50) * 100 + (0 if is_everyday else 5000)
    return [f"{_NOUNS[(number + seed) % len(_NOUNS)]}-{first + number:04d}" for number in range(count)]


def product(sku: str, seed: int) -> dict[str, Any]:
    """A product as it is imported: its list price is in whole euros."""
    draws = Draws(seed, "product", sku)
    noun, colour = sku.partition("-")[0], draws.of(_COLOURS)
    return {
        "sku": sku,
        "name": f"{noun.capitalize()}, {colour}",
        "description": f"A {colour} {noun}, {10 + draws.below(50)} cm.",
        "stock": _STOCK,
        "list_price_cents": 100 * (5 + draws.below(195)),
    }


def post_order(
    customer: str, lines: Sequence[tuple[str, int]], repeat_after_s: float | None = None
) -> Request:
    """An order of (SKU, quantity) pairs."""
    body = {"customer": customer, "lines": [{"sku": sku, "quantity": count} for sku, count in lines]}
    return _json("POST", "/orders", body, repeat_after_s)


def put_products(products: Sequence[dict[str, Any]]) -> Request:
    """An import of products."""
    return _json("PUT", "/products", {"products": list(products)}, None)


def _json(method: str, path: str, body: dict[str, Any], repeat_after_s: float | None) -> Request:
    return Request(
        method, path, {"content-type": "application/json"}, json.dumps(body).encode(), repeat_after_s
    )


def _everyday(seed: int, index: int, draws: Draws) -> Request:
    sku = draws.of(skus("base", seed))
    if index % 5 in (1, 3):
        return Request("GET", f"/products/{sku}")
    return post_order(_customer("d", seed, draws.below(400)), [(sku, 1 + draws.below(3))])


def _sale(sale: Sale, profile: str, seed: int, index: int, draws: Draws) -> Request:
    chosen = draws.some(skus(profile, seed), 1 + draws.below(sale.most_lines))
    lines = [(sku, 1 + draws.below(4)) for sku in chosen]
    place = index % sale.block
    back_after_s = _OPENED_AFTER_S - place / sale.rate_per_s if place < sale.come_back else None
    return post_order(_customer("f", seed, draws.below(5000)), lines, back_after_s)


def _customer(group: str, seed: int, number: int) -> str:
    return f"cu-{group}{Draws(seed, 'customers').below(900) + 100}-{number:04d}"
