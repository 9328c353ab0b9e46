"""The parcels that are on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Parcel
from schemas import OrderParcels


def register(session: Session, tenant: str, orders: Sequence[OrderParcels]) -> None:
    """Store parcels; those that are on record already are left as they are."""
    rows = [
        {"tenant": tenant, "order_number": entry.order, "tracking": tracking}
        for entry in orders
        for tracking in entry.parcels
    ]
    if rows:
        session.execute(insert(Parcel).values(rows).on_conflict_do_nothing())


def labels_of(session: Session, tenant: str, numbers: Sequence[int]) -> Mapping[int, list[str]]:
    """The tracking numbers of those orders that have any, by order number, in alphabetical order."""
    query = (
        select(Parcel.order_number, Parcel.tracking)
        .where(Parcel.tenant == tenant, Parcel.order_number.in_(numbers))
        .order_by(Parcel.order_number, Parcel.tracking)
    )
    labels: defaultdict[int, list[str]] = defaultdict(list)
    for number, tracking in session.execute(query):
        labels[number].append(tracking)
    return labels
