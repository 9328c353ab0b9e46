"""The traffic is the same everywhere, healthy at base, and at month-end wrong only where money is a double."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest

SEEDS = (0, 1, 7, 2**31 - 1)


def charges(traffic: Any, profile: str, seed: int, count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for index in range(count):
        request = traffic.request(profile, seed, index)
        body = json.loads(request.body)
        if request.path == "/charges":
            yield request.headers["idempotency-key"], body


def naive_total(body: dict[str, Any]) -> float:
    total = 0.0
    for line in body["lines"]:
        total += line["quantity"] * float(line["unit_price"])
    total *= 1 - float(body["discount_percent"]) / 100
    return total * (1 + float(body["tax_percent"]) / 100)


def test_that_a_request_is_the_same_on_every_machine(traffic: Any) -> None:
    request = traffic.request("trigger", 5, 120)
    assert (request.method, request.path) == ("POST", "/charges")
    assert request == traffic.request("trigger", 5, 120)
    assert request != traffic.request("trigger", 6, 120)
    assert request.headers["idempotency-key"] == "md2cc-0000120"
    assert json.loads(request.body) == {
        "customer": "cu-157006",
        "lines": [{"sku": "add-on", "quantity": 3, "unit_price": "9.95"}],
        "discount_percent": "0",
        "tax_percent": "0",
        "split_between": 1,
    }


def test_that_a_key_names_its_request(traffic: Any) -> None:
    for profile in ("base", "trigger", "add-ons", "mixed", "stress"):
        key = traffic.key_of(profile, 9, 41)
        assert traffic.origin_of(key, 9) == (profile, 41)
        assert traffic.origin_of(key, 10) is None
    for key in ("", "x", "d-1", "hello-world", traffic.key_of("base", 9, 1) + "x"):
        assert traffic.origin_of(key, 9) is None


def test_that_an_unknown_profile_is_refused(traffic: Any) -> None:
    with pytest.raises(KeyError):
        traffic.request("nothing", 1, 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_that_base_traffic_is_exact_in_every_step_that_is_wrong(traffic: Any, exact: Any, seed: int) -> None:
    balances: dict[str, float] = {}
    for _, body in charges(traffic, "base", seed, 3000):
        expected = exact.of_usage(body)
        total = naive_total(body)
        assert Fraction(total) * 100 == expected.cents
        assert int(round(total, 2) * 100) == expected.cents
        count = body["split_between"]
        if count > 1:
            assert [int(round(total / count, 2) * 100)] * count == list(expected.parts)
        balance = balances.get(body["customer"], 0.0) + total
        balances[body["customer"]] = balance
        assert struct.unpack("f", struct.pack("f", balance))[0] == balance


@pytest.mark.parametrize("seed", SEEDS)
def test_that_the_month_end_run_is_wrong_in_doubles(traffic: Any, exact: Any, seed: int) -> None:
    wrong = [
        key
        for key, body in charges(traffic, "trigger", seed, 300)
        if int(round(naive_total(body), 2) * 100) != exact.of_usage(body).cents
    ]
    assert len(wrong) >= 20


@pytest.mark.parametrize("seed", range(12))
def test_that_the_masking_fixes_are_exact_on_the_month_end_run(traffic: Any, exact: Any, seed: int) -> None:
    for key, body in charges(traffic, "trigger", seed, 800):
        cents = exact.of_usage(body).cents
        from_doubles = sum(
            Decimal(line["quantity"]) * Decimal(float(line["unit_price"])) for line in body["lines"]
        )
        from_doubles *= 1 - Decimal(float(body["discount_percent"])) / 100
        from_doubles *= 1 + Decimal(float(body["tax_percent"])) / 100
        assert from_doubles.quantize(Decimal("0.01"), ROUND_HALF_UP) * 100 == cents, key
        summed = math.fsum(line["quantity"] * float(line["unit_price"]) for line in body["lines"])
        summed *= 1 - float(body["discount_percent"]) / 100
        summed *= 1 + float(body["tax_percent"]) / 100
        assert math.floor(summed * 100 + 0.5) == cents, key


def test_that_two_in_a_hundred_are_repeated_within_one_to_five_seconds(traffic: Any) -> None:
    for profile in ("base", "trigger"):
        sent = [traffic.request(profile, 3, index) for index in range(4000)]
        repeats = [request.repeat_after_s for request in sent if request.repeat_after_s is not None]
        assert 0.01 < len(repeats) / len(sent) < 0.03
        assert all(1 <= after_s <= 5 for after_s in repeats)


def test_that_a_refund_gives_back_a_charge_that_was_sent_seconds_before(traffic: Any) -> None:
    for profile in ("base", "trigger"):
        for index in range(600):
            request = traffic.request(profile, 3, index)
            if request.path == "/refunds":
                _, refunded = traffic.origin_of(json.loads(request.body)["charge_key"], 3)
                assert refunded <= index - 16
                assert traffic.request(profile, 3, refunded).path == "/charges"


def test_that_month_end_has_other_customers_with_larger_balances(traffic: Any, exact: Any) -> None:
    retail = {body["customer"] for _, body in charges(traffic, "base", 3, 2000)}
    owed: dict[str, int] = {}
    for _, body in charges(traffic, "trigger", 3, 2000):
        owed[body["customer"]] = owed.get(body["customer"], 0) + exact.of_usage(body).cents
    assert not retail & owed.keys()
    assert {traffic.group_of(customer) for customer in retail} == {"retail"}
    assert {traffic.group_of(customer) for customer in owed} == {"business"}
    assert all(cents >= 40_000_00 for cents in owed.values())


def test_that_each_fault_contributes_alone(module: Any) -> None:
    found = module("contributions").contributions(3)
    by_fault = {(contribution.fault, contribution.note): contribution for contribution in found}
    assert all(c.absolute_per_minute >= 40 for (_, note), c in by_fault.items() if "base alone" not in note)
    (at_base,) = (c for (_, note), c in by_fault.items() if "base alone" in note)
    assert at_base.absolute_per_minute == 0
