"""Orders that come in: imports of many at once, and changes of state."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import shipping
from history import find_order
from models import ItemOption, Order, OrderItem
from schemas import Item, NewOrder, StateChange


def import_orders(session: Session, tenant: str, orders: Sequence[NewOrder]) -> int:
    """Store the orders that are not known yet; how many those were.

    The caller's transaction ends only after shipping has the parcels, so that an import that was refused can be sent
    again as it is.
    """
    # Two imports of one tenant wait for each other: both might hold the same orders.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(tenant))))
    numbers = [order.number for order in orders]
    query = select(Order.number).where(Order.tenant == tenant, Order.number.in_(numbers))
    known = set(session.scalars(query))
    new = {order.number: order for order in orders if order.number not in known}
    session.add_all(stored(tenant, order) for order in new.values())
    session.flush()
    shipping.register(tenant, {order.number: order.parcels for order in new.values() if order.parcels})
    return len(new)


def change_state(session: Session, tenant: str, number: int, change: StateChange) -> None:
    """Put an order into another state. Raises UnknownOrder."""
    order = find_order(session, tenant, number)
    order.state = change.state
    session.flush()
    if change.parcels:
        shipping.register(tenant, {number: change.parcels})


def stored(tenant: str, order: NewOrder) -> Order:
    """An order as it is kept."""
    items = [stored_item(position, item) for position, item in enumerate(order.items)]
    return Order(
        tenant=tenant, number=order.number, placed_at=order.placed_at, state=order.state, items=items
    )


def stored_item(position: int, item: Item) -> OrderItem:
    """A line as it is kept."""
    return OrderItem(
        position=position,
        sku=item.sku,
        title=item.title,
        quantity=item.quantity,
        price_cents=item.price_cents,
        options=[
            ItemOption(position=i, name=option.name, value=option.value, price_cents=option.price_cents)
            for i, option in enumerate(item.options)
        ],
    )
