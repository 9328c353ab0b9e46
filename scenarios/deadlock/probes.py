"""The judge's questions to a submitted system, cheap and decisive ones first within each duty.

Each uses products and customers of its own, so that what an earlier one left behind does not matter.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from time import time

from engine.packs.api import Bench, Duty, Probe, Reading, Reply, Request
from engine.packs.reader import read_pack

from . import exact, paths, traffic
from .findings import Answer, Findings, check_stock, check_stored, lines_of, read_answer
from .goods import Goods, stocked_with_demand, times_the_pool, waves
from .way_back import way_back

_PACK = read_pack(Path(__file__).parent)
_ENTRY = _PACK.entry

_LEAST_GOOD_PERCENT = 95
_INCIDENT_S = 4.0
_SWEEP = (0.5, 2.0, 12.0)
_SWEEP_ORDERS = 192
_ANSWER_S = 6.0
"""within which the judge's customers want their answer"""
_MOST_CALLS = 4.0
_QUIET_WITHIN_S = 8.0
_LEAST_OF_REFERENCE = 0.5


def _good(replies: Sequence[Reply]) -> int:
    return sum(1 for reply in replies if 0 < reply.status < 400)


async def everyday_orders(bench: Bench) -> Reading:
    """Base traffic, one by one and some at once: answered, stored, reserved, priced, read back after a restart."""
    await bench.open_profile("base", bench.seed)
    findings = Findings()
    requests = [traffic.request("base", bench.seed, index) for index in range(40)]
    replies = [await bench.send(request) for request in requests[:16]]
    replies += (await bench.send_all(requests[16:], times_the_pool(bench, 0.5))).replies
    answers = _check_everyday(bench.seed, requests, replies, findings)
    await check_stored(bench, answers, findings)
    await bench.restart(_ENTRY)
    for answer in answers[:5]:
        reply = await bench.send(Request("GET", f"/orders/{answer.order_id}"))
        if reply.status != 200 or json.loads(reply.body).get("total_cents") != answer.total_cents:
            findings.add(f"GET /orders/{answer.order_id}: {reply.status} {reply.body[:80]!r}")
    return findings.reading(
        len(requests), "every page and order answered, reserved at its list price, stored"
    )


def _check_everyday(
    seed: int, requests: Sequence[Request], replies: Sequence[Reply], findings: Findings
) -> list[Answer]:
    """Few units are on order by day: every price is the list price."""
    answers = []
    for request, reply in zip(requests, replies, strict=True):
        answer = read_answer(reply)
        if request.method == "GET":
            name = traffic.product(request.path.rpartition("/")[2], seed)["name"]
            if reply.status != 200 or name.encode() not in reply.body:
                findings.add(f"GET {request.path}: {reply.status} {reply.body[:60]!r}, must show {name!r}")
        elif answer is None:
            findings.add(f"an order was answered {reply.status} {reply.body[:80]!r}")
        else:
            answers.append(answer)
            lines = tuple((s, n, traffic.product(s, seed)["list_price_cents"]) for s, n in lines_of(request))
            if answer.lines != lines:
                findings.add(f"order {answer.order_id}: answered {answer.lines}, must be {lines}")
    return answers


async def prices_follow_demand(bench: Bench) -> Reading:
    """One order after the other: the discount grows with what is on order, and a new price list counts at once."""
    goods, findings = Goods(bench, "pf", 4), Findings()
    await goods.bring_in()
    answers = await goods.one_by_one(goods.orders(4), findings)
    for round_ in range(2):
        some = goods.skus[round_:]
        jumps = [goods.order([(sku, 400 + 150 * number)]) for number, sku in enumerate(some)]
        answers += await goods.one_by_one(jumps, findings)
        await asyncio.sleep(exact.FRESH_S)
        answers += await goods.one_by_one(goods.orders(4), findings)
    answers += await goods.one_by_one([goods.order([(goods.skus[0], 1000)])] * 5, findings)
    await asyncio.sleep(exact.FRESH_S)
    await goods.bring_in()
    last = [*goods.orders(4), goods.order([(sku, 2) for sku in goods.skus[:3]])]
    answers += await goods.one_by_one(last, findings)
    await check_stored(bench, answers, findings)
    return findings.reading(
        len(answers), "every price is the list price less 1 % for each 250 units on order"
    )


