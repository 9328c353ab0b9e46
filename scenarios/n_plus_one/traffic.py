"""The requests of the storefront's tenants, and the orders that they bring along.

What each profile holds, and why:

base: two dozen small shops. Their start page shows their three newest orders, of one to three items each; now and
    then one is opened, one changes its state, one comes in.
trigger: a department store that has just moved in with a history of a thousand orders of four items each. Its
    service desk looks at pages of fifty.
trigger-rich (level 1): the same store with seven to nine items in each order.
trigger-split (level 3): the same for two stores that send an order in up to three parcels and look at pages of
    several sizes.
stress: the judge's. Stores of another size, orders without items, several of the same minute, pages of several sizes.

Nothing is stored but through the storefront's own calls: `opening` has the imports that a profile begins with, which
may be sent again. An index and a seed give the same request everywhere: all draws come from one hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from engine.packs.api import Request

Order = dict[str, Any]

FIRST_NUMBER = 10_001
_FIRST_DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
_PER_IMPORT = 125
_SHOPS = (
    "alder", "birch", "cedar", "dogwood", "elder", "fir", "gorse", "hazel", "ivy", "juniper", "kale", "larch",
    "maple", "nettle", "oak", "pine", "quince", "rowan", "spruce", "thyme", "ulmus", "vetch", "willow", "yarrow",
)  # fmt: skip
_GOODS = ("mug", "lamp", "chair", "scarf", "print", "kettle", "notebook", "cushion", "vase", "clock")
_OPTIONS = {
    "colour": ("sand", "slate", "moss", "brick", "ivory"),
    "size": ("S", "M", "L", "XL"),
    "gift wrap": ("plain", "festive"),
    "engraving": ("initials", "date"),
}

_T = TypeVar("_T")


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

    def percent(self, share: int) -> bool:
        """True in so many of a hundred cases."""
        return self.below(100) < share


@dataclass(frozen=True, slots=True)
class Tenant:
    """A shop and what its history is like: `items` and `parcels` are the fewest and the most of an order."""

    name: str
    seed: int
    orders: int
    items: tuple[int, int]
    parcels: tuple[int, int] = (1, 1)
    per_day: int = 24

    def history(self) -> list[Order]:
        """All the orders that it brings along, by number; the newest two have not left yet."""
        return self.orders_between(0, self.orders)

    def orders_between(self, first: int, end: int) -> list[Order]:
        """Those of them from the place `first` up to and without `end`, the oldest at 0."""
        return [self._order(place, is_sent=place < self.orders - 2) for place in range(first, end)]

    def new_order(self, place: int) -> Order:
        """An order that comes in later, the `place`th of them."""
        return self._order(self.orders + place, is_sent=False)

    def _order(self, place: int, is_sent: bool) -> Order:
        draws = Draws(self.seed, self.name, place)
        is_sent = draws.percent(92) and is_sent
        fewest, most = self.items
        count = fewest + draws.below(most - fewest + 1)
        return {
            "number": FIRST_NUMBER + place,
            "placed_at": self._placed_at(place).isoformat(),
            "state": "dispatched" if is_sent else draws.of(("placed", "packed", "cancelled")),
            "items": [_item(Draws(self.seed, self.name, place, position)) for position in range(count)],
            "parcels": self._labels(draws) if is_sent else [],
        }

    def _placed_at(self, place: int) -> datetime:
        minutes = min(place, self.orders) * 1440 // self.per_day
        return _FIRST_DAY + timedelta(minutes=minutes, seconds=max(0, place - self.orders))

    def _labels(self, draws: Draws) -> list[str]:
        fewest, most = self.parcels
        count = fewest + draws.below(most - fewest + 1)
        return sorted(f"{draws.of(('PD', 'PX', 'QS'))}{draws.below(10**9):09d}" for _ in range(count))


def small_tenants(seed: int) -> tuple[Tenant, ...]:
    """The shops of the everyday traffic."""
    return tuple(
        Tenant(f"{shop}-{_digits(seed)}", seed, 12 + place % 9, (1, 3), per_day=6)
        for place, shop in enumerate(_SHOPS)
    )


def large_tenants(profile: str, seed: int) -> tuple[Tenant, ...]:
    """The stores that come with a profile."""
    if profile == "trigger":
        return (Tenant(f"nordhaus-{_digits(seed)}", seed, 1000, (4, 4)),)
    if profile == "trigger-rich":
        return (Tenant(f"nordhaus-{_digits(seed)}", seed, 1000, (7, 9)),)
    if profile == "trigger-split":
        first = Tenant(f"nordhaus-{_digits(seed)}", seed, 600, (2, 6), (1, 3))
        return (first, Tenant(f"sundby-{_digits(seed)}", seed, 400, (3, 5), (1, 3)))
    names = ("bazaar", "emporium")
    return tuple(Tenant(f"{name}-{_digits(seed)}", seed, 230, (0, 6), (1, 2), per_day=4320) for name in names)


def opening(profile: str, seed: int) -> Sequence[Request]:
    """The imports that bring a profile's tenants in. Raises KeyError for an unknown profile."""
    _require(profile)
    tenants = small_tenants(seed) if profile == "base" else large_tenants(profile, seed)
    return [request for tenant in tenants for request in imports(tenant.name, tenant.history())]


