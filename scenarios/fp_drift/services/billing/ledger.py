"""Post every charge to the ledger, which keeps the books of the whole company."""

from __future__ import annotations

import logging
import os

import httpx

from models import Charge

logger = logging.getLogger("billing.ledger")

client = httpx.Client(
    base_url=os.environ["LEDGER_URL"],
    timeout=httpx.Timeout(4.0, connect=2.0),
    limits=httpx.Limits(max_connections=32, max_keepalive_connections=16),
)


def post(charge: Charge) -> None:
    """Post the charge with the usage that it comes from. The charge stands, whatever becomes of the posting."""
    entry = {
        "key": charge.key,
        "kind": charge.kind,
        "customer": charge.customer,
        "refund_of": charge.refund_of,
        "usage": charge.usage,
        "billed_cents": charge.amount_cents,
    }
    try:
        client.post("/entries", json=entry).raise_for_status()
    except httpx.HTTPError as error:
        logger.error("charge %s was not posted to the ledger: %s", charge.key, error)
