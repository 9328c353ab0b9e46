"""Billing: turns metered usage into charges, keeps what every customer owes, and posts each charge to the ledger."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import FastAPI, Header, HTTPException
from sqlalchemy.orm import Session as DatabaseSession

import charging
import database
import ledger
from backfill import LateRows
from models import Charge
from schemas import AccountReply, ChargeReply, ChargeRequest, InvoiceReply, RefundRequest

logger = logging.getLogger("billing")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Have the tables ready before the first request, and correct what the version before adds meanwhile."""
    await run_sync(database.prepare)
    late_rows = LateRows(database.Session)
    late_rows.start()
    yield
    await run_sync(late_rows.stop)


app = FastAPI(title="billing", lifespan=lifespan)

IdempotencyKey = Annotated[str, Header(min_length=4, max_length=80)]


@app.get("/health")
def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@app.post("/charges", status_code=201)
def create_charge(request: ChargeRequest, idempotency_key: IdempotencyKey) -> ChargeReply:
    """Charge a customer; the same key again gives the first answer."""
    return once(idempotency_key, lambda session: charging.record_charge(session, idempotency_key, request))


@app.post("/refunds", status_code=201)
def create_refund(request: RefundRequest, idempotency_key: IdempotencyKey) -> ChargeReply:
    """Give a charge back in full."""
    return once(idempotency_key, lambda session: charging.record_refund(session, idempotency_key, request))


@app.get("/charges/{key}")
def read_charge(key: str) -> ChargeReply:
    """One charge or refund."""
    with database.Session() as session:
        try:
            return charging.reply(charging.find_charge(session, key))
        except charging.UnknownCharge as error:
            raise HTTPException(404, f"no charge has the key {key}") from error


@app.get("/accounts/{customer}")
def read_account(customer: str) -> AccountReply:
    """What a customer owes."""
    with database.Session() as session:
        return charging.account(session, customer)


@app.get("/invoices/{customer}")
def read_invoice(customer: str) -> InvoiceReply:
    """A customer's latest charges."""
    with database.Session() as session:
        return charging.invoice(session, customer)


def once(key: str, record: Callable[[DatabaseSession], tuple[Charge, bool]]) -> ChargeReply:
    """Record and post a charge, unless the key is known already."""
    try:
        with database.Session.begin() as session:
            charge, is_new = record(session)
            answer = charging.reply(charge)
    except charging.UnknownCharge as error:
        raise HTTPException(404, f"no charge has the key {error}") from error
    if not is_new:
        logger.info("key %s was answered before", key)
        return answer
    ledger.post(charge)
    logger.info("%s %s of %.2f for %s", charge.kind, key, answer.amount, charge.customer)
    return answer
