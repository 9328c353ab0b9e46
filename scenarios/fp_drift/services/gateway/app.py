"""The public API of billing: checks what clients must send, forwards it, and hands back the answer unchanged."""

from __future__ import annotations

import logging
import os
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response

logger = logging.getLogger("gateway")

app = FastAPI(title="gateway")

billing = httpx.Client(
    base_url=os.environ["BILLING_URL"],
    timeout=httpx.Timeout(8.0, connect=2.0),
    limits=httpx.Limits(max_connections=64, max_keepalive_connections=32),
)

IdempotencyKey = Annotated[str, Header(min_length=4, max_length=80)]


async def body_of(request: Request) -> bytes:
    """The body as the client sent it."""
    return await request.body()


Body = Annotated[bytes, Depends(body_of)]


@app.get("/health")
def health() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@app.post("/charges")
def create_charge(idempotency_key: IdempotencyKey, body: Body) -> Response:
    """Charge a customer for metered usage; the same key again gives the first answer."""
    return forward("POST", "/charges", body, idempotency_key)


@app.post("/refunds")
def create_refund(idempotency_key: IdempotencyKey, body: Body) -> Response:
    """Give a charge back in full."""
    return forward("POST", "/refunds", body, idempotency_key)


@app.get("/charges/{key}")
def read_charge(key: str) -> Response:
    """One charge or refund, by its key."""
    return forward("GET", f"/charges/{key}")


@app.get("/accounts/{customer}")
def read_account(customer: str) -> Response:
    """What a customer owes."""
    return forward("GET", f"/accounts/{customer}")


@app.get("/invoices/{customer}")
def read_invoice(customer: str) -> Response:
    """A customer's latest charges and their sum."""
    return forward("GET", f"/invoices/{customer}")


def forward(method: str, path: str, body: bytes = b"", key: str | None = None) -> Response:
    """Send the request on to billing."""
    headers = {"content-type": "application/json"} if body else {}
    if key is not None:
        headers["idempotency-key"] = key
    try:
        answer = billing.request(method, path, content=body, headers=headers)
    except httpx.TimeoutException as error:
        logger.error("billing did not answer %s %s in time", method, path)
        raise HTTPException(504, "billing did not answer in time") from error
    except httpx.TransportError as error:
        logger.error("billing cannot be reached for %s %s: %s", method, path, error)
        raise HTTPException(502, "billing cannot be reached") from error
    if answer.status_code >= 400:
        logger.warning("%s %s answered %d", method, path, answer.status_code)
    return Response(
        answer.content, answer.status_code, media_type=answer.headers.get("content-type", "application/json")
    )
