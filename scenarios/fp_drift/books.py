"""Read what billing stored, whatever types its columns have, and compare it with what the requests come to.

The contract names the tables and columns. An amount may be kept in euros (`amount`, `balance`) or in cents
(`amount_cents`, `balance_cents`); where both are there, the cents count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from . import exact

COLUMNS_QUERY = """
    SELECT table_name, column_name, data_type FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name IN ('charges', 'charge_parts', 'accounts')
"""

_NEEDED = {
    "charges": ("id", "key", "customer"),
    "charge_parts": ("charge_id", "position"),
    "accounts": ("customer",),
}
_AMOUNTS = {"charges": "amount", "charge_parts": "amount", "accounts": "balance"}
_BINARY = ("real", "double precision")

Number = int | float | Decimal | None


class Unreadable(Exception):
    """Billing's tables do not have what the contract names."""


@dataclass(frozen=True, slots=True)
class Row:
    """One stored charge or refund, in cents."""

    id: int
    key: str
    customer: str
    cents: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Error:
    """By how much something stored is wrong, in cents: size and direction."""

    absolute: int = 0
    net: int = 0

    def __add__(self, other: Error) -> Error:
        return Error(self.absolute + other.absolute, self.net + other.net)


class Books:
    """How billing's tables are read: made from the answer to `COLUMNS_QUERY`."""

    def __init__(self, columns: Iterable[Sequence[Any]]) -> None:
        """Raises Unreadable."""
        types: dict[str, dict[str, str]] = {}
        for table, column, kind in columns:
            types.setdefault(table, {})[column] = kind
        self._expressions: dict[str, str] = {}
        self._factors: dict[str, int] = {}
        for table, needed in _NEEDED.items():
            found = types.get(table, {})
            lost = [column for column in needed if column not in found]
            if lost:
                raise Unreadable(
                    f"{table}.{lost[0]} is not there" if found else f"the table {table} is not there"
                )
            self._choose_amount(table, found)

    def charges_query(self, where: str, rest: str = "") -> str:
        """Rows for `charge`, those of table `charges` (as c) for which `where` is true."""
        return f"""
            SELECT c.id, c.key, c.customer, {self._expressions["charges"].format("c")},
                (SELECT array_agg({self._expressions["charge_parts"].format("p")} ORDER BY p.position)
                 FROM charge_parts p WHERE p.charge_id = c.id)
            FROM charges c WHERE {where} ORDER BY c.id {rest}
        """

    def accounts_query(self, where: str = "true") -> str:
        """Rows for `balance`, those of table `accounts` (as a) for which `where` is true."""
        return f"SELECT a.customer, {self._expressions['accounts'].format('a')} FROM accounts a WHERE {where}"

    def charge(self, row: Sequence[Any]) -> Row:
        """One row of `charges_query`."""
        parts = tuple(_cents(part, self._factors["charge_parts"]) for part in row[4] or ())
        return Row(int(row[0]), row[1], row[2], _cents(row[3], self._factors["charges"]), parts)

    def balance(self, row: Sequence[Any]) -> tuple[str, int]:
        """One row of `accounts_query`: a customer and the cents that they owe."""
        return row[0], _cents(row[1], self._factors["accounts"])

    def _choose_amount(self, table: str, found: Mapping[str, str]) -> None:
        euros = _AMOUNTS[table]
        for column, factor in ((f"{euros}_cents", 1), (euros, 100)):
            if column in found:
                kind = "float8" if found[column] in _BINARY else "numeric"
                self._expressions[table] = f"{{}}.{column}::{kind}"
                self._factors[table] = factor
                return
        raise Unreadable(f"{table} has neither {euros} nor {euros}_cents")


def _cents(amount: Number, factor: int) -> int:
    """A stored number as whole cents, the nearest ones; nothing stored is nothing owed."""
    if amount is None or amount != amount or amount in (float("inf"), float("-inf")):
        return 0
    return exact.to_cents(Fraction(amount) * factor / 100)


def charge_error(row: Row, expected: exact.Expected | None) -> Error:
    """A row against its request, its parts against the row's own amount: each fault counts once."""
    if expected is None:
        return Error()
    amount = row.cents - expected.cents
    shares = exact.split(row.cents, len(expected.parts))
    offs = [stored - share for stored, share in zip_longest(row.parts, shares, fillvalue=0)]
    return Error(abs(amount) + sum(map(abs, offs)), amount + sum(offs))


def balance_error(balance: int, rows_cents: int) -> Error:
    """A balance against the sum of the customer's rows."""
    return Error(abs(balance - rows_cents), balance - rows_cents)
