"""What each fault alone costs on the large tenant's traffic, counted on the pages that are asked for."""

from __future__ import annotations

from engine.packs.api import Contribution

from . import traffic

_PER_S = 2
_SECONDS = 60
_ROUND_TRIP_MS = 1.0
_CARRIER_MS = 10.0


def contributions(seed: int) -> tuple[Contribution, ...]:
    """Milliseconds of waiting a minute by every fault, on the first minute of the trigger's traffic under `seed`."""
    pages = [_page(seed, index) for index in range(_PER_S * _SECONDS)]
    items = sum(len(page) for page in pages)
    options = sum(len(order["items"]) for page in pages for order in page)
    parcels = sum(len(order["parcels"]) for page in pages for order in page)
    return (
        _waiting("a statement for the items of each order", items, _ROUND_TRIP_MS, len(pages)),
        _waiting("a statement for the options of each item", options, _ROUND_TRIP_MS, len(pages)),
        _waiting("a question to the carrier for each parcel, in a row", parcels, _CARRIER_MS, len(pages)),
    )


def _page(seed: int, index: int) -> list[traffic.Order]:
    """The orders on the page that a request of the trigger asks for."""
    (tenant,) = traffic.large_tenants("trigger", seed)
    number, size = traffic.page_of(traffic.request("trigger", seed, index))
    first = max(0, tenant.orders - number * size)
    return tenant.orders_between(first, tenant.orders - (number - 1) * size)


def _waiting(fault: str, count: int, each_ms: float, pages: int) -> Contribution:
    waited_ms = count * each_ms
    note = f"{count / pages:.0f} a page, {each_ms:g} ms each"
    return Contribution(fault, round(waited_ms), round(waited_ms), "ms", note)
