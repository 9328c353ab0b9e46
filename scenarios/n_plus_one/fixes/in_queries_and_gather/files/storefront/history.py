"""Order history as tenants see it: orders, their items and options, and where their parcels are.

Whatever the number of orders, there is one statement for each kind of row, and one question to shipping.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import shipping
from models import ItemOption, Order, OrderItem
from schemas import Item, Option, OrderPage, OrderView


class UnknownOrder(Exception):
    """The tenant has no order with that number."""


def read_page(session: Session, tenant: str, page: int, size: int) -> OrderPage:
    """One page of a tenant's orders, newest first."""
    query = (
        select(Order)
        .where(Order.tenant == tenant)
        .order_by(Order.placed_at.desc(), Order.number.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    orders = session.scalars(query).all()
    total = session.scalar(select(func.count()).where(Order.tenant == tenant)) or 0
    views = views_of(session, tenant, orders)
    return OrderPage(tenant=tenant, page=page, size=size, total=total, orders=views)


def read_order(session: Session, tenant: str, number: int) -> OrderView:
    """One order. Raises UnknownOrder."""
    (view,) = views_of(session, tenant, [find_order(session, tenant, number)])
    return view


def find_order(session: Session, tenant: str, number: int) -> Order:
    """The stored order. Raises UnknownOrder."""
    order = session.scalar(select(Order).where(Order.tenant == tenant, Order.number == number))
    if order is None:
        raise UnknownOrder(number)
    return order


def views_of(session: Session, tenant: str, orders: Sequence[Order]) -> list[OrderView]:
    """The orders as they are shown, in the same order."""
    items = items_of(session, [order.id for order in orders])
    # What is needed of the database is read: its connection serves somebody else while shipping works.
    session.commit()
    parcels = shipping.parcels_of(tenant, [order.number for order in orders])
    return [
        OrderView(
            number=order.number,
            placed_at=order.placed_at,
            state=order.state,
            total_cents=sum(map(item_cents, items[order.id])),
            items=items[order.id],
            parcels=parcels.get(order.number, []),
        )
        for order in orders
    ]


def items_of(session: Session, order_ids: Sequence[int]) -> dict[int, list[Item]]:
    """The items of these orders with their options, by the order's id."""
    query = (
        select(OrderItem)
        .where(OrderItem.order_id.in_(order_ids))
        .order_by(OrderItem.order_id, OrderItem.position)
    )
    rows = session.scalars(query).all()
    options = options_of(session, [row.id for row in rows])
    items: defaultdict[int, list[Item]] = defaultdict(list)
    for row in rows:
        item = Item(
            sku=row.sku,
            title=row.title,
            quantity=row.quantity,
            price_cents=row.price_cents,
            options=options[row.id],
        )
        items[row.order_id].append(item)
    return items


def options_of(session: Session, item_ids: Sequence[int]) -> dict[int, list[Option]]:
    """The options of these items, by the item's id."""
    query = (
        select(ItemOption)
        .where(ItemOption.item_id.in_(item_ids))
        .order_by(ItemOption.item_id, ItemOption.position)
    )
    options: defaultdict[int, list[Option]] = defaultdict(list)
    for row in session.scalars(query):
        options[row.item_id].append(Option(name=row.name, value=row.value, price_cents=row.price_cents))
    return options


def item_cents(item: Item) -> int:
    """What a line comes to: its price and those of its options, for each piece."""
    return item.quantity * (item.price_cents + sum(option.price_cents for option in item.options))
