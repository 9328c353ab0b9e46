"""The ledger: the company's books. It computes every posting from its usage by itself and says where it differs."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio.to_thread import run_sync
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import create_engine
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from amounts import Usage, amount_cents
from models import Base, Entry

logger = logging.getLogger("ledger")

engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ.get("CONNECTIONS", "4")),
    max_overflow=0,
    pool_timeout=5,
)
Sessions = sessionmaker(engine, expire_on_commit=False)


class Posting(BaseModel):
    """A charge or refund as billing recorded it."""

    key: str
    kind: str
    customer: str
    refund_of: str | None = None
    usage: dict[str, Any]
    billed_cents: int


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Have the table ready before the first request."""
    await run_sync(Base.metadata.create_all, engine)
    yield


app = FastAPI(title="ledger", lifespan=lifespan)


@app.get("/health")
def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@app.post("/entries", status_code=201)
def create_entry(posting: Posting) -> dict[str, int]:
    """Enter a posting; a key that is entered already is counted and entered once."""
    with Sessions.begin() as session:
        exact = exact_cents(session, posting)
        postings = enter(session, posting, exact)
    report(posting, exact, postings)
    return {"exact_cents": exact, "postings": postings}


@app.get("/entries/{key}")
def read_entry(key: str) -> dict[str, int | str]:
    """What the books say of a key."""
    with Sessions() as session:
        entry = session.get(Entry, key)
    if entry is None:
        raise HTTPException(404, f"no entry has the key {key}")
    return {"key": key, "exact_cents": entry.exact_cents, "billed_cents": entry.billed_cents}


def exact_cents(session: Session, posting: Posting) -> int:
    """What the posting should come to. A refund gives back its charge, or as billed where that is not entered."""
    if posting.refund_of is None:
        return amount_cents(Usage.model_validate(posting.usage))
    original = session.get(Entry, posting.refund_of)
    return -original.exact_cents if original else posting.billed_cents


def enter(session: Session, posting: Posting, exact: int) -> int:
    """Store the entry; how often its key was posted so far."""
    row = insert(Entry).values(**posting.model_dump(), exact_cents=exact, postings=1)
    statement = row.on_conflict_do_update(
        index_elements=[Entry.key], set_={"postings": Entry.postings + 1}
    ).returning(Entry.postings)
    return session.execute(statement).scalar_one()


def report(posting: Posting, exact: int, postings: int) -> None:
    """Say where billing and the books differ."""
    if posting.billed_cents != exact:
        logger.warning(
            "ledger mismatch: key %s of %s billed %d cents, usage comes to %d",
            posting.key, posting.customer, posting.billed_cents, exact,
        )  # fmt: skip
    if postings > 1:
        logger.warning(
            "ledger mismatch: key %s of %s posted %d times", posting.key, posting.customer, postings
        )
