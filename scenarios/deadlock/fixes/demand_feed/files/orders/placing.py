"""The life of an order: placed, then accepted with its prices, refused, or failed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DatabaseSession

import inventory
from database import Session
from models import Order, OrderLine
from schemas import OrderReply, OrderRequest, PricedLine


def place(request: OrderRequest) -> OrderReply:
    """Store the order, have it reserved, and accept it. Raises what `inventory.reserve` raises."""
    order = store(request)
    try:
        priced = inventory.reserve(order)
    except inventory.Refused:
        close(order, "refused")
        raise
    except (inventory.NoAnswer, inventory.Unavailable):
        close(order, "failed")
        raise
    return accept(order, priced)


def store(request: OrderRequest) -> Order:
    """The order as placed; it is kept whatever becomes of it."""
    lines = [
        OrderLine(position=position, sku=line.sku, quantity=line.quantity)
        for position, line in enumerate(request.lines)
    ]
    order = Order(customer=request.customer, status="placed", total_cents=0, lines=lines)
    with Session.begin() as session:
        session.add(order)
    return order


def accept(order: Order, priced: Sequence[PricedLine]) -> OrderReply:
    """Keep the prices at which the inventory reserved the lines."""
    prices = {line.sku: line.unit_price_cents for line in priced}
    with Session.begin() as session:
        session.add(order)
        for line in order.lines:
            line.unit_price_cents = prices[line.sku]
        order.total_cents = sum(line.quantity * prices[line.sku] for line in order.lines)
        order.status, order.decided_at = "accepted", func.clock_timestamp()
    answer = reply(order)
    answer.lines = list(priced)
    answer.degraded = any(line.demand_as_of for line in priced)
    return answer


def close(order: Order, status: str) -> None:
    """Note that nothing becomes of the order."""
    with Session.begin() as session:
        session.add(order)
        order.status, order.decided_at = status, func.clock_timestamp()


def find(session: DatabaseSession, order_id: int) -> Order | None:
    """The order of that number."""
    return session.get(Order, order_id)


def units_on_order(session: DatabaseSession, sku: str) -> int:
    """The units of a product in all accepted orders."""
    query = (
        select(func.coalesce(func.sum(OrderLine.quantity), 0))
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.sku == sku, Order.status == "accepted")
    )
    return session.scalars(query).one()


def reply(order: Order) -> OrderReply:
    """The order as customers see it; prices are there once it is accepted."""
    return OrderReply(
        id=order.id,
        customer=order.customer,
        status=order.status,
        lines=[
            PricedLine(sku=line.sku, quantity=line.quantity, unit_price_cents=line.unit_price_cents)
            for line in order.lines
        ],
        total_cents=order.total_cents,
    )
