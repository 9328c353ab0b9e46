"""The traffic is the same everywhere, calm by day, and in a sale comes in openings that meet at one instant."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from engine.packs.records import Pack

SEEDS = (0, 1, 7, 2**31 - 1)
PROFILES = ("base", "trigger", "trigger-1", "trigger-3")


def arrivals_ms(traffic: Any, sale: str, seed: int, count: int, first: int = 0) -> Counter[int]:
    """How many requests arrive in which millisecond, when the first is sent at nought."""
    rate_per_s = traffic.SALES[sale].rate_per_s
    found: Counter[int] = Counter()
    for index in range(first, first + count):
        sent_ms = (index - first) * 1e3 / rate_per_s
        found[round(sent_ms)] += 1
        after_s = traffic.request(sale, seed, index).repeat_after_s
        if after_s is not None:
            found[round(sent_ms + after_s * 1e3)] += 1
    return found


def test_that_a_request_is_the_same_on_every_machine(traffic: Any) -> None:
    request = traffic.request("trigger", 5, 120)
    assert (request.method, request.path, request.repeat_after_s) == ("POST", "/orders", 0.9375)
    assert request == traffic.request("trigger", 5, 120)
    assert request != traffic.request("trigger", 6, 120)
    assert json.loads(request.body) == {
        "customer": "cu-f565-0923",
        "lines": [{"sku": "mirror-6101", "quantity": 1}],
    }


@pytest.mark.parametrize("profile", PROFILES)
def test_that_seeds_change_customers_products_and_amounts(traffic: Any, profile: str) -> None:
    one, other = ([traffic.request(profile, seed, index) for index in range(200)] for seed in (1, 2))
    assert not set(traffic.skus(profile, 1)) & set(traffic.skus(profile, 2))
    assert [request.body for request in one] != [request.body for request in other]
    assert [request.path for request in one if request.method == "GET"] != [
        request.path for request in other if request.method == "GET"
    ] or profile != "base"


def test_that_an_unknown_profile_is_refused(traffic: Any) -> None:
    for ask in (lambda: traffic.request("nothing", 1, 1), lambda: traffic.opening("nothing", 1)):
        with pytest.raises(KeyError):
            ask()


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("seed", SEEDS)
def test_that_an_opening_brings_in_every_product_that_is_asked_for(
    traffic: Any, profile: str, seed: int
) -> None:
    brought = [
        product
        for request in traffic.opening(profile, seed)
        for product in json.loads(request.body)["products"]
    ]
    assert traffic.opening(profile, seed) == traffic.opening(profile, seed)
    assert {product["sku"] for product in brought} == set(traffic.skus(profile, seed))
    assert all(product["list_price_cents"] % 100 == 0 for product in brought)
    for index in range(300):
        request = traffic.request(profile, seed, index)
        asked = {line["sku"] for line in json.loads(request.body or b'{"lines": []}')["lines"]}
        asked |= {request.path.rpartition("/")[2]} if request.method == "GET" else set()
        assert asked <= set(traffic.skus(profile, seed))


def test_that_everyday_and_sale_have_products_and_customers_of_their_own(traffic: Any) -> None:
    assert not set(traffic.skus("base", 3)) & set(traffic.skus("trigger", 3))
    customers = [
        {
            json.loads(request.body)["customer"]
            for request in (traffic.request(profile, 3, index) for index in range(400))
            if request.body
        }
        for profile in ("base", "trigger")
    ]
    assert not customers[0] & customers[1]


def test_that_everyday_customers_come_one_by_one(traffic: Any) -> None:
    sent = [traffic.request("base", 3, index) for index in range(500)]
    assert all(request.repeat_after_s is None for request in sent)
    assert Counter(request.method for request in sent) == {"POST": 300, "GET": 200}


@pytest.mark.parametrize("sale", PROFILES[1:])
@pytest.mark.parametrize("first", [0, 1, 5, 1000])
def test_that_more_customers_meet_at_an_opening_than_orders_has_workers(
    traffic: Any, pack: Pack, sale: str, first: int
) -> None:
    level = {"trigger": 2, "trigger-1": 1, "trigger-3": 3}[sale]
    workers = pack.at_level(level).service("orders").workers
    shape = traffic.SALES[sale]
    met = arrivals_ms(traffic, sale, 3, 10 * shape.block, first)
    openings = [instant for instant, count in sorted(met.items()) if count > workers]
    assert len(openings) >= 9
    assert openings[0] <= (2 * shape.block / shape.rate_per_s + 1) * 1e3


@pytest.mark.parametrize("level", [1, 2, 3])
def test_that_the_sale_is_sent_at_the_rate_that_its_openings_are_made_for(
    traffic: Any, pack: Pack, level: int
) -> None:
    for name in ("trigger", "stress"):
        profile = pack.at_level(level).profile(name)
        assert profile.rate_per_s == traffic.SALES[profile.asks].rate_per_s


def test_that_bundles_name_the_same_products_in_both_orders(traffic: Any) -> None:
    pairs = Counter()
    for index in range(300):
        lines = json.loads(traffic.request("trigger-3", 3, index).body)["lines"]
        pairs[tuple(line["sku"] for line in lines[:2])] += 1
    both = [pair for pair in pairs if len(pair) == 2 and tuple(reversed(pair)) in pairs]
    assert len(both) >= 10
    assert all(
        len(json.loads(traffic.request("trigger", 3, index).body)["lines"]) == 1 for index in range(100)
    )
