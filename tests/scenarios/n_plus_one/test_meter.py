"""The meter tells what the storefront asks of its database, by the server's own counts."""

from __future__ import annotations

from typing import Any


def test_that_nothing_is_known_before_the_storefront_has_its_tables(module: Any, superuser: Any) -> None:
    assert module("meter").Meter(3).read({"storefront": superuser}) == {}


def test_that_orders_and_tenants_are_counted(module: Any, superuser: Any) -> None:
    superuser.execute("CREATE TABLE orders (tenant text)")
    superuser.execute("INSERT INTO orders VALUES ('alder'), ('alder'), ('birch')")
    values = module("meter").Meter(3).read({"storefront": superuser})
    assert values == {"history.orders": 3.0, "history.tenants": 2.0}


def test_that_statements_and_the_rows_of_each_are_the_storefronts_own(
    module: Any, superuser: Any, storefront: Any
) -> None:
    superuser.execute("CREATE TABLE orders (tenant text)")
    meter = module("meter").Meter(3)
    meter.read({"storefront": superuser})
    for _ in range(8):
        storefront.execute("SELECT n FROM generate_series(1, 3) AS n").fetchall()
        superuser.execute("SELECT n FROM generate_series(1, 50) AS n").fetchall()
    values = meter.read({"storefront": superuser})
    assert values["history.statements_per_s"] > 0
    assert values["history.rows_per_statement"] == 3.0
    assert "history.rows_per_statement" not in meter.read({"storefront": superuser})
