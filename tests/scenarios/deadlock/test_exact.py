"""The oracle says what the contract says, and allows for time exactly what the contract allows."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("units", "percent"),
    [(0, 0), (249, 0), (250, 1), (499, 1), (500, 2), (4999, 19), (5000, 20), (90_000, 20)],
)
def test_that_the_discount_is_a_percent_for_each_250_units_up_to_twenty(
    exact: Any, units: int, percent: int
) -> None:
    assert exact.discount_percent(units) == percent
    assert exact.unit_price_cents(5000, units) == 50 * (100 - percent)


@pytest.fixture
def shop(exact: Any) -> Any:
    """A shop in which 400 units of one product were ordered at second 100, and 400 more at second 200."""
    made = exact.Shop()
    made.take_over("mug", 1000, 5000)
    made.accept([("mug", 400)], 100.0)
    made.accept([("mug", 400)], 200.0)
    return made


def test_that_an_unmarked_price_counts_what_is_older_than_a_second(shop: Any) -> None:
    assert shop.fresh_prices("mug", 50.0, 50.1) == {1000}
    assert shop.fresh_prices("mug", 100.5, 100.6) == {1000, 990}
    assert shop.fresh_prices("mug", 101.1, 101.2) == {990}
    assert shop.fresh_prices("mug", 201.1, 201.2) == {970}


def test_that_a_price_may_be_of_any_moment_of_its_request(shop: Any) -> None:
    assert shop.fresh_prices("mug", 190.0, 210.0) == {990, 980, 970}


def test_that_a_marked_price_may_be_of_thirty_seconds_ago_and_no_older(shop: Any) -> None:
    assert 990 in shop.marked_prices("mug", 195.0, 220.0)
    assert 970 in shop.marked_prices("mug", 195.0, 220.0)
    assert 1000 not in shop.marked_prices("mug", 195.0, 220.0)
    assert shop.marked_prices("mug", 195.0, 230.0) == frozenset()


def test_that_a_new_list_price_counts_at_once_and_keeps_what_is_on_order(shop: Any) -> None:
    shop.take_over("mug", 2000, 5000)
    assert shop.fresh_prices("mug", 300.0, 300.1) == {1940}
    assert shop.reserved("mug") == 800


def test_that_an_order_is_in_stock_only_when_all_of_it_is(shop: Any) -> None:
    shop.take_over("jug", 1000, 2)
    assert shop.has([("mug", 4200), ("jug", 2)])
    assert not shop.has([("mug", 1), ("jug", 3)])
    assert not shop.has([("mug", 4201)])
