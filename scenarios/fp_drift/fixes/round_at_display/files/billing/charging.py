"""Record charges and refunds, and keep the customer's account up to date, in one transaction."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Account, Charge, ChargePart
from money import charge_amount, split_amount, to_cents, to_euros
from schemas import AccountReply, ChargeReply, ChargeRequest, InvoiceReply, RefundRequest


class UnknownCharge(Exception):
    """No charge has that key."""


def record_charge(session: Session, key: str, request: ChargeRequest) -> Charge:
    """Charge the customer for the usage."""
    amount = charge_amount(request.lines, request.discount_percent, request.tax_percent)
    charge = Charge(
        key=key,
        kind="charge",
        customer=request.customer,
        usage=request.model_dump(mode="json"),
        amount_cents=to_cents(amount),
    )
    shares = split_amount(amount, request.split_between) if request.split_between > 1 else []
    charge.parts = [ChargePart(position=i, amount_cents=cents) for i, cents in enumerate(shares)]
    session.add(charge)
    add_to_account(session, charge)
    return charge


def record_refund(session: Session, key: str, request: RefundRequest) -> Charge:
    """Give back what was charged, part by part. Raises UnknownCharge."""
    original = find_charge(session, request.charge_key)
    refund = Charge(
        key=key,
        kind="refund",
        customer=original.customer,
        refund_of=original.key,
        usage=request.model_dump(mode="json"),
        amount_cents=-original.amount_cents,
    )
    refund.parts = [
        ChargePart(position=part.position, amount_cents=-part.amount_cents) for part in original.parts
    ]
    session.add(refund)
    add_to_account(session, refund)
    return refund


def add_to_account(session: Session, charge: Charge) -> None:
    """Add the charge to what its customer owes."""
    session.flush()
    row = insert(Account).values(customer=charge.customer, balance=to_euros(charge.amount_cents))
    session.execute(
        row.on_conflict_do_update(
            index_elements=[Account.customer], set_={"balance": Account.balance + row.excluded.balance}
        )
    )


def find_charge(session: Session, key: str) -> Charge:
    """The first charge or refund with this key. Raises UnknownCharge."""
    charge = session.scalars(select(Charge).where(Charge.key == key).order_by(Charge.id).limit(1)).first()
    if charge is None:
        raise UnknownCharge(key)
    return charge


def reply(charge: Charge) -> ChargeReply:
    """The charge as clients see it."""
    return ChargeReply(
        key=charge.key,
        kind=charge.kind,
        customer=charge.customer,
        amount=round(to_euros(charge.amount_cents), 2),
        parts=[round(to_euros(part.amount_cents), 2) for part in charge.parts],
    )


def account(session: Session, customer: str) -> AccountReply:
    """What a customer owes; nothing, if nobody charged them yet."""
    found = session.get(Account, customer)
    return AccountReply(customer=customer, balance=round(found.balance, 2) if found else 0)


def invoice(session: Session, customer: str, limit: int = 50) -> InvoiceReply:
    """The latest charges of a customer, newest first."""
    query = select(Charge).where(Charge.customer == customer).order_by(Charge.id.desc()).limit(limit)
    charges = [reply(charge) for charge in session.scalars(query)]
    total = sum(charge.amount for charge in charges)
    return InvoiceReply(customer=customer, charges=charges, total=round(total, 2))
