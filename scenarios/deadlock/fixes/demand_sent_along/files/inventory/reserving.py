"""Take units out of the stock for an order, at the price of the moment."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import CursorResult, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import pricing
from models import Reservation, Stock
from pricing import UnknownProduct
from schemas import Item, Line, PricedLine, StockReply


class OutOfStock(Exception):
    """Less is left of that product than is asked for."""


def price(lines: Sequence[Line]) -> list[PricedLine]:
    """The lines with their prices, asked for before anything is locked. Raises what pricing raises."""
    return [
        PricedLine(sku=line.sku, quantity=line.quantity, unit_price_cents=pricing.unit_price_cents(line))
        for line in lines
    ]


def reserve(session: Session, order_id: int, lines: Sequence[PricedLine]) -> None:
    """Reserve every line, in the order that all reservations keep. Raises UnknownProduct, OutOfStock."""
    for line in sorted(lines, key=lambda line: line.sku):
        take(session, line)
        session.add(Reservation(order_id=order_id, **line.model_dump()))


def take(session: Session, line: PricedLine) -> None:
    """Count the units as reserved; the table refuses more than were received."""
    statement = update(Stock).where(Stock.sku == line.sku).values(reserved=Stock.reserved + line.quantity)
    try:
        result = session.execute(statement.execution_options(synchronize_session=False))
    except IntegrityError as error:
        raise OutOfStock(line.sku) from error
    if isinstance(result, CursorResult) and result.rowcount == 0:
        raise UnknownProduct(line.sku)


def receive(session: Session, items: Sequence[Item]) -> None:
    """Bring the received units of products up to date; what is reserved stays so."""
    rows = insert(Stock).values(
        [{"sku": item.sku, "received": item.stock} for item in sorted(items, key=lambda item: item.sku)]
    )
    session.execute(
        rows.on_conflict_do_update(index_elements=[Stock.sku], set_={"received": rows.excluded.received})
    )


def stock(session: Session, sku: str) -> StockReply:
    """What there is of a product. Raises UnknownProduct."""
    found = session.get(Stock, sku)
    if found is None:
        raise UnknownProduct(sku)
    return StockReply(
        sku=sku, received=found.received, reserved=found.reserved, available=found.received - found.reserved
    )