async def stock_never_oversold(bench: Bench) -> Reading:
    """Fewer units than orders: as many accepted as there are, and each order reserved whole or not at all."""
    goods, findings = Goods(bench, "so", 3, stock=7), Findings()
    await goods.bring_in()
    rare, other = goods.skus[0], goods.skus[1]
    accepted = await goods.burst(
        [goods.order([(rare, 1)]) for _ in range(12)], times_the_pool(bench, 0.5), findings
    )
    if len(accepted) != 7:
        findings.add(f"{rare}: {len(accepted)} orders accepted for 7 units")
    accepted += await goods.one_by_one([goods.order([(other, 2), (rare, 1)])], findings)
    await goods.bring_in(stock=9)
    accepted += await goods.one_by_one([goods.order([(rare, 1)]) for _ in range(3)], findings)
    await check_stored(bench, accepted, findings)
    for sku, reserved in (await check_stock(bench, goods.skus, findings)).items():
        if reserved != goods.shop.reserved(sku):
            findings.add(f"{sku}: {reserved} reserved, accepted orders have {goods.shop.reserved(sku)}")
    return findings.reading(16, "never more accepted than received, every order whole or not at all")


async def incident_traffic(bench: Bench) -> Reading:
    """The flash sale itself, as in the live drill; those who come back for an opening are most of it."""
    await bench.open_profile("stress", bench.live_seed)
    result = await bench.play("stress", bench.live_seed, _INCIDENT_S)
    replies, findings = [*result.replies, *result.repeats], Findings()
    asked, good = len(replies), _good(replies)
    answers = [answer for answer in map(read_answer, replies) if answer is not None]
    if 100 * good < _LEAST_GOOD_PERCENT * max(1, asked):
        findings.add(f"{good} of {asked} customers got a good answer in time")
    await check_stored(bench, answers, findings)
    await check_stock(bench, _skus_of(answers), findings)
    required = f"{_LEAST_GOOD_PERCENT} % of the sale answered in time, stored and reserved as answered"
    return findings.reading(asked, required)


def _skus_of(answers: Sequence[Answer]) -> list[str]:
    return sorted({sku for answer in answers for sku, _, _ in answer.lines})


async def concurrency_sweep(bench: Bench) -> Reading:
    """As many orders at half, twice and twelve times the pool that was submitted."""
    goods = Goods(bench, "cs", 24)
    await goods.bring_in()
    goods_at: list[str] = []
    watch, calls = paths.Watch(bench), 0.0
    for factor in _SWEEP:
        await watch.begin()
        at_once, good = times_the_pool(bench, factor), 0
        for wave in waves(goods.orders(_SWEEP_ORDERS), at_once):
            arrived = _good((await bench.send_all(wave, at_once, _ANSWER_S)).replies)
            good += arrived
            if not arrived:
                break
        goods_at.append(f"{good} at {at_once}")
        calls = max(calls, (await watch.paths()).calls_a_trace)
        if good < _SWEEP_ORDERS * _LEAST_GOOD_PERCENT / 100:
            break
    held = len(goods_at) == len(_SWEEP) and good >= _SWEEP_ORDERS * _LEAST_GOOD_PERCENT / 100
    measured = (
        f"good answers to {_SWEEP_ORDERS} orders: {', '.join(goods_at)} at once; {calls:.1f} calls an order"
    )
    required = (
        f"{_LEAST_GOOD_PERCENT} % at 0.5, 2 and 12 times the workers; at most {_MOST_CALLS:g} calls an order"
    )
    return Reading(held and calls <= _MOST_CALLS, measured, required, goods_at)


async def burst_and_recovery(bench: Bench) -> Reading:
    """Customers who leave after a second; soon afterwards nothing of it is left, and orders go through."""
    goods = Goods(bench, "br", 12)
    await goods.bring_in()
    at_once = times_the_pool(bench, 12)
    await bench.send_all(goods.orders(at_once), at_once, timeout_s=1.0)
    left, quiet_s = await _quiet(bench)
    result = await bench.send_all(goods.orders(24), times_the_pool(bench, 0.5), _ANSWER_S)
    held = not left and result.good == len(result.replies)
    shown = ", ".join(f"{count} on {edge}" for edge, count in left.items()) or "nothing"
    measured = f"{shown} in flight after {quiet_s:.1f} s; {result.good} of 24 orders answered then"
    required = f"nothing in flight after {_QUIET_WITHIN_S:.0f} s, and every order answered"
    return Reading(held, measured, required)