def request(profile: str, seed: int, index: int) -> Request:
    """The request number `index` of a profile. Raises KeyError for an unknown profile."""
    _require(profile)
    draws = Draws(seed, profile, index)
    if profile == "base":
        return _everyday(draws.of(small_tenants(seed)), index, draws)
    tenant = draws.of(large_tenants(profile, seed))
    if profile in ("trigger", "trigger-rich"):
        return page(tenant.name, 1 + min(draws.below(20), draws.below(8)), 50)
    size = draws.of((20, 50, 50, 100) if profile == "trigger-split" else (10, 20, 50))
    return page(tenant.name, 1 + draws.below(max(1, min(6, tenant.orders // size))), size)


def page(tenant: str, number: int = 1, size: int = 50) -> Request:
    """One page of a tenant's order history."""
    return Request("GET", f"/tenants/{tenant}/orders?page={number}&size={size}")


def page_of(request: Request) -> tuple[int, int]:
    """Number and size of the page that a request asks for."""
    number, size = (part.partition("=")[2] for part in request.path.partition("?")[2].split("&"))
    return int(number), int(size)


def imports(tenant: str, orders: Sequence[Order], per_import: int = _PER_IMPORT) -> list[Request]:
    """Orders brought in, as few requests as may be."""
    pieces = [orders[start : start + per_import] for start in range(0, len(orders), per_import)]
    return [_put(f"/tenants/{tenant}/orders", {"orders": piece}) for piece in pieces]


def state_change(tenant: str, number: int, state: str, parcels: Sequence[str] = ()) -> Request:
    """An order put into another state."""
    body: dict[str, Any] = {"state": state, "parcels": list(parcels)}
    return _put(f"/tenants/{tenant}/orders/{number}/state", body)


def _everyday(tenant: Tenant, index: int, draws: Draws) -> Request:
    kind = draws.below(100)
    if kind < 3:
        return imports(tenant.name, [tenant.new_order(index)])[0]
    if kind < 8:
        waiting = FIRST_NUMBER + tenant.orders - 1 - draws.below(2)
        return state_change(tenant.name, waiting, draws.of(("packed", "cancelled")))
    if kind < 14:
        number = FIRST_NUMBER + draws.below(tenant.orders)
        return Request("GET", f"/tenants/{tenant.name}/orders/{number}")
    return page(tenant.name, 1 + draws.below(4), 3)


def _item(draws: Draws) -> dict[str, Any]:
    names = [name for name in _OPTIONS if draws.percent(35)]
    return {
        "sku": f"{draws.of(_GOODS)}-{draws.below(90) + 10}",
        "title": f"{draws.of(('Plain', 'Striped', 'Handmade', 'Large', 'Small'))} {draws.of(_GOODS)}",
        "quantity": 1 + draws.below(3),
        "price_cents": 390 + 10 * draws.below(900),
        "options": [
            {"name": name, "value": draws.of(_OPTIONS[name]), "price_cents": 50 * draws.below(6)}
            for name in names
        ],
    }


def _put(path: str, body: dict[str, Any]) -> Request:
    return Request("PUT", path, {"content-type": "application/json"}, json.dumps(body).encode())


def _digits(seed: int) -> str:
    return f"{Draws(seed, 'tenants').below(90) + 10}"


def _require(profile: str) -> None:
    if profile not in ("base", "trigger", "trigger-rich", "trigger-split", "stress"):
        raise KeyError(profile)
