"""The requests of billing's clients: everyday retail by day, the month-end run of business customers on top of it.

What each profile holds, and why:

base: prices in multiples of 8 euros, 6.25 % tax, a discount of none or half. Every amount is then a multiple of
    a quarter euro, which doubles and (below four million) single-precision numbers hold exactly: healthy.
trigger: other customers, each with a contract fee of 40,000 to 2 million euros at first, and usage in blocks of 25
    units at sub-cent prices, often split between cost centres. Sums are multiples of an eighth of a euro, so
    every second one ends in half a cent. Of all such prices the tariff has those whose double is not below the
    decimal number (0.005, 0.035, but not 0.015). One charge in five is for add-ons at prices in whole cents.
add-ons: the month-end run of an easier drill. Prices in whole cents alone, no fees: only cutting off to cents shows.
mixed: that of a harder one. Three charges in four are exact, the rest as in the month-end run, with fees up to eight
    million euros and every twelfth request sent again: little drift, and charges twice that catch the eye first.
stress: the judge's. The trigger's shape on all tariffs and odd quantities.

An index and a seed give the same request everywhere: all draws come from one hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, TypeVar

from engine.packs.api import Request

_LETTERS = {"base": "d", "trigger": "m", "add-ons": "a", "mixed": "x", "stress": "s"}
"""a key names its profile by a letter that tells clients nothing"""

_PROFILES = {letter: profile for profile, letter in _LETTERS.items()}

_RETAIL = 60
_BUSINESS = 40

BASE_PRICES = ("8.00", "16.00", "24.00", "40.00", "64.00")
MONTH_END_PRICES = ("0.005", "0.025", "0.035", "0.055", "0.065", "0.085", "0.095", "0.125", "0.375")
ADD_ON_PRICES = ("4.35", "9.95", "19.99", "49.90", "1.15", "2.30")
ALL_PRICES = (*MONTH_END_PRICES, "0.015", "0.045", "0.075", "0.0049", "1.005", "2.675", "4.35", "19.99")

_REPEATED = 2
"""percent of the requests that their client sends again"""

_REPEATED_MIXED = 8

_HIGHEST_FEE = {"trigger": 2_000_000, "mixed": 8_000_000}
"""of the contract fees with which a month-end run begins"""

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


def request(profile: str, seed: int, index: int) -> Request:
    """The request number `index` of a profile. Raises KeyError for an unknown profile."""
    key = key_of(profile, seed, index)
    draws = Draws(seed, profile, index)
    repeated = _REPEATED_MIXED if profile == "mixed" else _REPEATED
    repeat_after_s = 1 + draws.below(41) / 10 if draws.percent(repeated) else None
    if _is_fee(profile, index):
        fee = _contract_fee(seed, index // 2, _HIGHEST_FEE[profile], draws)
        return _post("/charges", key, fee, None)
    refunded = _refunded(profile, index)
    if refunded is not None:
        body: dict[str, Any] = {"charge_key": key_of(profile, seed, refunded)}
        return _post("/refunds", key, body, repeat_after_s)
    return _post("/charges", key, _USAGE[profile](seed, draws), repeat_after_s)


def key_of(profile: str, seed: int, index: int) -> str:
    """The idempotency key of a request: profile letter, a prefix of the seed, index."""
    return f"{_LETTERS[profile]}{_prefix(seed)}-{index:07d}"


def origin_of(key: str, seed: int) -> tuple[str, int] | None:
    """The profile and index that a key was made from under this seed; None for any other key."""
    head, dash, number = key.partition("-")
    if not dash or not number.isdecimal() or head[1:] != _prefix(seed) or head[0] not in _PROFILES:
        return None
    return _PROFILES[head[0]], int(number)


def group_of(customer: str) -> str:
    """The group of a customer of this traffic: retail or business."""
    return "business" if customer[-4:] >= "7000" else "retail"


def post_charge(key: str, body: dict[str, Any], repeat_after_s: float | None = None) -> Request:
    """A charge with any content, for the judge's own invoices."""
    return _post("/charges", key, body, repeat_after_s)


def post_refund(key: str, charge_key: str) -> Request:
    """The refund of a charge."""
    return _post("/refunds", key, {"charge_key": charge_key}, None)


def _post(path: str, key: str, body: dict[str, Any], repeat_after_s: float | None) -> Request:
    headers = {"content-type": "application/json", "idempotency-key": key}
    return Request("POST", path, headers, json.dumps(body).encode(), repeat_after_s)