async def _quiet(bench: Bench) -> tuple[dict[str, int], float]:
    """Wait until nothing is in flight: what still is when that takes too long, and the seconds that it took."""
    began_s = time()
    while True:
        counts, waited_s = await bench.counts(), time() - began_s
        left = {edge: counts[edge].in_flight for edge in paths.HTTP_EDGES if counts[edge].in_flight}
        if not left or waited_s > _QUIET_WITHIN_S:
            return left, waited_s
        await asyncio.sleep(0.2)


async def prices_under_load(bench: Bench) -> Reading:
    """Prices while twelve times the pool order at once: by the rule, or marked as the contract allows."""
    findings = Findings()
    goods = await stocked_with_demand(bench, "pl", findings)
    at_once = times_the_pool(bench, 12)
    answers = await goods.burst(goods.orders(max(96, at_once)), at_once, findings)
    if len(answers) < 48:
        findings.add(f"only {len(answers)} orders were accepted")
    marked = sum(answer.is_marked for answer in answers)
    reading = findings.reading(len(answers), "every price by the rule, or marked and at most 30 s old")
    return Reading(reading.held, f"{reading.measured} ({marked} marked)", reading.required, reading.evidence)


async def goodput(bench: Bench) -> Reading:
    """A fixed number of orders at twice the pack's own pool, against the reference on the same machine."""
    at_once = 2 * _PACK.service(_ENTRY).workers
    comparison = await bench.against_reference(lambda system: _orders_per_s(system, at_once))
    measured = (
        f"{comparison.submitted:.0f} orders a second, {comparison.ratio:.2f} of the reference's "
        f"{comparison.reference:.0f} (which differs {comparison.spread:.2f}x from itself)"
    )
    return Reading(
        comparison.ratio >= _LEAST_OF_REFERENCE, measured, f"{_LEAST_OF_REFERENCE:.0%} of the reference's"
    )


async def _orders_per_s(bench: Bench, at_once: int) -> float:
    goods = Goods(bench, "gp", 24)
    await goods.bring_in()
    result = await bench.send_all(goods.orders(48), at_once, _ANSWER_S)
    return result.good / max(result.seconds, 1e-3)


PROBES = (
    Probe(
        "everyday-orders",
        Duty.PROMISE,
        "Are everyday pages and orders answered, reserved, stored, and read back after a restart, as before?",
        everyday_orders,
    ),
    Probe(
        "prices-follow-demand",
        Duty.PROMISE,
        "Does every price follow the price list and what is on order, one order after the other?",
        prices_follow_demand,
    ),
    Probe(
        "stock-never-oversold",
        Duty.PROMISE,
        "Are exactly as many orders accepted as there is stock, each whole or not at all?",
        stock_never_oversold,
    ),
    Probe(
        "incident-traffic",
        Duty.SYMPTOM,
        "Is the flash sale of the drill served now?",
        incident_traffic,
        is_timed=True,
    ),
    Probe(
        "concurrency-sweep",
        Duty.MECHANISM,
        "Are orders answered at half, twice and twelve times the submitted pool?",
        concurrency_sweep,
        is_timed=True,
    ),
    Probe(
        "burst-and-recovery",
        Duty.MECHANISM,
        "Is nothing left in flight after a burst whose customers went away?",
        burst_and_recovery,
        is_timed=True,
    ),
    Probe(
        "prices-under-load",
        Duty.OPEN,
        "Are prices under load right, or marked and young enough?",
        prices_under_load,
        is_timed=True,
    ),
    Probe(
        "way-back",
        Duty.OPEN,
        "Do orders do without a call back into a service that waits for them?",
        way_back,
    ),
    Probe("goodput", Duty.OPEN, "Is the work still done fast enough?", goodput),
)
