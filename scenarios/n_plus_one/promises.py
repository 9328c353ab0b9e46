"""Questions about what the contract promises and what held before: each asks for tenants of its own."""

from __future__ import annotations

import asyncio

from engine.packs.api import Bench, Reading, Request

from . import counting, traffic
from .asking import PAGE_TIMEOUT_S, bring_in, compare, tenant_of
from .counting import TO_CARRIER
from .expected import Book, difference
from .findings import Findings
from .traffic import FIRST_NUMBER

_CARRIER_AT_ONCE = 20
_TOO_LATE_MS = 3500
"""more than anybody waits for the carrier"""


async def limits(bench: Bench) -> Reading:
    """Several pages at once, the carrier a little further away: it never has more questions than it allows."""
    findings = Findings()
    book = await bring_in(bench, tenant_of(bench, "harbour", 90), findings)
    requests = [traffic.page(book.tenant, number, 16) for number in (1, 2, 3, 4)]
    before = (await bench.counts())[TO_CARRIER].statuses.get("4xx", 0)
    await bench.impair(TO_CARRIER, latency_ms=80)
    result = await bench.send_all(requests, 4, PAGE_TIMEOUT_S)
    await bench.impair(TO_CARRIER)
    seen = (await bench.counts())[TO_CARRIER]
    refused = seen.statuses.get("4xx", 0) - before
    measured = (
        f"{seen.peak_in_flight} at once, {refused} refused, {result.good} of {len(requests)} pages answered"
    )
    required = (
        f"at most {_CARRIER_AT_ONCE} questions under way to the carrier, none refused, every page answered"
    )
    held = seen.peak_in_flight <= _CARRIER_AT_ONCE and not refused and result.good == len(requests)
    return Reading(held and not findings.lines, measured, required, findings.lines)


async def pages(bench: Bench) -> Reading:
    """Pages of all sizes against what was imported: order, items, options, parcels, last page, no orders at all."""
    findings = Findings()
    ties = tenant_of(bench, "quay", 230, (0, 6), per_day=4320)
    book = await bring_in(bench, ties, findings)
    asked = [(1, 200), (2, 200), (5, 50), (6, 50), (3, 10), (1, 1)]
    await compare(bench, book, asked, findings)
    await compare(bench, Book(f"{ties.name}-empty"), [(1, 50), (2, 10)], findings)
    await bring_in(bench, ties, findings)
    await compare(bench, book, [(4, 50)], findings)
    await _compare_orders(bench, book, findings)
    return findings.reading(len(asked) + 6, "every page exactly as the orders were sent")


async def _compare_orders(bench: Bench, book: Book, findings: Findings) -> None:
    """Single orders, one of them unknown."""
    (newest,) = book.page(1, 1)["orders"]
    (other,) = book.page(100, 1)["orders"]
    for order in (newest, other):
        reply = await bench.send(Request("GET", f"/tenants/{book.tenant}/orders/{order['number']}"))
        if said := difference(reply, order):
            findings.add(f"{book.tenant}, order {order['number']}: {said}")
    reply = await bench.send(Request("GET", f"/tenants/{book.tenant}/orders/1"))
    if reply.status != 404:
        findings.add(f"{book.tenant}, order 1, which there is not: answered {reply.status}")


async def read_after_write(bench: Bench) -> Reading:
    """What was answered is on the next page: states, new orders, new parcels; also after a restart."""
    findings = Findings()
    tenant = tenant_of(bench, "wharf", 36)
    book = await bring_in(bench, tenant, findings)
    shown = [(1, 10), (2, 10), (1, 3)]
    await compare(bench, book, shown, findings)
    newest, old = FIRST_NUMBER + 35, FIRST_NUMBER + 22
    await _write(bench, traffic.state_change(book.tenant, newest, "packed"), findings)
    book.change(newest, "packed")
    await compare(bench, book, shown, findings)
    await _write(bench, traffic.state_change(book.tenant, old, "cancelled"), findings)
    book.change(old, "cancelled")
    await compare(bench, book, shown, findings)
    order = tenant.new_order(1)
    await _write(bench, traffic.imports(book.tenant, [order])[0], findings)
    book.add(order)
    await compare(bench, book, shown, findings)
    label = f"PD{bench.seed % 10**6:06d}77"
    await _write(bench, traffic.state_change(book.tenant, newest, "dispatched", [label]), findings)
    book.change(newest, "dispatched", [label])
    await compare(bench, book, shown, findings)
    await bench.restart("storefront")
    await compare(bench, book, shown, findings)
    return findings.reading(6 * len(shown), "every page as of the last write that was answered")


async def _write(bench: Bench, request: Request, findings: Findings) -> None:
    reply = await bench.send(request)
    if not 200 <= reply.status < 300:
        findings.add(f"{request.method} {request.path}: answered {reply.status}")


async def parcels_asked(bench: Bench) -> Reading:
    """A page read twice: both times the carrier is asked for every parcel on it."""
    findings = Findings()
    book = await bring_in(bench, tenant_of(bench, "pier", 40), findings)
    labels = set(book.labels(1, 20))
    asked = len(labels)
    for turn in ("first", "second"):
        before = await counting.last_hop(bench)
        await compare(bench, book, [(1, 20)], findings)
        missing = sorted(labels - set(await counting.asked_since(bench, before)))
        if missing:
            asked = len(labels) - len(missing)
            findings.add(f"the {turn} time the carrier was asked for {asked} of {len(labels)} parcels")
    return findings.reading(2 * len(labels), "the carrier is asked for every parcel each time")


async def all_or_nothing(bench: Bench) -> Reading:
    """While the carrier does not answer in time, a page is whole or refused; afterwards it is whole again."""
    findings = Findings()
    book = await bring_in(bench, tenant_of(bench, "mole", 24), findings)
    request, wanted = traffic.page(book.tenant, 1, 10), book.page(1, 10)
    await bench.impair(TO_CARRIER, latency_ms=_TOO_LATE_MS)
    reply = await bench.send(request, timeout_s=20.0)
    await bench.impair(TO_CARRIER)
    said = difference(reply, wanted)
    if 200 <= reply.status < 300 and said:
        findings.add(f"without the carrier: answered {reply.status}, {said}")
    if said := await _settled(bench, request, book):
        findings.add(f"the carrier answers again: {said}")
    return findings.reading(2, "the whole page, or an error")


async def _settled(bench: Bench, request: Request, book: Book) -> str:
    """What is wrong with a page once nothing is, or after some seconds."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + 8.0
    while True:
        said = difference(await bench.send(request), book.page(1, 10))
        if not said or loop.time() > until_s:
            return said
        await asyncio.sleep(0.25)
