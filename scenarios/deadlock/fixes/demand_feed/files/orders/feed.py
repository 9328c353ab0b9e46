"""What changed of the units on order, for those who keep them by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from database import Session
from models import Order, OrderLine
from schemas import DemandChanges

OVERLAP = timedelta(seconds=10)
"""an order is seen some time after the moment that it was decided at: when its transaction is through"""


def changes(since: datetime | None) -> DemandChanges:
    """The units on order of all products that were ordered since then; of all at all where nothing is said."""
    accepted = select(OrderLine.sku).join(Order, Order.id == OrderLine.order_id)
    accepted = accepted.where(Order.status == "accepted")
    totals = accepted.add_columns(func.sum(OrderLine.quantity)).group_by(OrderLine.sku)
    if since is not None:
        totals = totals.where(OrderLine.sku.in_(accepted.where(Order.decided_at >= since - OVERLAP)))
    with Session() as session:
        as_of: datetime = session.scalars(select(func.clock_timestamp())).one()
        units = {sku: int(count) for sku, count in session.execute(totals)}
    return DemandChanges(as_of=as_of, units=units)
