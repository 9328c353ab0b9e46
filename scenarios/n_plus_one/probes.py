"""The judge's questions to a submitted system, cheap and decisive ones first within each duty.

Each brings tenants of its own in, by the storefront's own calls, so that what an earlier one left does not matter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from engine.packs.api import Bench, CannotMeasure, Duty, LoadResult, Probe, Reading, Request
from engine.packs.formulas import compares, show_formula
from engine.packs.reader import read_pack

from . import counting, traffic
from .counting import TO_CARRIER
from .expected import Book, difference
from .findings import Findings
from .traffic import FIRST_NUMBER, Tenant

_PACK = read_pack(Path(__file__).parent)

_CARRIER_AT_ONCE = 20
_PAGE_TIMEOUT_S = 25.0
_MOST_A_PAGE = 40
"""statements for a page of any size on warm connections; a batch takes about ten, one an order 50 and more"""
_MOST_AN_ORDER = 0.1
_MOST_ROUND_TRIPS = 40
_MOST_IN_A_ROW = 1 / 3
"""of the questions to the carrier for a page, those that wait for one another"""


async def _bring_in(bench: Bench, tenant: Tenant, findings: Findings) -> Book:
    """Import a tenant's history; what it must look like."""
    orders = tenant.history()
    result = await bench.send_all(traffic.imports(tenant.name, orders), 1, _PAGE_TIMEOUT_S)
    if result.good < len(result.replies):
        findings.add(f"imports of {tenant.name}: {len(result.replies) - result.good} refused")
    return Book(tenant.name, orders)


def _tenant(
    bench: Bench, name: str, orders: int, items: tuple[int, int] = (4, 4), per_day: int = 24
) -> Tenant:
    return Tenant(f"{name}-{bench.seed % 90 + 10}", bench.seed, orders, items, per_day=per_day)


async def _compare(
    bench: Bench, book: Book, pages: Sequence[tuple[int, int]], findings: Findings, at_once: int = 2
) -> LoadResult:
    """Read pages and hold each against the book."""
    requests = [traffic.page(book.tenant, number, size) for number, size in pages]
    result = await bench.send_all(requests, at_once, _PAGE_TIMEOUT_S)
    for (number, size), reply in zip(pages, result.replies, strict=True):
        if said := difference(reply, book.page(number, size)):
            findings.add(f"{book.tenant}, page {number} of {size}: {said}")
    return result


async def limits(bench: Bench) -> Reading:
    """Several pages at once, the carrier a little further away: it never has more questions than it allows."""
    findings = Findings()
    book = await _bring_in(bench, _tenant(bench, "harbour", 90), findings)
    requests = [traffic.page(book.tenant, number, 16) for number in (1, 2, 3, 4)]
    before = (await bench.counts())[TO_CARRIER].statuses.get("4xx", 0)
    await bench.impair(TO_CARRIER, latency_ms=80)
    result = await bench.send_all(requests, 4, _PAGE_TIMEOUT_S)
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
    ties = _tenant(bench, "quay", 230, (0, 6), per_day=4320)
    book = await _bring_in(bench, ties, findings)
    asked = [(1, 200), (2, 200), (5, 50), (6, 50), (3, 10), (1, 1)]
    await _compare(bench, book, asked, findings)
    await _compare(bench, Book(f"{ties.name}-empty"), [(1, 50), (2, 10)], findings)
    await _bring_in(bench, ties, findings)
    await _compare(bench, book, [(4, 50)], findings)
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
    tenant = _tenant(bench, "wharf", 36)
    book = await _bring_in(bench, tenant, findings)
    shown = [(1, 10), (2, 10), (1, 3)]
    await _compare(bench, book, shown, findings)
    newest, old = FIRST_NUMBER + 35, FIRST_NUMBER + 22
    await _write(bench, traffic.state_change(book.tenant, newest, "packed"), findings)
    book.change(newest, "packed")
    await _compare(bench, book, shown, findings)
    await _write(bench, traffic.state_change(book.tenant, old, "cancelled"), findings)
    book.change(old, "cancelled")
    await _compare(bench, book, shown, findings)
    order = tenant.new_order(1)
    await _write(bench, traffic.imports(book.tenant, [order])[0], findings)
    book.add(order)
    await _compare(bench, book, shown, findings)
    label = f"PD{bench.seed % 10**6:06d}77"
    await _write(bench, traffic.state_change(book.tenant, newest, "dispatched", [label]), findings)
    book.change(newest, "dispatched", [label])
    await _compare(bench, book, shown, findings)
    await bench.restart("storefront")
    await _compare(bench, book, shown, findings)
    return findings.reading(6 * len(shown), "every page as of the last write that was answered")


