"""What a page of order history must say by the contract, kept from the requests sent and beside every service."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

from engine.packs.api import Reply

from .traffic import Order

View = dict[str, Any]

_STATES = ("announced", "in_transit", "in_transit", "out_for_delivery", "delivered", "delivered", "delivered")
_DEPOTS = ("Aarhus", "Bremen", "Cork", "Dijon", "Espoo", "Faro", "Graz", "Hasselt", "Innsbruck", "Kaunas")


def parcel(tracking: str) -> View:
    """What the carrier says of a parcel."""
    digest = hashlib.blake2b(tracking.encode(), digest_size=3).digest()
    state, depot = _STATES[digest[0] % len(_STATES)], _DEPOTS[digest[1] % len(_DEPOTS)]
    return {"tracking": tracking, "state": state, "depot": depot}


def view(order: Order) -> View:
    """An order as it must be shown."""
    total_cents = sum(
        item["quantity"] * (item["price_cents"] + sum(option["price_cents"] for option in item["options"]))
        for item in order["items"]
    )
    shown = {name: order[name] for name in ("number", "placed_at", "state", "items")}
    return {
        **shown,
        "total_cents": total_cents,
        "parcels": [parcel(label) for label in sorted(order["parcels"])],
    }


class Book:
    """A tenant's orders, as the requests answered so far have left them."""

    def __init__(self, tenant: str, orders: Iterable[Order] = ()) -> None:
        self.tenant = tenant
        self._orders = {order["number"]: deepcopy(order) for order in orders}

    def add(self, order: Order) -> None:
        """An import of one order; a number that is known is left as it is."""
        self._orders.setdefault(order["number"], deepcopy(order))

    def change(self, number: int, state: str, parcels: Sequence[str] = ()) -> None:
        """A change of state, perhaps with new parcels."""
        order = self._orders[number]
        order["state"] = state
        order["parcels"] = sorted({*order["parcels"], *parcels})

    def newest(self) -> list[Order]:
        """All orders, the newest first; of the same time, the higher number first."""
        by_age = sorted(self._orders.values(), key=lambda order: (order["placed_at"], order["number"]))
        return by_age[::-1]

    def page(self, number: int, size: int) -> View:
        """One page as it must be answered."""
        shown = self.newest()[(number - 1) * size : number * size]
        return {
            "tenant": self.tenant,
            "page": number,
            "size": size,
            "total": len(self._orders),
            "orders": [view(order) for order in shown],
        }

    def labels(self, number: int, size: int) -> list[str]:
        """The tracking numbers on a page."""
        return [
            entry["tracking"] for order in self.page(number, size)["orders"] for entry in order["parcels"]
        ]


def difference(reply: Reply, wanted: View) -> str:
    """The first thing in which an answer is not what it must be, for people; empty when it is."""
    if reply.status != 200:
        return f"answered {reply.status or 'nothing in time'}"
    try:
        found = json.loads(reply.body)
    except ValueError:
        return f"answered {reply.body[:60]!r}"
    return _difference(found, wanted, "")


def _difference(found: Any, wanted: Any, where: str) -> str:
    """Keys that the contract does not name may be there beside those that it names."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        lost = [key for key in wanted if key not in found]
        if lost:
            return f"{where}.{lost[0]} is missing".lstrip(".")
        each = (_difference(found[key], wanted[key], f"{where}.{key}") for key in wanted)
        return next(filter(None, each), "")
    if isinstance(wanted, list) and isinstance(found, list):
        if len(found) != len(wanted):
            return f"{where} has {len(found)} entries, must have {len(wanted)}".lstrip(".")
        each = (
            _difference(f, w, f"{where}[{i}]") for i, (f, w) in enumerate(zip(found, wanted, strict=True))
        )
        return next(filter(None, each), "")
    if found == wanted or (where.endswith("placed_at") and _is_same_time(found, wanted)):
        return ""
    return f"{where} is {found!r:.40}, must be {wanted!r:.40}".lstrip(".")


def _is_same_time(found: Any, wanted: str) -> bool:
    try:
        return datetime.fromisoformat(found) == datetime.fromisoformat(wanted)
    except (TypeError, ValueError):
        return False
