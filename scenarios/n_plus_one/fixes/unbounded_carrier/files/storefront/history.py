"""Order history as tenants see it: orders, their items and options, and where their parcels are."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

import shipping
from models import Order, OrderItem
from schemas import Item, Option, OrderPage, OrderView, Parcel

WITH_EVERYTHING = selectinload(Order.items).selectinload(OrderItem.options)
"""items and options of all orders at once: two statements more, however many orders there are"""


class UnknownOrder(Exception):
    """The tenant has no order with that number."""


def read_page(session: Session, tenant: str, page: int, size: int) -> OrderPage:
    """One page of a tenant's orders, newest first."""
    query = (
        select(Order)
        .where(Order.tenant == tenant)
        .options(WITH_EVERYTHING)
        .order_by(Order.placed_at.desc(), Order.number.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    orders = session.scalars(query).all()
    total = session.scalar(select(func.count()).where(Order.tenant == tenant)) or 0
    return OrderPage(tenant=tenant, page=page, size=size, total=total, orders=views_of(tenant, orders))


def read_order(session: Session, tenant: str, number: int) -> OrderView:
    """One order. Raises UnknownOrder."""
    (view,) = views_of(tenant, [find_order(session, tenant, number)])
    return view


def find_order(session: Session, tenant: str, number: int) -> Order:
    """The stored order. Raises UnknownOrder."""
    order = session.scalar(select(Order).where(Order.tenant == tenant, Order.number == number))
    if order is None:
        raise UnknownOrder(number)
    return order


def views_of(tenant: str, orders: Sequence[Order]) -> list[OrderView]:
    """The orders as they are shown, in the same order."""
    parcels = shipping.parcels_of(tenant, [order.number for order in orders])
    return [view_of(order, parcels.get(order.number, [])) for order in orders]


def view_of(order: Order, parcels: list[Parcel]) -> OrderView:
    """One order with everything that belongs to it."""
    return OrderView(
        number=order.number,
        placed_at=order.placed_at,
        state=order.state,
        total_cents=sum(item_cents(item) for item in order.items),
        items=[item_view(item) for item in order.items],
        parcels=parcels,
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