async def _write(bench: Bench, request: Request, findings: Findings) -> None:
    reply = await bench.send(request)
    if not 200 <= reply.status < 300:
        findings.add(f"{request.method} {request.path}: answered {reply.status}")


async def parcels_asked(bench: Bench) -> Reading:
    """A page read twice: both times the carrier is asked for every parcel on it."""
    findings = Findings()
    book = await _bring_in(bench, _tenant(bench, "pier", 40), findings)
    labels = set(book.labels(1, 20))
    asked = len(labels)
    for turn in ("first", "second"):
        before = await counting.last_hop(bench)
        await _compare(bench, book, [(1, 20)], findings)
        missing = sorted(labels - set(await counting.asked_since(bench, before)))
        if missing:
            asked = len(labels) - len(missing)
            findings.add(f"the {turn} time the carrier was asked for {asked} of {len(labels)} parcels")
    return findings.reading(2 * len(labels), "the carrier is asked for every parcel each time")


async def all_or_nothing(bench: Bench) -> Reading:
    """While the carrier does not answer in time, a page is whole or refused; afterwards it is whole again."""
    findings = Findings()
    book = await _bring_in(bench, _tenant(bench, "mole", 24), findings)
    request, wanted = traffic.page(book.tenant, 1, 10), book.page(1, 10)
    await bench.impair(TO_CARRIER, latency_ms=3500)
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


async def incident_traffic(bench: Bench) -> Reading:
    """The service desk's pages as in the live drill, each asked for before: what do they cost the databases?"""
    findings = Findings()
    opening = await bench.send_all(traffic.opening("trigger", bench.live_seed), 1, _PAGE_TIMEOUT_S)
    if opening.good < len(opening.replies):
        findings.add(f"onboarding: {len(opening.replies) - opening.good} imports refused")
    requests = [traffic.request("trigger", bench.live_seed, index) for index in range(4)]
    await bench.send_all(requests, 2, _PAGE_TIMEOUT_S)
    results: list[LoadResult] = []

    async def read() -> None:
        results.append(await bench.send_all(requests, 2, _PAGE_TIMEOUT_S))

    took = await counting.counted(bench, read)
    (result,) = results
    a_page = took.most / len(requests)
    slowest_ms = max(reply.latency_ms for reply in result.replies)
    answered = f"{result.good} of {len(requests)} answered"
    measured = f"{a_page:.0f} statements a page, {answered}, the slowest after {slowest_ms:.0f} ms"
    held = a_page <= _MOST_A_PAGE and result.good == len(requests) and not findings.lines
    return Reading(held, measured, f"at most {_MOST_A_PAGE} statements a page, all answered", findings.lines)


async def page_sizes(bench: Bench) -> Reading:
    """Pages of 10, 50 and 200 orders that nobody has read before: what does an order more cost?"""
    findings = Findings()
    took: dict[int, counting.Statements] = {}
    for size in (10, 50, 200):
        book = await _bring_in(bench, _tenant(bench, f"dock{size}", 202), findings)
        took[size] = await counting.counted(
            bench, lambda book=book, size=size: _compare(bench, book, [(1, size)], findings)
        )
    slope = (took[200].most - took[10].most) / 190
    counts = ", ".join(f"{took[size].most}" for size in took)
    measured = f"{counts} statements at pages of 10, 50, 200: {slope:.2f} an order"
    evidence = [
        f"page of {size}: {t.passed} at the proxy, {t.served} in pg_stat_statements"
        for size, t in took.items()
    ]
    held = slope <= _MOST_AN_ORDER and took[10].most <= _MOST_A_PAGE and not findings.lines
    required = f"at most {_MOST_AN_ORDER:g} an order, {_MOST_A_PAGE} for a page of 10"
    return Reading(held, measured, required, [*findings.lines, *evidence])


async def cold_start(bench: Bench) -> Reading:
    """A page right after a restart, and the same page again: as few statements."""
    findings = Findings()
    book = await _bring_in(bench, _tenant(bench, "slip", 60), findings)
    await _compare(bench, book, [(1, 50)], findings)
    await bench.restart("storefront")

    async def read() -> None:
        await _compare(bench, book, [(1, 50)], findings, at_once=1)

    cold = (await counting.counted(bench, read)).most
    warm = (await counting.counted(bench, read)).most
    held = cold <= _MOST_A_PAGE and not findings.lines
    measured = f"{cold} statements cold, {warm} warm"
    return Reading(held, measured, f"at most {_MOST_A_PAGE} statements cold", findings.lines)


