"""The meter tells what became of orders from rows alone, and counts every order once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import pytest

Databases = Mapping[str, Any]
Read = Callable[[], Mapping[str, float]]


def create(databases: Databases) -> None:
    databases["orders"].execute("""
        CREATE TABLE orders (id bigserial PRIMARY KEY, status text, placed_at timestamptz DEFAULT now());
        CREATE TABLE order_lines (order_id bigint, sku text, quantity int);
    """)
    databases["inventory"].execute("CREATE TABLE stock (sku text PRIMARY KEY, received int, reserved int)")
    databases["inventory"].execute("INSERT INTO stock VALUES ('mug', 100, 0), ('jug', 5, 0)")


def place(databases: Databases, status: str, units: int = 1, age_s: int = 10) -> int:
    """An order of mugs as the shop leaves it; its number."""
    found = databases["orders"].execute(
        "INSERT INTO orders (status, placed_at) VALUES (%s, now() - make_interval(secs => %s)) RETURNING id",
        (status, age_s),
    )
    ((number,),) = found.fetchall()
    databases["orders"].execute("INSERT INTO order_lines VALUES (%s, 'mug', %s)", (number, units))
    if status == "accepted":
        databases["inventory"].execute(
            "UPDATE stock SET reserved = reserved + %s WHERE sku = 'mug'", (units,)
        )
    return int(number)


@pytest.fixture
def read(module: Callable[[str], ModuleType], databases: Databases) -> Read:
    meter = module("meter").Meter(21)
    return lambda: meter.read(databases)


def test_that_nothing_is_known_before_the_shop_has_its_tables(read: Read) -> None:
    assert read() == {}


def test_that_a_calm_shop_has_nothing_open_nothing_unclaimed_and_nothing_oversold(
    read: Read, databases: Databases
) -> None:
    create(databases)
    for _ in range(5):
        place(databases, "accepted", 2)
    place(databases, "refused")
    assert set(read().values()) == {0.0}


def test_that_orders_which_wait_are_open_until_they_are_decided(read: Read, databases: Databases) -> None:
    create(databases)
    waiting = [place(databases, "placed") for _ in range(4)]
    place(databases, "placed", age_s=0)
    place(databases, "accepted")
    assert read()["shop.orders_open"] == 4
    databases["orders"].execute("UPDATE orders SET status = 'failed' WHERE id = %s", (waiting[0],))
    values = read()
    assert (values["shop.orders_open"], values["shop.orders_failed"]) == (3, 1)


def test_that_an_order_which_nobody_will_decide_holds_up_no_reading(
    read: Read, databases: Databases, module: Callable[[str], ModuleType]
) -> None:
    create(databases)
    place(databases, "placed", age_s=1000)
    place(databases, "accepted", 3)
    meter = module("meter").Meter(21)
    first, second = meter.read(databases), meter.read(databases)
    assert first["shop.orders_open"] == second["shop.orders_open"] == 1
    assert first["shop.units_unclaimed"] == second["shop.units_unclaimed"] == 0
    assert meter._mark == 2


def test_that_accepted_orders_are_counted_by_the_second(read: Read, databases: Databases) -> None:
    create(databases)
    place(databases, "accepted")
    assert read()["shop.accepted_per_s"] == 0
    place(databases, "accepted")
    assert read()["shop.accepted_per_s"] > 0
    assert read()["shop.accepted_per_s"] == 0


def test_that_units_reserved_for_no_accepted_order_are_unclaimed(read: Read, databases: Databases) -> None:
    create(databases)
    place(databases, "accepted", 2)
    databases["inventory"].execute("UPDATE stock SET reserved = reserved + 3 WHERE sku = 'mug'")
    assert read()["shop.units_unclaimed"] == 3


def test_that_more_reserved_than_received_is_oversold(read: Read, databases: Databases) -> None:
    create(databases)
    databases["inventory"].execute("UPDATE stock SET reserved = 7 WHERE sku = 'jug'")
    assert read()["shop.units_oversold"] == 2
