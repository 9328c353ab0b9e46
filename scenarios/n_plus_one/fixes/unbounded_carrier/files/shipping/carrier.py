"""Ask the carrier, a company outside, where parcels are. It has one call, for one parcel."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence

import httpx

from schemas import ParcelState

logger = logging.getLogger("shipping.carrier")

client = httpx.AsyncClient(
    base_url=os.environ["CARRIER_URL"],
    timeout=httpx.Timeout(2.0, connect=1.0),
    limits=httpx.Limits(max_connections=None, max_keepalive_connections=50),
)


class CarrierFailed(Exception):
    """The carrier did not answer, or refused."""


async def locate_all(labels: Sequence[str]) -> dict[str, ParcelState]:
    """Where parcels are now, by tracking number, asked side by side. Raises CarrierFailed for all if one fails."""
    found = await asyncio.gather(*(locate(tracking) for tracking in labels))
    return {parcel.tracking: parcel for parcel in found}


async def locate(tracking: str) -> ParcelState:
    """Where a parcel is now. Raises CarrierFailed."""
    try:
        answer = await client.get(f"/parcels/{tracking}")
        answer.raise_for_status()
    except httpx.HTTPError as error:
        logger.error("the carrier did not answer for parcel %s: %s", tracking, error)
        raise CarrierFailed(str(error)) from error
    found = answer.json()
    return ParcelState(tracking=tracking, state=found["state"], depot=found["depot"])
