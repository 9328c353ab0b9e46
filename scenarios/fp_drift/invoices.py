"""The judge's own requests: invoices made for one question each, under keys and customers of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.packs.api import Request

from . import exact, traffic

TIE_PRICES = ("2.675", "1.005", "0.015", "0.045", "0.075", "8.165", "0.285", "1.115")
"""prices that end in half a cent and whose double is below that"""

Usage = Mapping[str, Any]


class Invoices:
    """Requests with what each must come to."""

    def __init__(self, seed: int, tag: str) -> None:
        self._prefix = f"{tag}{seed % 9973:04d}"
        self.requests: list[Request] = []
        self.expected: dict[str, exact.Expected] = {}

    def customer(self, number: int) -> str:
        """A customer whom only these invoices charge."""
        return f"cu-{self._prefix}-{number}"

    def charge(self, usage: Usage) -> str:
        """Add a charge; its key."""
        key = self._key()
        self.requests.append(traffic.post_charge(key, dict(usage)))
        self.expected[key] = exact.of_usage(usage)
        return key

    def refund(self, charge_key: str) -> str:
        """Add the refund of a charge; its key."""
        key = self._key()
        self.requests.append(traffic.post_refund(key, charge_key))
        self.expected[key] = exact.refund_of(self.expected[charge_key])
        return key

    def _key(self) -> str:
        return f"{self._prefix}-{len(self.requests):07d}"


def usage(
    customer: str,
    lines: Iterable[tuple[int, str]],
    discount: str = "0",
    tax: str = "0",
    split_between: int = 1,
) -> Usage:
    """The body of a charge from (quantity, unit price) pairs."""
    return {
        "customer": customer,
        "lines": [{"sku": "metered", "quantity": count, "unit_price": price} for count, price in lines],
        "discount_percent": discount,
        "tax_percent": tax,
        "split_between": split_between,
    }


def of_profile(
    profile: str, seed: int, indexes: Sequence[int], refunds: bool = True
) -> tuple[list[Request], dict[str, exact.Expected]]:
    """Requests of a load profile, with what each must come to by its key.

    Without refunds where their charges may come later or not at all.
    """
    sent = (traffic.request(profile, seed, index) for index in indexes)
    requests = [request for request in sent if refunds or request.path != "/refunds"]
    expected = {request.headers["idempotency-key"]: exact.of_request(request, seed) for request in requests}
    return requests, expected


def ties(seed: int) -> Invoices:
    """Charges that end in half a cent, of both signs."""
    made = Invoices(seed, "t")
    for number in range(48):
        price = TIE_PRICES[number % len(TIE_PRICES)]
        quantity = 1 + 2 * ((seed + 7 * number) % 40) if number >= len(TIE_PRICES) else 1
        sign = -1 if number % 2 else 1
        made.charge(usage(made.customer(number % 6), [(sign * quantity, price)]))
    return made


def sub_cent(seed: int) -> Invoices:
    """Very many units at a price far below a cent: 0.0049 x 100,000 is 490.00."""
    made = Invoices(seed, "u")
    made.charge(usage(made.customer(0), [(100_000, "0.0049")]))
    made.charge(usage(made.customer(0), [(50_000, "0.0049"), (50_000, "0.0049")]))
    made.charge(usage(made.customer(1), [(100, "0.0025")] * 80))
    made.charge(usage(made.customer(1), [(40_000, "0.00125")], discount="50"))
    return made


def splits(seed: int) -> Invoices:
    """Amounts that do not divide evenly, both signs."""
    made = Invoices(seed, "v")
    for number, count in enumerate((3, 7, 6, 12, 9, 11, 24, 5)):
        cents = 1000 + (seed * 37 + number * 1117) % 90_000
        sign = -1 if number % 3 == 2 else 1
        price = f"{cents // 100}.{cents % 100:02d}"
        made.charge(usage(made.customer(number % 3), [(sign, price)], split_between=count))
    return made


def large_with_small(seed: int) -> Invoices:
    """Cents onto a balance of ten million, and onto one of a hundred million."""
    made = Invoices(seed, "w")
    for number, price in enumerate(("9999999.99", "100000000.01")):
        made.charge(usage(made.customer(number), [(1, price)]))
        for step in range(12):
            made.charge(usage(made.customer(number), [(1 + (seed + step) % 9, "0.01")]))
    return made


def shuffled(seed: int, count: int) -> list[int]:
    """The numbers below `count` in an order that the seed chooses."""
    draws = traffic.Draws(seed, "order")
    left = list(range(count))
    return [left.pop(draws.below(len(left))) for _ in range(count)]
