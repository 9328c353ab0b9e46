"""The traffic is the same everywhere, cheap for small tenants, and dear for large ones by its data alone."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from engine.packs.records import Pack

PROFILES = ("base", "trigger", "trigger-rich", "trigger-split", "stress")
SEEDS = (0, 1, 7, 2**31 - 1)


def orders_in(requests: Any) -> list[dict[str, Any]]:
    return [order for request in requests for order in json.loads(request.body)["orders"]]


def test_that_a_request_is_the_same_on_every_machine(traffic: Any) -> None:
    request = traffic.request("trigger", 5, 120)
    assert (request.method, request.path) == ("GET", "/tenants/nordhaus-85/orders?page=7&size=50")
    assert request == traffic.request("trigger", 5, 120)
    sent = [traffic.request("base", 5, index) for index in range(60)]
    assert sent != [traffic.request("base", 6, index) for index in range(60)]
    first = orders_in(traffic.opening("base", 5))[0]
    assert (first["number"], first["placed_at"]) == (10_001, "2026-01-05T08:00:00+00:00")


@pytest.mark.parametrize("call", ["request", "opening"])
def test_that_an_unknown_profile_is_refused(traffic: Any, call: str) -> None:
    with pytest.raises(KeyError):
        getattr(traffic, call)("nothing", 1, *([1] if call == "request" else []))


def test_that_every_level_plays_traffic_that_there_is(traffic: Any, pack: Pack) -> None:
    for level in pack.levels:
        for profile in pack.at_level(level.number).profiles:
            assert traffic.request(profile.asks, 3, 0).path.startswith("/tenants/")
            assert traffic.opening(profile.asks, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_that_a_page_of_a_small_tenant_costs_about_ten_statements(traffic: Any, seed: int) -> None:
    costs = []
    for tenant in traffic.small_tenants(seed):
        newest = tenant.history()[-3:]
        costs.append(2 + len(newest) + sum(len(order["items"]) for order in newest))
    assert 9 <= sum(costs) / len(costs) <= 13
    pages = [traffic.request("base", seed, index) for index in range(400)]
    sizes = [traffic.page_of(request)[1] for request in pages if "?" in request.path]
    assert set(sizes) == {3}
    assert len(sizes) > 320


@pytest.mark.parametrize("seed", SEEDS)
def test_that_a_page_of_the_large_tenant_costs_251_statements_for_its_rows(traffic: Any, seed: int) -> None:
    (tenant,) = traffic.large_tenants("trigger", seed)
    assert tenant.orders == 1000
    for index in range(40):
        number, size = traffic.page_of(traffic.request("trigger", seed, index))
        shown = tenant.orders_between(1000 - number * size, 1000 - (number - 1) * size)
        assert 1 + len(shown) + sum(len(order["items"]) for order in shown) == 251
        assert sum(len(order["parcels"]) for order in shown) >= 38


def test_that_the_harder_level_sends_an_order_in_several_parcels(traffic: Any) -> None:
    tenants = traffic.large_tenants("trigger-split", 3)
    sent = [order for tenant in tenants for order in tenant.history() if order["parcels"]]
    assert {len(order["parcels"]) for order in sent} == {1, 2, 3}
    sizes = Counter(traffic.page_of(traffic.request("trigger-split", 3, index))[1] for index in range(200))
    assert set(sizes) == {20, 50, 100}


@pytest.mark.parametrize("profile", PROFILES)
def test_that_an_opening_brings_every_order_in_once_in_few_requests(traffic: Any, profile: str) -> None:
    opening = traffic.opening(profile, 3)
    tenants = traffic.small_tenants(3) if profile == "base" else traffic.large_tenants(profile, 3)
    assert len(opening) <= 24
    assert {request.method for request in opening} == {"PUT"}
    names = Counter(
        (request.path.split("/")[2], order["number"]) for request in opening for order in orders_in([request])
    )
    assert sum(names.values()) == len(names) == sum(tenant.orders for tenant in tenants)


def test_that_tenants_of_different_profiles_have_different_names(traffic: Any) -> None:
    small = {tenant.name for tenant in traffic.small_tenants(3)}
    large = {tenant.name for profile in PROFILES[1:] for tenant in traffic.large_tenants(profile, 3)}
    assert not small & large


def test_that_tracking_numbers_are_as_the_carrier_knows_them_and_no_two_alike(traffic: Any) -> None:
    for profile in PROFILES:
        labels = [label for order in orders_in(traffic.opening(profile, 3)) for label in order["parcels"]]
        assert len(labels) == len(set(labels)) > 100
        assert all(re.fullmatch(r"[A-Z]{2}[0-9]{6,20}", label) for label in labels)


def test_that_the_judges_stores_have_empty_orders_bare_items_and_orders_of_one_minute(traffic: Any) -> None:
    orders = orders_in(traffic.opening("stress", 3))
    assert [order for order in orders if not order["items"]]
    assert [item for order in orders for item in order["items"] if not item["options"]]
    assert max(Counter(order["placed_at"] for order in orders).values()) >= 3


def test_that_new_orders_are_the_newest_and_no_number_comes_twice(traffic: Any) -> None:
    tenant = traffic.small_tenants(3)[0]
    orders = [*tenant.history(), *(tenant.new_order(place) for place in (0, 3, 40_000))]
    assert orders == sorted(orders, key=lambda order: (order["placed_at"], order["number"]))
    assert len({order["number"] for order in orders}) == len(orders)


def test_that_each_fault_makes_a_page_wait(module: Any) -> None:
    found = module("contributions").contributions(3)
    assert [contribution.note.split(",")[0] for contribution in found][:2] == ["50 a page", "200 a page"]
    assert all(contribution.absolute_per_minute >= 5000 for contribution in found)
