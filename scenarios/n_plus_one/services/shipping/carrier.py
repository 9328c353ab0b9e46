"""Ask the carrier, a company outside, where a parcel is. It has one call, for one parcel."""

from __future__ import annotations

import logging
import os

import httpx

from schemas import ParcelState

logger = logging.getLogger("shipping.carrier")

client = httpx.Client(
    base_url=os.environ["CARRIER_URL"],
    timeout=httpx.Timeout(2.0, connect=1.0),
    limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
)


class CarrierFailed(Exception):
    """The carrier did not answer, or refused."""


def locate(tracking: str) -> ParcelState:
    """Where a parcel is now. Raises CarrierFailed."""
    try:
        answer = client.get(f"/parcels/{tracking}")
        answer.raise_for_status()
    except httpx.HTTPError as error:
        logger.error("the carrier did not answer for parcel %s: %s", tracking, error)
        raise CarrierFailed(str(error)) from error
    found = answer.json()
    return ParcelState(tracking=tracking, state=found["state"], depot=found["depot"])
