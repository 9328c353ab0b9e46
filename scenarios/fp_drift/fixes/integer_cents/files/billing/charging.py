"""Record charges and refunds, and keep the customer's account up to date, in one transaction."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Account, Charge, ChargePart
from money import as_numeric, charge_cents, split_cents, to_euros
from schemas import AccountReply, ChargeReply, ChargeRequest, InvoiceReply, RefundRequest


class UnknownCharge(Exception):
    """No charge has that key."""


def record_charge(session: Session, key: str, request: ChargeRequest) -> tuple[Charge, bool]:
    """Charge the customer for the usage, once a key; whether this call did it."""
    if known := charge_with(session, key):
        return known, False
    charge = Charge(
        key=key,
        kind="charge",
        customer=request.customer,
        usage=request.model_dump(mode="json"),
        parts=[],
    )
    compute(charge, request)
    return store_once(session, charge)


def compute(charge: Charge, request: ChargeRequest) -> None:
    """Amount and parts of a charge, from its usage."""
    charge.amount_cents = charge_cents(request.lines, request.discount_percent, request.tax_percent)
    shares = split_cents(charge.amount_cents, request.split_between) if request.split_between > 1 else []
    charge.parts = [ChargePart(position=i, amount_cents=cents) for i, cents in enumerate(shares)]


def record_refund(session: Session, key: str, request: RefundRequest) -> tuple[Charge, bool]:
    """Give back what was charged, part by part, once a key. Raises UnknownCharge."""
    if known := charge_with(session, key):
        return known, False
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
    return store_once(session, refund)


def store_once(session: Session, charge: Charge) -> tuple[Charge, bool]:
    """Store the charge and add it to the account, unless another request with its key was faster."""
    try:
        with session.begin_nested():
            session.add(charge)
    except IntegrityError:
        return find_charge(session, charge.key), False
    add_to_account(session, charge)
    return charge, True


def add_to_account(session: Session, charge: Charge) -> None:
    """Add the charge to what its customer owes."""
    row = insert(Account).values(customer=charge.customer, balance=as_numeric(charge.amount_cents))
    session.execute(
        row.on_conflict_do_update(
            index_elements=[Account.customer],
            set_={"balance": Account.balance + row.excluded.balance},
        )
    )


def charge_with(session: Session, key: str) -> Charge | None:
    """The charge or refund with this key, if there is one."""
    return session.scalars(select(Charge).where(Charge.key == key).order_by(Charge.id).limit(1)).first()


def find_charge(session: Session, key: str) -> Charge:
    """The charge or refund with this key. Raises UnknownCharge."""
    charge = charge_with(session, key)
    if charge is None:
        raise UnknownCharge(key)
    return charge


def reply(charge: Charge) -> ChargeReply:
    """The charge as clients see it."""
    return ChargeReply(
        key=charge.key,
        kind=charge.kind,
        customer=charge.customer,
        amount=to_euros(charge.amount_cents),
        parts=[to_euros(part.amount_cents) for part in charge.parts],
    )


def account(session: Session, customer: str) -> AccountReply:
    """What a customer owes; nothing, if nobody charged them yet."""
    found = session.get(Account, customer)
    return AccountReply(customer=customer, balance=float(found.balance) if found else 0)


def invoice(session: Session, customer: str, limit: int = 50) -> InvoiceReply:
    """The latest charges of a customer, newest first."""
    query = select(Charge).where(Charge.customer == customer).order_by(Charge.id.desc()).limit(limit)
    stored = session.scalars(query).all()
    charges = [reply(charge) for charge in stored]
    total = sum(charge.amount_cents for charge in stored)
    return InvoiceReply(customer=customer, charges=charges, total=to_euros(total))
