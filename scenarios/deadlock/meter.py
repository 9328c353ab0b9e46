"""What becomes of the shop's orders, once a second: from rows stored, whatever the services say of themselves.

Orders are read in the order of their numbers. Those below a mark are counted for good: decided, or placed so long ago
that nothing will become of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from time import monotonic

from engine.packs.api import Connection

_PAGE = 20_000
"""orders that one reading looks at; a meter that was started late needs several"""

_KNOWN_QUERY = "SELECT to_regclass('public.order_lines') IS NOT NULL"
_ORDERS_QUERY = f"""
    SELECT o.id, o.status, o.placed_at < now() - interval '2 seconds', o.placed_at < now() - interval '90 seconds',
        (SELECT coalesce(sum(l.quantity), 0) FROM order_lines l WHERE l.order_id = o.id)
    FROM orders o WHERE o.id > %s ORDER BY o.id LIMIT {_PAGE}
"""
_STOCK_QUERY = (
    "SELECT coalesce(sum(reserved), 0), coalesce(sum(greatest(reserved - received, 0)), 0) FROM stock"
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Orders counted so far."""

    open: int = 0
    """placed some seconds ago, neither accepted nor refused nor failed"""
    accepted: int = 0
    accepted_units: int = 0
    failed: int = 0

    def with_order(self, status: str, is_waiting: bool, units: int) -> Tally:
        """One more order."""
        if status == "accepted":
            return replace(self, accepted=self.accepted + 1, accepted_units=self.accepted_units + units)
        if status == "placed":
            return replace(self, open=self.open + is_waiting)
        return replace(self, failed=self.failed + (status == "failed"))


class Meter:
    """The pack's meter; the seed does not matter, since it looks at rows alone."""

    def __init__(self, seed: int) -> None:
        self._mark = 0
        self._counted = Tally()
        self._before: tuple[float, int] | None = None

    def read(self, databases: Mapping[str, Connection]) -> Mapping[str, float]:
        """The series now; none before the shop has its tables."""
        orders, inventory = databases["orders"], databases["inventory"]
        if not _has_tables(orders):
            return {}
        rows = orders.execute(_ORDERS_QUERY, (self._mark,)).fetchall()
        now = self._count(rows)
        if len(rows) == _PAGE:
            return {}
        reserved, oversold = inventory.execute(_STOCK_QUERY).fetchone()
        return {
            "shop.orders_open": float(now.open),
            "shop.orders_failed": float(now.failed),
            "shop.accepted_per_s": self._accepted_per_s(now.accepted),
            "shop.units_unclaimed": float(reserved - now.accepted_units),
            "shop.units_oversold": float(oversold),
        }

    def _count(self, rows: Iterable[tuple[int, str, bool, bool, int]]) -> Tally:
        """Everything so far; the mark moves up to the first order that may still change."""
        now, is_settled = self._counted, True
        for number, status, is_waiting, is_given_up, units in rows:
            now = now.with_order(status, is_waiting, units)
            is_settled = is_settled and (status != "placed" or is_given_up)
            if is_settled:
                self._mark, self._counted = number, now
        return now

    def _accepted_per_s(self, accepted: int) -> float:
        at_s, before = monotonic(), self._before
        self._before = (at_s, accepted)
        if before is None or at_s <= before[0]:
            return 0.0
        return max(0, accepted - before[1]) / (at_s - before[0])


def _has_tables(orders: Connection) -> bool:
    known: bool = orders.execute(_KNOWN_QUERY).fetchone()[0]
    return known
