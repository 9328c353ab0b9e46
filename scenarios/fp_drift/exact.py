"""What a request comes to by the contract, in whole numbers and fractions: independent of every service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from engine.packs.api import Request

from . import traffic


@dataclass(frozen=True, slots=True)
class Expected:
    """The charge (or refund, then negative) that a request must leave behind."""

    kind: str
    customer: str
    cents: int
    parts: tuple[int, ...]


def to_cents(amount: Fraction) -> int:
    """Euros to whole cents; half a cent goes away from zero."""
    twice, rest = divmod(abs(amount) * 200, 2)
    cents = int(twice) + (rest >= 1)
    return -cents if amount < 0 else cents


def total(usage: Mapping[str, Any]) -> Fraction:
    """All lines, less the discount, plus the tax, unrounded, in euros."""
    lines = sum(
        (Fraction(line["quantity"]) * Fraction(line["unit_price"]) for line in usage["lines"]), Fraction()
    )
    discount = 1 - Fraction(usage.get("discount_percent", "0")) / 100
    tax = 1 + Fraction(usage.get("tax_percent", "0")) / 100
    return lines * discount * tax


def split(cents: int, count: int) -> tuple[int, ...]:
    """The parts of an amount: equal ones, the rest to the last; none for an amount that is not split."""
    if count < 2:
        return ()
    sign, amount = (-1, -cents) if cents < 0 else (1, cents)
    share = amount // count
    return (*[sign * share] * (count - 1), sign * (amount - share * (count - 1)))


def of_usage(usage: Mapping[str, Any]) -> Expected:
    """The charge for a usage as sent."""
    cents = to_cents(total(usage))
    return Expected("charge", usage["customer"], cents, split(cents, usage.get("split_between", 1)))


def refund_of(charge: Expected) -> Expected:
    """The refund that gives a charge back."""
    return Expected("refund", charge.customer, -charge.cents, tuple(-part for part in charge.parts))


def of_request(request: Request, seed: int) -> Expected:
    """What a request of the traffic comes to."""
    body = json.loads(request.body)
    if "charge_key" not in body:
        return of_usage(body)
    origin = traffic.origin_of(body["charge_key"], seed)
    if origin is None:
        raise KeyError(body["charge_key"])
    return refund_of(of_index(origin[0], seed, origin[1]))


def of_index(profile: str, seed: int, index: int) -> Expected:
    """What the request number `index` of a profile comes to."""
    return of_request(traffic.request(profile, seed, index), seed)


@lru_cache(maxsize=4096)
def of_key(key: str, seed: int) -> Expected | None:
    """What a stored key must have left behind; None for a key that the traffic did not make."""
    origin = traffic.origin_of(key, seed)
    return of_index(origin[0], seed, origin[1]) if origin else None
