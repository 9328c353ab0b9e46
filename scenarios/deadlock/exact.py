"""What orders must come to by the contract, worked out one after the other: independent of every service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

UNITS_A_PERCENT = 250
MOST_PERCENT = 20
FRESH_S = 1.0
"""a price may leave out orders that were accepted within this time before it was asked for"""
OLDEST_S = 30.0
"""how old the demand behind a marked price may be"""
_SLACK_S = 1.0
"""for two readings of the clock, and an answer that is on its way"""


def discount_percent(units_on_order: int) -> int:
    """One percent for every 250 units on order, up to twenty."""
    return min(MOST_PERCENT, units_on_order // UNITS_A_PERCENT)


def unit_price_cents(list_price_cents: int, units_on_order: int) -> int:
    """The price of a unit; list prices of this traffic are whole euros, so that nothing is rounded."""
    return list_price_cents * (100 - discount_percent(units_on_order)) // 100


@dataclass(slots=True)
class _Product:
    list_price_cents: int
    stock: int
    reserved: int = 0
    on_order: list[tuple[float, int]] = field(default_factory=lambda: [(0.0, 0)])
    """units in accepted orders, from which moment on"""


class Shop:
    """The stock, the prices and the demand as they must be; `at_s` are seconds of the wall clock."""

    def __init__(self) -> None:
        self._products: dict[str, _Product] = {}

    def take_over(self, sku: str, list_price_cents: int, stock: int) -> None:
        """A product is imported, or brought up to date."""
        known = self._products.get(sku)
        if known is None:
            self._products[sku] = _Product(list_price_cents, stock)
        else:
            known.list_price_cents, known.stock = list_price_cents, stock

    def has(self, lines: Sequence[tuple[str, int]]) -> bool:
        """Whether all lines of an order can be reserved."""
        return all(self._products[sku].reserved + units <= self._products[sku].stock for sku, units in lines)

    def accept(self, lines: Sequence[tuple[str, int]], at_s: float) -> None:
        """An order was accepted at a moment."""
        for sku, units in lines:
            product = self._products[sku]
            product.reserved += units
            product.on_order.append((at_s, product.on_order[-1][1] + units))

    def reserved(self, sku: str) -> int:
        """The units of a product that belong to orders."""
        return self._products[sku].reserved

    def prices(self, sku: str, from_s: float, to_s: float) -> frozenset[int]:
        """Every price that a unit had at some moment between these two, both included."""
        product = self._products[sku]
        least = max(units for at_s, units in product.on_order if at_s <= from_s)
        most = max(units for at_s, units in product.on_order if at_s <= to_s)
        percents = range(discount_percent(least), discount_percent(most) + 1)
        return frozenset(
            unit_price_cents(product.list_price_cents, percent * UNITS_A_PERCENT) for percent in percents
        )

    def fresh_prices(self, sku: str, asked_s: float, answered_s: float) -> frozenset[int]:
        """The prices that an answer without a mark may name."""
        return self.prices(sku, asked_s - FRESH_S, answered_s)

    def marked_prices(self, sku: str, as_of_s: float, answered_s: float) -> frozenset[int]:
        """The prices that an answer may name whose demand is of `as_of_s`; none where that is too old."""
        if as_of_s < answered_s - OLDEST_S - _SLACK_S:
            return frozenset()
        return self.prices(sku, as_of_s - FRESH_S, answered_s)
