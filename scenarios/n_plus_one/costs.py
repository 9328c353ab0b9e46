"""Questions about what a page costs: statements, round trips, waits for the carrier, and the work done in all."""

from __future__ import annotations

from pathlib import Path

from engine.packs.api import Bench, CannotMeasure, Reading
from engine.packs.formulas import compares, show_formula
from engine.packs.reader import read_pack

from . import traffic
from .asking import PAGE_TIMEOUT_S, bring_in, compare, tenant_of
from .counting import TO_CARRIER, TO_STOREFRONTS, Statements, counted, waits
from .findings import Findings

_PACK = read_pack(Path(__file__).parent)

_MOST_A_PAGE = 40
"""statements, whatever its size; a batch takes about ten, one for each order 50 and more"""
_MOST_AN_ORDER = 0.1
_MOST_ROUND_TRIPS = 40
_MOST_IN_A_ROW = 1 / 3
"""of the questions to the carrier for a page, those that wait for one another"""


async def incident_traffic(bench: Bench) -> Reading:
    """The service desk's pages as in the live drill, each asked for before: what do they cost the databases?"""
    findings = Findings()
    asked = bench.asks("trigger")
    opening = await bench.send_all(traffic.opening(asked, bench.live_seed), 1, PAGE_TIMEOUT_S)
    if opening.good < len(opening.replies):
        findings.add(f"onboarding: {len(opening.replies) - opening.good} imports refused")
    requests = [traffic.request(asked, bench.live_seed, index) for index in range(4)]
    await bench.send_all(requests, 2, PAGE_TIMEOUT_S)
    took, result = await counted(bench, bench.send_all(requests, 2, PAGE_TIMEOUT_S))
    a_page = took.most / len(requests)
    slowest_ms = max(reply.latency_ms for reply in result.replies)
    answered = f"{result.good} of {len(requests)} answered"
    measured = f"{a_page:.0f} statements a page, {answered}, the slowest after {slowest_ms:.0f} ms"
    held = a_page <= _MOST_A_PAGE and result.good == len(requests) and not findings.lines
    return Reading(held, measured, f"at most {_MOST_A_PAGE} statements a page, all answered", findings.lines)


async def page_sizes(bench: Bench) -> Reading:
    """Pages of 10, 50 and 200 orders that nobody has read before: what does an order more cost?"""
    findings = Findings()
    took: dict[int, Statements] = {}
    for size in (10, 50, 200):
        book = await bring_in(bench, tenant_of(bench, f"dock{size}", 202), findings)
        took[size], _ = await counted(bench, compare(bench, book, [(1, size)], findings))
    slope = (took[200].most - took[10].most) / 190
    counts = ", ".join(str(of.most) for of in took.values())
    measured = f"{counts} statements at pages of 10, 50, 200: {slope:.2f} an order"
    seen = [
        f"page of {size}: {of.passed} at the proxy, {of.served} at the server" for size, of in took.items()
    ]
    held = slope <= _MOST_AN_ORDER and took[10].most <= _MOST_A_PAGE and not findings.lines
    required = f"at most {_MOST_AN_ORDER:g} an order, {_MOST_A_PAGE} for a page of 10"
    return Reading(held, measured, required, [*findings.lines, *seen])


async def cold_start(bench: Bench) -> Reading:
    """A page that was read before, right after a restart, and once more."""
    findings = Findings()
    book = await bring_in(bench, tenant_of(bench, "slip", 60), findings)
    await compare(bench, book, [(1, 50)], findings)
    await bench.restart("storefront")
    cold, _ = await counted(bench, compare(bench, book, [(1, 50)], findings))
    warm, _ = await counted(bench, compare(bench, book, [(1, 50)], findings))
    measured = f"{cold.most} statements cold, {warm.most} warm"
    held = cold.most <= _MOST_A_PAGE and not findings.lines
    return Reading(held, measured, f"at most {_MOST_A_PAGE} statements cold", findings.lines)


async def slow_database(bench: Bench) -> Reading:
    """The database 25 ms further away: how many round trips does a page of 50 wait for?"""
    findings = Findings()
    book = await bring_in(bench, tenant_of(bench, "lock", 102), findings)
    requests = [traffic.page(book.tenant, number, 50) for number in (1, 2)]
    trips = await waits(bench, TO_STOREFRONTS, requests, 25.0)
    measured = f"{trips:.0f} round trips one after the other"
    return Reading(
        trips <= _MOST_ROUND_TRIPS and not findings.lines,
        measured,
        f"at most {_MOST_ROUND_TRIPS}",
        findings.lines,
    )


async def slow_carrier(bench: Bench) -> Reading:
    """The carrier 40 ms further away: how many of a page's questions to it wait for one another?"""
    findings = Findings()
    book = await bring_in(bench, tenant_of(bench, "buoy", 52), findings)
    questions = len(book.labels(1, 50))
    requests = [traffic.page(book.tenant, 1, 50)] * 2
    await bench.counts()
    in_a_row = await waits(bench, TO_CARRIER, requests, 40.0)
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
            await system.send_all(requests, 4, PAGE_TIMEOUT_S)
        result = await system.send_all(requests, 8, PAGE_TIMEOUT_S)
        if system is bench:
            latencies_ms.extend(reply.latency_ms for reply in result.replies)
        return result.good / max(result.seconds, 1e-3)

    found = await bench.against_reference(good_per_s, margin=3.0)
    p95_ms = sorted(latencies_ms)[int(0.95 * len(latencies_ms))]
    measured = (
        f"{found.submitted:.1f} good answers a second, {found.ratio:.2f} of the reference's; P95 {p95_ms:.0f} ms, "
        f"the reference against itself {found.spread:.2f}x"
    )
    return Reading(compares(floor, found.ratio), measured, show_formula(floor))
