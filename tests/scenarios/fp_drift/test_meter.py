"""The meter tells what rows differ from their requests, whatever types they are stored in, and sees repairs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import pytest

SEED = 21
_PATIENCE_S = 15.0

Databases = Mapping[str, Any]


def create(databases: Databases, amount: str = "amount_cents bigint", balance: str = "balance real") -> None:
    databases["billing"].execute(f"""
        CREATE TABLE charges (id bigserial PRIMARY KEY, key text, customer text, {amount});
        CREATE TABLE charge_parts (charge_id bigint, position int, {amount}, PRIMARY KEY (charge_id, position));
        CREATE TABLE accounts (customer text PRIMARY KEY, {balance});
    """)
    databases["ledger"].execute(
        "CREATE TABLE entries (key text PRIMARY KEY, created_at timestamptz DEFAULT clock_timestamp())"
    )


def store(
    databases: Databases, traffic: Any, exact: Any, profile: str, indexes: range, euros: bool = False
) -> None:
    """Rows as an exact billing leaves them."""
    unit = 100 if euros else 1
    column = "amount" if euros else "amount_cents"
    with databases["billing"].cursor() as cursor:
        for index in indexes:
            key, charge = traffic.key_of(profile, SEED, index), exact.of_index(profile, SEED, index)
            cursor.execute(
                f"INSERT INTO charges (key, customer, {column}) VALUES (%s, %s, %s::numeric / {unit}) RETURNING id",
                (key, charge.customer, charge.cents),
            )
            ((row_id,),) = cursor.fetchall()
            for position, part in enumerate(charge.parts):
                cursor.execute(
                    f"INSERT INTO charge_parts VALUES (%s, %s, %s::numeric / {unit})",
                    (row_id, position, part),
                )
            databases["ledger"].execute("INSERT INTO entries (key) VALUES (%s)", (key,))
    rebuild(databases, column, unit)


def rebuild(databases: Databases, column: str = "amount_cents", unit: int = 1) -> None:
    databases["billing"].execute(
        "INSERT INTO accounts AS a "
        f"SELECT customer, sum({column}) * {unit} / 100 FROM charges GROUP BY customer "
        "ON CONFLICT (customer) DO UPDATE SET balance = excluded.balance"
    )


def until(read: Callable[[], Mapping[str, float]], series: str, value: float) -> Mapping[str, float]:
    """Read until the server has counted the change, which takes it up to a second."""
    deadline = time.monotonic() + _PATIENCE_S
    while (values := read())[series] != value:
        assert time.monotonic() < deadline, values
    return values


@pytest.fixture
def meter(module: Callable[[str], ModuleType], databases: Databases) -> Callable[[], Mapping[str, float]]:
    made = module("meter").Meter(SEED)
    return lambda: made.read(databases)


def test_that_nothing_is_known_before_billing_has_its_tables(
    meter: Callable[[], Mapping[str, float]],
) -> None:
    assert meter() == {}


@pytest.mark.parametrize(
    ("amount", "balance", "euros"),
    [
        ("amount_cents bigint", "balance numeric(16, 2)", False),
        ("amount numeric(16, 2)", "balance double precision", True),
        ("amount double precision", "balance numeric", True),
    ],
)
def test_that_exact_rows_are_0_cents_off_in_any_type(
    meter: Callable[[], Mapping[str, float]],
    databases: Databases,
    traffic: Any,
    exact: Any,
    amount: str,
    balance: str,
    euros: bool,
) -> None:
    create(databases, amount, balance)
    store(databases, traffic, exact, "base", range(30), euros)
    store(databases, traffic, exact, "trigger", range(60), euros)
    assert set(meter().values()) == {0.0}


def test_that_cents_count_where_a_table_has_both(
    meter: Callable[[], Mapping[str, float]], databases: Databases, traffic: Any, exact: Any
) -> None:
    create(databases, balance="balance numeric")
    store(databases, traffic, exact, "base", range(5))
    databases["billing"].execute("ALTER TABLE accounts ADD COLUMN balance_cents bigint")
    databases["billing"].execute("UPDATE accounts SET balance_cents = balance * 100, balance = 7")
    assert meter()["drift.absolute_cents"] == 0


def test_that_single_precision_shows_in_large_balances_only(
    meter: Callable[[], Mapping[str, float]], databases: Databases, traffic: Any, exact: Any
) -> None:
    create(databases)
    store(databases, traffic, exact, "base", range(60))
    assert meter()["drift.absolute_cents"] == 0
    store(databases, traffic, exact, "trigger", range(40, 120))
    databases["billing"].execute(
        "UPDATE accounts SET balance = balance + 2000000.33 WHERE customer LIKE '%7001'"
    )
    values = meter()
    assert values["drift.retail_cents"] == 0
    assert values["drift.business_cents"] == values["drift.absolute_cents"] > 0
    assert values["drift.charges_off"] == 0


def test_that_each_kind_of_error_is_counted_and_its_repair_seen(
    meter: Callable[[], Mapping[str, float]], databases: Databases, traffic: Any, exact: Any
) -> None:
    billing = databases["billing"]
    create(databases, balance="balance numeric")
    store(databases, traffic, exact, "trigger", range(40, 140))
    assert set(meter().values()) == {0.0}

    key = traffic.key_of("trigger", SEED, 50)
    billing.execute("UPDATE charges SET amount_cents = amount_cents - 1 WHERE key = %s", (key,))
    rebuild(databases)
    values = until(meter, "drift.charges_off", 1.0)
    assert values["drift.absolute_cents"] >= 1
    assert values["drift.net_cents"] == -1
    billing.execute("UPDATE charges SET amount_cents = amount_cents + 1 WHERE key = %s", (key,))
    rebuild(databases)
    until(meter, "drift.absolute_cents", 0.0)

    billing.execute("INSERT INTO charges (key, customer, amount_cents) SELECT key, customer, amount_cents FROM charges WHERE key = %s", (key,))  # fmt: skip  # noqa: E501
    rebuild(databases)
    values = meter()
    cents = abs(exact.of_key(key, SEED).cents)
    assert (values["drift.doubled_cents"], values["drift.absolute_cents"]) == (cents, 0)
    billing.execute("DELETE FROM charges WHERE id = (SELECT max(id) FROM charges)")
    rebuild(databases)
    until(meter, "drift.doubled_cents", 0.0)

    billing.execute("UPDATE charge_parts SET amount_cents = amount_cents + 2 WHERE position = 0")
    values = meter_until_parts(meter)
    assert values["drift.net_cents"] > 0


def meter_until_parts(read: Callable[[], Mapping[str, float]]) -> Mapping[str, float]:
    deadline = time.monotonic() + _PATIENCE_S
    while not (values := read())["drift.charges_off"]:
        assert time.monotonic() < deadline
    return values


def test_that_deleted_rows_are_missed(
    meter: Callable[[], Mapping[str, float]], databases: Databases, traffic: Any, exact: Any
) -> None:
    create(databases, balance="balance numeric")
    store(databases, traffic, exact, "base", range(20))
    meter()
    key = traffic.key_of("base", SEED, 3)
    databases["billing"].execute("DELETE FROM charges WHERE key = %s", (key,))
    databases["billing"].execute("DELETE FROM accounts")
    rebuild(databases)
    values = until(meter, "drift.charges_off", 1.0)
    assert values["drift.net_cents"] == -exact.of_key(key, SEED).cents


def test_that_a_row_which_comes_late_with_a_lower_id_is_not_overlooked(
    meter: Callable[[], Mapping[str, float]], databases: Databases, traffic: Any, exact: Any
) -> None:
    create(databases, balance="balance numeric")
    databases["billing"].execute("ALTER SEQUENCE charges_id_seq RESTART WITH 100")
    store(databases, traffic, exact, "base", range(20))
    meter()
    charge = exact.of_index("base", SEED, 30)
    databases["billing"].execute(
        "INSERT INTO charges (id, key, customer, amount_cents) VALUES (90, %s, %s, %s)",
        (traffic.key_of("base", SEED, 30), charge.customer, charge.cents + 5),
    )
    rebuild(databases)
    assert until(meter, "drift.charges_off", 1.0)["drift.net_cents"] == 5


def test_that_lost_columns_are_an_error_and_not_0_cents(
    meter: Callable[[], Mapping[str, float]], databases: Databases, traffic: Any, exact: Any
) -> None:
    create(databases)
    store(databases, traffic, exact, "base", range(3))
    meter()
    databases["billing"].execute("ALTER TABLE accounts RENAME balance TO owed")
    with pytest.raises(Exception, match="accounts has neither balance nor balance_cents"):
        meter()
    databases["billing"].execute("DROP TABLE accounts")
    with pytest.raises(Exception, match="the table accounts is not there"):
        meter()


def test_that_keys_of_somebody_else_do_not_count(
    meter: Callable[[], Mapping[str, float]], databases: Databases, traffic: Any, exact: Any
) -> None:
    create(databases, balance="balance numeric")
    store(databases, traffic, exact, "base", range(3))
    databases["billing"].execute(
        "INSERT INTO charges (key, customer, amount_cents) VALUES ('by-hand', 'me', 123)"
    )
    databases["ledger"].execute("INSERT INTO entries (key) VALUES ('by-hand'), ('also')")
    rebuild(databases)
    assert set(meter().values()) == {0.0}
    assert set(meter().values()) == {0.0}
