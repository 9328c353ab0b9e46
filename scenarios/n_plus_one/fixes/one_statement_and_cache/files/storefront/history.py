"""Order history as tenants see it: orders, their items and options, and where their parcels are.

A page is one statement, in which the database puts items and options together. What was read is kept until the
tenant's orders change. Where parcels are is asked anew each time: it changes without us.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, select, text
from sqlalchemy.orm import Session

import shipping
from kept_pages import KeptPage, KeptPages, revision_of
from models import Order
from schemas import Item, OrderPage, OrderView

READ = """
    SELECT o.number, o.placed_at, o.state,
        (SELECT count(*) FROM orders c WHERE c.tenant = :tenant) AS total,
        coalesce((
            SELECT json_agg(json_build_object(
                'sku', i.sku, 'title', i.title, 'quantity', i.quantity, 'price_cents', i.price_cents,
                'options', coalesce((
                    SELECT json_agg(json_build_object('name', p.name, 'value', p.value, 'price_cents', p.price_cents)
                        ORDER BY p.position)
                    FROM item_options p WHERE p.item_id = i.id), '[]'::json)
                ) ORDER BY i.position)
            FROM order_items i WHERE i.order_id = o.id), '[]'::json) AS items
    FROM orders o WHERE o.tenant = :tenant
"""
PAGE = text(f"{READ} ORDER BY o.placed_at DESC, o.number DESC LIMIT :size OFFSET :skipped")
ONE = text(f"{READ} AND o.number = :number")
COUNT = text("SELECT count(*) FROM orders WHERE tenant = :tenant")

kept = KeptPages(capacity=400)


class UnknownOrder(Exception):
    """The tenant has no order with that number."""


def read_page(session: Session, tenant: str, page: int, size: int) -> OrderPage:
    """One page of a tenant's orders, newest first."""
    # The revision first: a page read after it is never older than it says.
    revision = revision_of(session, tenant)
    found = kept.get((tenant, page, size), revision)
    if found is None:
        found = query_page(session, tenant, page, size)
        kept.put((tenant, page, size), revision, found)
    session.commit()
    views = with_parcels(tenant, found.orders)
    return OrderPage(tenant=tenant, page=page, size=size, total=found.total, orders=views)


def query_page(session: Session, tenant: str, page: int, size: int) -> KeptPage:
    """One page as the database has it, without what shipping knows."""
    bounds = {"tenant": tenant, "size": size, "skipped": (page - 1) * size}
    rows = session.execute(PAGE, bounds).mappings().all()
    total = rows[0]["total"] if rows else session.execute(COUNT, {"tenant": tenant}).scalar_one()
    return KeptPage(total, [view_of(row) for row in rows])


def read_order(session: Session, tenant: str, number: int) -> OrderView:
    """One order. Raises UnknownOrder."""
    row = session.execute(ONE, {"tenant": tenant, "number": number}).mappings().first()
    if row is None:
        raise UnknownOrder(number)
    session.commit()
    (view,) = with_parcels(tenant, [view_of(row)])
    return view


def find_order(session: Session, tenant: str, number: int) -> Order:
    """The stored order. Raises UnknownOrder."""
    order = session.scalar(select(Order).where(Order.tenant == tenant, Order.number == number))
    if order is None:
        raise UnknownOrder(number)
    return order


def with_parcels(tenant: str, views: Sequence[OrderView]) -> list[OrderView]:
    """The same orders with the parcels as shipping has them now."""
    parcels = shipping.parcels_of(tenant, [view.number for view in views])
    return [view.model_copy(update={"parcels": parcels.get(view.number, [])}) for view in views]


def view_of(row: RowMapping) -> OrderView:
    """One order with its items."""
    items = [Item(**item) for item in row["items"]]
    fields: dict[str, Any] = {name: row[name] for name in ("number", "placed_at", "state")}
    return OrderView(**fields, total_cents=sum(map(item_cents, items)), items=items, parcels=[])


def item_cents(item: Item) -> int:
    """What a line comes to: its price and those of its options, for each piece."""
    return item.quantity * (item.price_cents + sum(option.price_cents for option in item.options))