def _prefix(seed: int) -> str:
    return hashlib.blake2b(f"keys:{seed}".encode(), digest_size=2).hexdigest()


def _is_fee(profile: str, index: int) -> bool:
    """The month-end run begins with the contract fees, one to each customer, usage between them."""
    return profile in _HIGHEST_FEE and index < 2 * _BUSINESS and index % 2 == 0


def _refunded(profile: str, index: int) -> int | None:
    """The index of the charge that request `index` gives back (some seconds after it), or None for a charge."""
    before = index - (16 if profile == "base" else 45)
    if index % 25 != 24 or before < 0 or _is_fee(profile, before):
        return None
    return before


def _retail(seed: int, draws: Draws) -> dict[str, Any]:
    discount = draws.of(("0", "0", "0", "50"))
    lines = [
        {
            "sku": draws.of(("desk", "lamp", "seat", "shelf")),
            "quantity": 1 + draws.below(4),
            "unit_price": price,
        }
        for price in (draws.of(BASE_PRICES) for _ in range(1 + draws.below(3)))
    ]
    split = 2 if discount == "0" and draws.percent(6) else 1
    return _body(_customer(seed, 1000, draws.below(_RETAIL)), lines, discount, "6.25", split)


def _contract_fee(seed: int, number: int, highest: int, draws: Draws) -> dict[str, Any]:
    fee = {"sku": "contract", "quantity": 1, "unit_price": f"{40_000 + draws.below(highest - 39_999)}.00"}
    return _body(_customer(seed, 7000, number), [fee], "0", "0", 1)


def _month_end(seed: int, draws: Draws) -> dict[str, Any]:
    customer = _customer(seed, 7000, draws.below(_BUSINESS))
    if draws.percent(20):
        return _add_on(customer, draws)
    lines = [
        {"sku": draws.of(("calls", "storage", "seconds", "events")), "quantity": 25 * (1 + draws.below(120)),
         "unit_price": draws.of(MONTH_END_PRICES)}
        for _ in range(1 + draws.below(4))
    ]  # fmt: skip
    return _business(customer, lines, draws)


def _add_on(customer: str, draws: Draws) -> dict[str, Any]:
    line = {"sku": "add-on", "quantity": 1 + draws.below(9), "unit_price": draws.of(ADD_ON_PRICES)}
    return _body(customer, [line], "0", "0", _split(draws))


def _add_ons(seed: int, draws: Draws) -> dict[str, Any]:
    return {**_add_on(_customer(seed, 7000, draws.below(_BUSINESS)), draws), "split_between": 1}


def _mixed(seed: int, draws: Draws) -> dict[str, Any]:
    if draws.percent(25):
        return _month_end(seed, draws)
    line = {"sku": "seat", "quantity": 1 + draws.below(40), "unit_price": draws.of(BASE_PRICES)}
    return _body(_customer(seed, 7000, draws.below(_BUSINESS)), [line], "0", "6.25", 1)


def _stress(seed: int, draws: Draws) -> dict[str, Any]:
    lines = [
        {"sku": draws.of(("calls", "storage", "seconds", "events")), "quantity": 1 + draws.below(4000),
         "unit_price": draws.of(ALL_PRICES)}
        for _ in range(1 + draws.below(4))
    ]  # fmt: skip
    return _business(_customer(seed, 9000, draws.below(_BUSINESS)), lines, draws)


def _business(customer: str, lines: list[dict[str, Any]], draws: Draws) -> dict[str, Any]:
    discount = draws.of(("0", "0", "0", "0", "50"))
    tax = draws.of(("0", "0", "0", "0", "6.25"))
    return _body(customer, lines, discount, tax, _split(draws))


def _split(draws: Draws) -> int:
    return 3 + draws.below(5) if draws.percent(15) else 1


def _body(
    customer: str, lines: list[dict[str, Any]], discount: str, tax: str, split_between: int
) -> dict[str, Any]:
    return {
        "customer": customer,
        "lines": lines,
        "discount_percent": discount,
        "tax_percent": tax,
        "split_between": split_between,
    }


def _customer(seed: int, first: int, number: int) -> str:
    return f"cu-{Draws(seed, 'customers').below(90):02d}{first + number}"


_USAGE = {"base": _retail, "trigger": _month_end, "add-ons": _add_ons, "mixed": _mixed, "stress": _stress}
