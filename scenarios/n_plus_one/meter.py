"""What the databases are asked for and how much each statement brings, once a second, by the server's own counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic

from engine.packs.api import Connection

_COUNTS_QUERY = """
    SELECT coalesce(sum(s.calls), 0)::bigint, coalesce(sum(s.rows), 0)::bigint
    FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = 'storefront'
"""
_ORDERS_QUERY = "SELECT count(*), count(DISTINCT tenant) FROM orders"


@dataclass(frozen=True, slots=True)
class _Counts:
    """What the server has counted for the storefront by some time."""

    at_s: float
    statements: int
    rows: int


class Meter:
    """The pack's meter. The seed is of no use to it: it counts what was stored and asked for, whoever sent it."""

    def __init__(self, seed: int) -> None:
        self._before: _Counts | None = None

    def read(self, databases: Mapping[str, Connection]) -> Mapping[str, float]:
        """The series now; none before the storefront has its tables."""
        storefront = databases["storefront"]
        if storefront.execute("SELECT to_regclass('public.orders')").fetchone() == (None,):
            return {}
        orders, tenants = storefront.execute(_ORDERS_QUERY).fetchone()
        statements, rows = storefront.execute(_COUNTS_QUERY).fetchone()
        counts = _Counts(monotonic(), statements, rows)
        values = {"history.orders": float(orders), "history.tenants": float(tenants)}
        if self._before is not None:
            values |= _rates(self._before, counts)
        self._before = counts
        return values


def _rates(before: _Counts, now: _Counts) -> Mapping[str, float]:
    """Statements a second, and rows a statement while there were any."""
    statements = max(0, now.statements - before.statements)
    rates = {"history.statements_per_s": statements / max(now.at_s - before.at_s, 1e-3)}
    if statements:
        rates["history.rows_per_statement"] = max(0, now.rows - before.rows) / statements
    return rates
