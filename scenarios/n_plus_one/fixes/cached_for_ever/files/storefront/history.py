"""Order history as tenants see it: orders, their items and options, and where their parcels are."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import shipping
from models import Order, OrderItem
from schemas import Item, Option, OrderPage, OrderView

kept: dict[tuple[str, int, int], tuple[int, list[OrderView]]] = {}
"""pages that were read before"""


class UnknownOrder(Exception):
    """The tenant has no order with that number."""


def read_page(session: Session, tenant: str, page: int, size: int) -> OrderPage:
    """One page of a tenant's orders, newest first."""
    if (tenant, page, size) not in kept:
        kept[tenant, page, size] = query_page(session, tenant, page, size)
    total, views = kept[tenant, page, size]
    return OrderPage(tenant=tenant, page=page, size=size, total=total, orders=with_parcels(tenant, views))


def query_page(session: Session, tenant: str, page: int, size: int) -> tuple[int, list[OrderView]]:
    """How many orders there are, and those of a page without their parcels."""
    query = (
        select(Order)
        .where(Order.tenant == tenant)
        .order_by(Order.placed_at.desc(), Order.number.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    orders = session.scalars(query).all()
    total = session.scalar(select(func.count()).where(Order.tenant == tenant)) or 0
    return total, [view_of(order) for order in orders]


def read_order(session: Session, tenant: str, number: int) -> OrderView:
    """One order. Raises UnknownOrder."""
    (view,) = with_parcels(tenant, [view_of(find_order(session, tenant, number))])
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


def view_of(order: Order) -> OrderView:
    """One order with its items."""
    return OrderView(
        number=order.number,
        placed_at=order.placed_at,
        state=order.state,
        total_cents=sum(item_cents(item) for item in order.items),
        items=[item_view(item) for item in order.items],
        parcels=[],
    )


def item_cents(item: OrderItem) -> int:
    """What a line comes to: its price and those of its options, for each piece."""
    return item.quantity * (item.price_cents + sum(option.price_cents for option in item.options))


def item_view(item: OrderItem) -> Item:
    """One line with the options that were chosen."""
    options = [Option(name=o.name, value=o.value, price_cents=o.price_cents) for o in item.options]
    return Item(
        sku=item.sku, title=item.title, quantity=item.quantity, price_cents=item.price_cents, options=options
    )
