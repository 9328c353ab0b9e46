"""Put the rows of the earlier revision right: amounts, parts, doubled keys and balances.

The version before goes on writing while this one takes over. Its rows carry revision 1; they are corrected at start,
and those that it still adds a moment later.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Event, Thread

from sqlalchemy import REAL, Engine, delete, exists, func, inspect, or_, select, text
from sqlalchemy.orm import Session, aliased, sessionmaker

import charging
from models import REVISION, Account, Charge, ChargePart
from money import as_numeric
from schemas import ChargeRequest

logger = logging.getLogger("billing.backfill")

BATCH = 500
LOCK = 7_140_001
QUIET_ROUNDS = 60


def add_columns(engine: Engine) -> None:
    """What the tables of the version before lack."""
    statements = [
        "ALTER TABLE charges ADD COLUMN IF NOT EXISTS revision smallint NOT NULL DEFAULT 1",
        "CREATE INDEX IF NOT EXISTS charges_earlier ON charges (id) WHERE revision = 1",
    ]
    kinds = {column["name"]: column["type"] for column in inspect(engine).get_columns("accounts")}
    if isinstance(kinds["balance"], REAL):
        # A REAL goes to NUMERIC with six digits; by way of a double it keeps all that it has.
        statements.append(
            "ALTER TABLE accounts ALTER COLUMN balance TYPE numeric(16, 2) USING balance::float8::numeric"
        )
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def correct_all(sessions: sessionmaker[Session]) -> int:
    """Correct every row of the earlier revision that is there now; how many."""
    corrected, customers = 0, set[str]()
    while rows := correct_batch(sessions):
        corrected += len(rows)
        customers.update(rows)
    with sessions.begin() as session:
        rebuild_balances(session, sorted(customers))
    return corrected


def correct_batch(sessions: sessionmaker[Session]) -> list[str]:
    """Correct the oldest rows of the earlier revision; the customer of each."""
    with sessions.begin() as session:
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))
        earlier = select(Charge).where(Charge.revision < REVISION).order_by(Charge.id).limit(BATCH)
        rows = session.scalars(earlier.with_for_update()).all()
        doubled = remove_doubled(session, [row.id for row in rows])
        for row in rows:
            if row.id not in doubled:
                correct(session, row)
        return [row.customer for row in rows]


def remove_doubled(session: Session, ids: Sequence[int]) -> set[int]:
    """Remove those of the rows whose key has an older row, or one that this version wrote."""
    other = aliased(Charge)
    same_key = (other.key == Charge.key) & (other.id != Charge.id)
    stands = or_(other.id < Charge.id, other.revision == REVISION)
    doubled = select(Charge.id).where(Charge.id.in_(ids), exists().where(same_key & stands))
    found = set(session.scalars(doubled))
    session.execute(delete(ChargePart).where(ChargePart.charge_id.in_(found)))
    session.execute(
        delete(Charge).where(Charge.id.in_(found)), execution_options={"synchronize_session": False}
    )
    return found


def correct(session: Session, row: Charge) -> None:
    """Compute a row again from its usage; a refund from the charge that it gives back."""
    stored = {part.position: part for part in row.parts}
    if row.refund_of is None:
        charging.compute(row, ChargeRequest.model_validate(row.usage))
    else:
        original = charging.find_charge(session, row.refund_of)
        row.amount_cents = -original.amount_cents
        row.parts = [
            ChargePart(position=part.position, amount_cents=-part.amount_cents) for part in original.parts
        ]
    for part in row.parts:
        if known := stored.get(part.position):
            known.amount_cents = part.amount_cents
    row.parts = [stored.get(part.position, part) for part in row.parts]
    row.revision = REVISION


def rebuild_balances(session: Session, customers: Sequence[str]) -> None:
    """What these customers owe is the sum of their charges as they now stand, whoever wrote them."""
    for customer in customers:
        account = session.get(Account, customer, with_for_update=True, populate_existing=True)
        charged = func.coalesce(func.sum(Charge.amount_cents), 0)
        owed = session.scalar(select(charged).where(Charge.customer == customer))
        if account is not None:
            account.balance = as_numeric(int(owed or 0))


class LateRows(Thread):
    """Corrects what the version before still adds, until it has added nothing for half a minute."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        super().__init__(name="late rows")
        self._sessions = sessions
        self._stopped = Event()

    def run(self) -> None:
        """Look every half second."""
        quiet = 0
        while quiet < QUIET_ROUNDS and not self._stopped.wait(0.5):
            late = correct_all(self._sessions)
            quiet = 0 if late else quiet + 1
            if late:
                logger.info("%d late rows corrected", late)

    def stop(self) -> None:
        """End it."""
        self._stopped.set()
        self.join()
