"""What each fault alone does on the month-end run, all else being exact: the same statements as in the services."""

from __future__ import annotations

import heapq
import json
import struct
from collections import OrderedDict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from engine.packs.api import Contribution

from . import exact, traffic

_BASE_PER_S = 4
_TRIGGER_PER_S = 15
_SECONDS = 60
_RECENT = 40

_Errors = Iterator[float]


def contributions(seed: int) -> tuple[Contribution, ...]:
    """Cents a minute of every fault, on the first minute of the trigger's traffic under `seed`."""
    charges = list(_charges(seed))
    singles = {
        "half-cent ties by round() of a double": _ties(charges),
        "truncation by int(x * 100)": _truncation(charges),
        "split without the remainder": _splits(charges),
        "running balance in a REAL column": _balances(seed),
        "rounding each line (not in the services; a likely wrong fix)": _each_line(charges),
    }
    found = [_contribution(fault, list(errors)) for fault, errors in singles.items()]
    rates_per_s = {"base": _BASE_PER_S, "trigger": _TRIGGER_PER_S}
    found.append(_doubled(seed, rates_per_s, "base and trigger together"))
    found.append(_doubled(seed, {"base": _BASE_PER_S}, "base alone"))
    return tuple(found)


def _contribution(fault: str, errors: list[float]) -> Contribution:
    off = sum(1 for error in errors if error)
    note = f"{off} of {len(errors)} off"
    return Contribution(fault, round(sum(map(abs, errors)), 2), round(sum(errors), 2), "cents", note)


def _charges(seed: int) -> Iterator[dict[str, Any]]:
    for index in range(_TRIGGER_PER_S * _SECONDS):
        body = json.loads(traffic.request("trigger", seed, index).body)
        if "charge_key" not in body:
            yield body


def _ties(charges: list[dict[str, Any]]) -> _Errors:
    for body in charges:
        total = 0.0
        for line in body["lines"]:
            total += line["quantity"] * float(line["unit_price"])
        total *= 1 - float(body["discount_percent"]) / 100
        total *= 1 + float(body["tax_percent"]) / 100
        yield round(round(total, 2) * 100) - exact.of_usage(body).cents


def _truncation(charges: list[dict[str, Any]]) -> _Errors:
    for body in charges:
        cents = exact.of_usage(body).cents
        yield int(cents / 100 * 100) - cents


def _splits(charges: list[dict[str, Any]]) -> _Errors:
    for body in charges:
        charge = exact.of_usage(body)
        share = round(charge.cents / 100 / max(1, len(charge.parts)), 2)
        for part in charge.parts:
            yield round(share * 100) - part


def _each_line(charges: list[dict[str, Any]]) -> _Errors:
    for body in charges:
        total = sum(exact.to_cents(exact.total({"lines": [line]})) for line in body["lines"])
        rest = {"lines": [{"quantity": 1, "unit_price": Fraction(total, 100)}]}
        yield exact.to_cents(exact.total({**body, **rest})) - exact.of_usage(body).cents


def _balances(seed: int) -> _Errors:
    """The error after the minute of each account that is kept in single precision."""
    stored: dict[str, float] = {}
    true: dict[str, int] = {}
    for index in range(_TRIGGER_PER_S * _SECONDS):
        charge = exact.of_index("trigger", seed, index)
        before = stored.get(charge.customer, 0.0)
        stored[charge.customer] = _single(before + _single(charge.cents / 100))
        true[charge.customer] = true.get(charge.customer, 0) + charge.cents
    for customer, balance in stored.items():
        yield exact.to_cents(Fraction(balance)) - true[customer]


def _single(number: float) -> float:
    value: float = struct.unpack("f", struct.pack("f", number))[0]
    return value


def _doubled(seed: int, rates_per_s: dict[str, int], note: str) -> Contribution:
    """Cents charged again because a key was no longer among the recent ones when its client repeated it."""
    charged: set[str] = set()
    recent: OrderedDict[str, None] = OrderedDict()
    again: list[float] = []
    for _, key in heapq.merge(*(_sends(profile, seed, rate) for profile, rate in rates_per_s.items())):
        if key in recent:
            continue
        expected = exact.of_key(key, seed)
        if key in charged and expected:
            again.append(float(expected.cents))
        charged.add(key)
        recent[key] = None
        if len(recent) > _RECENT:
            recent.popitem(last=False)
    doubled = f"{len(again)} charged twice; {note}"
    return Contribution("recent keys: retries", sum(map(abs, again)), sum(again), "cents", doubled)


def _sends(profile: str, seed: int, rate_per_s: int) -> list[tuple[float, str]]:
    """When which key is sent in the minute, repeats included."""
    sends: list[tuple[float, str]] = []
    for index in range(rate_per_s * _SECONDS):
        request = traffic.request(profile, seed, index)
        at_s, key = index / rate_per_s, request.headers["idempotency-key"]
        sends.append((at_s, key))
        if request.repeat_after_s is not None:
            sends.append((at_s + request.repeat_after_s, key))
    return sorted(sends)
