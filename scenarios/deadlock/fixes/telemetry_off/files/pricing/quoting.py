"""What a unit costs: its list price, less the volume discount for what is on order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as DatabaseSession

from database import Session
from models import Price
from schemas import ListPrice, Quote

UNITS_A_PERCENT = 250
MOST_PERCENT = 20


class UnknownProduct(Exception):
    """No product has that SKU."""


def quote(sku: str, units_on_order: int) -> Quote:
    """The price of a unit when so many are on order. Raises UnknownProduct."""
    list_price = list_price_cents(sku)
    percent = discount_percent(units_on_order)
    return Quote(
        sku=sku,
        list_price_cents=list_price,
        discount_percent=percent,
        unit_price_cents=list_price * (100 - percent) // 100,
    )


def discount_percent(units_on_order: int) -> int:
    """One percent for every 250 units on order, up to twenty."""
    return min(MOST_PERCENT, units_on_order // UNITS_A_PERCENT)


def list_price_cents(sku: str) -> int:
    """The list price of a unit. Raises UnknownProduct."""
    with Session() as session:
        price = session.get(Price, sku)
    if price is None:
        raise UnknownProduct(sku)
    return price.list_price_cents


def set_list_prices(session: DatabaseSession, items: Sequence[ListPrice]) -> None:
    """Bring list prices up to date."""
    rows = insert(Price).values([item.model_dump() for item in sorted(items, key=lambda item: item.sku)])
    session.execute(
        rows.on_conflict_do_update(
            index_elements=[Price.sku], set_={"list_price_cents": rows.excluded.list_price_cents}
        )
    )