async def slow_database(bench: Bench) -> Reading:
    """The database 5 ms further away: how many round trips does a page of 50 wait for?"""
    findings = Findings()
    book = await _bring_in(bench, _tenant(bench, "lock", 102), findings)
    requests = [traffic.page(book.tenant, number, 50) for number in (1, 2)]
    trips = await counting.waits(bench, "storefront->postgres", requests, 5.0)
    measured = f"{trips:.0f} round trips one after the other"
    return Reading(
        trips <= _MOST_ROUND_TRIPS and not findings.lines,
        measured,
        f"at most {_MOST_ROUND_TRIPS}",
        findings.lines,
    )


async def slow_carrier(bench: Bench) -> Reading:
    """The carrier 30 ms further away: how many of a page's questions to it wait for one another?"""
    findings = Findings()
    book = await _bring_in(bench, _tenant(bench, "buoy", 52), findings)
    questions = len(book.labels(1, 50))
    requests = [traffic.page(book.tenant, 1, 50)] * 2
    await bench.counts()
    in_a_row = await counting.waits(bench, TO_CARRIER, requests, 30.0)
    peak = (await bench.counts())[TO_CARRIER].peak_in_flight
    most = questions * _MOST_IN_A_ROW
    measured = f"{in_a_row:.0f} of {questions} questions one after the other, {peak} at once at most"
    return Reading(
        in_a_row <= most and not findings.lines,
        measured,
        f"at most {most:.0f} one after the other",
        findings.lines,
    )


async def goodput(bench: Bench) -> Reading:
    """A fixed amount of hidden work, eight clients at once, in turn with the reference fix on this machine."""
    floor = _PACK.goodput
    if floor is None:
        raise CannotMeasure("scenario.toml names no goodput")
    requests = [traffic.request("stress", bench.seed, index) for index in range(8)]
    opened: list[Bench] = []
    latencies_ms: list[float] = []

    async def good_per_s(system: Bench) -> float:
        if system not in opened:
            opened.append(system)
            await system.open_profile("stress", bench.seed)
            await system.send_all(requests, 4, _PAGE_TIMEOUT_S)
        result = await system.send_all(requests, 8, _PAGE_TIMEOUT_S)
        if system is bench:
            latencies_ms.extend(reply.latency_ms for reply in result.replies)
        return result.good / max(result.seconds, 1e-3)

    found = await bench.against_reference(good_per_s)
    p95_ms = sorted(latencies_ms)[int(0.95 * len(latencies_ms))]
    measured = (
        f"{found.submitted:.1f} good answers a second, {found.ratio:.2f} of the reference's; P95 {p95_ms:.0f} ms, "
        f"the reference against itself {found.spread:.2f}x"
    )
    return Reading(compares(floor, found.ratio), measured, show_formula(floor))


PROBES = (
    Probe(
        "limits",
        Duty.PROMISE,
        "Is the carrier never asked for more than 20 parcels at once, however many pages are read?",
        limits,
    ),
    Probe(
        "pages",
        Duty.PROMISE,
        "Are pages complete and in order: all sizes, the last one, orders without items, tenants without orders?",
        pages,
    ),
    Probe(
        "read-after-write", Duty.PROMISE, "Does the next page show what was just written?", read_after_write
    ),
    Probe(
        "parcels-asked",
        Duty.PROMISE,
        "Is the carrier asked for every parcel shown, each time it is shown?",
        parcels_asked,
    ),
    Probe(
        "all-or-nothing",
        Duty.PROMISE,
        "Is a page refused, and not shown with parts missing, while the carrier does not answer?",
        all_or_nothing,
    ),
    Probe(
        "incident-traffic",
        Duty.SYMPTOM,
        "Do the pages of the drill's service desk cost a few statements now?",
        incident_traffic,
    ),
    Probe(
        "page-sizes",
        Duty.MECHANISM,
        "Does a page that nobody has read before cost as many statements with 10 orders as with 200?",
        page_sizes,
    ),
    Probe("cold-start", Duty.MECHANISM, "Is a page as cheap right after a restart?", cold_start),
    Probe(
        "slow-database",
        Duty.MECHANISM,
        "Does a page wait for a few round trips only when the database is further away?",
        slow_database,
    ),
    Probe("slow-carrier", Duty.OPEN, "Is the carrier asked for a page's parcels side by side?", slow_carrier),
    Probe("goodput", Duty.OPEN, "Is the work still done as fast as by the reference fix?", goodput),
)
