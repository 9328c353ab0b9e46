"""The judge's questions to a submitted system, cheap and decisive ones first within each duty.

Each uses keys and customers of its own, so that what an earlier one left behind does not matter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from engine.packs.api import Bench, CannotMeasure, Duty, Probe, Reading, Reply, Request
from engine.packs.formulas import compares, show_formula
from engine.packs.reader import read_pack

from . import exact, invoices
from .books import Unreadable
from .findings import Findings, all_stored, amount_in, check_replies, compare, compare_stored, euros
from .invoices import Invoices

_PACK = read_pack(Path(__file__).parent)

_AT_ONCE = 8
_HISTORY_SETTLES_S = 15.0
_HISTORY_STANDS_S = 6.0


async def everyday_traffic(bench: Bench) -> Reading:
    """Base traffic: stored, posted and answered to the cent; read back the same after a restart."""
    requests, expected = invoices.of_profile("base", bench.seed, range(40))
    findings = Findings()
    check_replies(requests, await bench.send_all(requests, 4), expected, findings)
    await bench.restart("billing")
    await _read_back(bench, expected, findings)
    return (await compare(bench, expected, findings)).reading(len(requests))


async def _read_back(bench: Bench, expected: dict[str, exact.Expected], findings: Findings) -> None:
    customers = sorted({charge.customer for charge in expected.values()})[:5]
    for customer in customers:
        owed = sum(charge.cents for charge in expected.values() if charge.customer == customer)
        reply = await bench.send(Request("GET", f"/accounts/{customer}"))
        if amount_in(reply, "balance") != owed:
            findings.add(f"GET /accounts/{customer}: {reply.body[:80]!r}, must be {euros(owed)}")
    for key, charge in list(expected.items())[:5]:
        reply = await bench.send(Request("GET", f"/charges/{key}"))
        if amount_in(reply) != charge.cents:
            findings.add(f"GET /charges/{key}: {reply.body[:80]!r}, must be {euros(charge.cents)}")


async def sub_cent_prices(bench: Bench) -> Reading:
    """Very many units at a fraction of a cent."""
    return await _exact(bench, invoices.sub_cent(bench.seed))


async def _exact(bench: Bench, made: Invoices) -> Reading:
    """Send the judge's invoices and compare all that they leave."""
    findings = Findings()
    check_replies(made.requests, await bench.send_all(made.requests, _AT_ONCE), made.expected, findings)
    return (await compare(bench, made.expected, findings)).reading(len(made.requests))


async def incident_traffic(bench: Bench) -> Reading:
    """The month-end run itself, as in the live drill."""
    requests, expected = invoices.of_profile(bench.asks("trigger"), bench.live_seed, range(140))
    findings = Findings()
    check_replies(requests, await bench.send_all(requests, _AT_ONCE), expected, findings)
    await _check_connections(bench, findings)
    return (await compare(bench, expected, findings)).reading(len(requests))


async def _check_connections(bench: Bench, findings: Findings) -> None:
    """What billing holds of the server after a burst, against the contract's limit."""
    ((count,),) = await bench.rows(
        "billing", "SELECT count(*) FROM pg_stat_activity WHERE usename = 'billing'"
    )
    most = _PACK.service("billing").max_connections
    if count > most:
        findings.add(f"billing holds {count} connections, the contract allows {most}")


async def ties_of_both_signs(bench: Bench) -> Reading:
    """Half cents whose double lies below them, as charges and as credits."""
    return await _exact(bench, invoices.ties(bench.seed))


async def hidden_invoices(bench: Bench) -> Reading:
    """Invoices of all tariffs under a seed that nobody has seen."""
    requests, expected = invoices.of_profile("stress", bench.seed, range(1000, 1060), refunds=False)
    findings = Findings()
    check_replies(requests, await bench.send_all(requests, _AT_ONCE), expected, findings)
    return (await compare(bench, expected, findings)).reading(len(requests))


async def split_and_recombined(bench: Bench) -> Reading:
    """Amounts that do not divide evenly: all parts equal, the rest to the last one, nothing lost."""
    return await _exact(bench, invoices.splits(bench.seed))


async def charge_and_refund(bench: Bench) -> Reading:
    """Charges and their refunds leave nothing: in no amount, no part, no balance."""
    made = invoices.splits(bench.seed + 1)
    for number, price in enumerate(invoices.TIE_PRICES):
        made.charge(invoices.usage(made.customer(number % 3), [(1 + 2 * number, price)], split_between=3))
    charged = len(made.requests)
    for key in list(made.expected):
        made.refund(key)
    findings = Findings()
    for requests in (made.requests[:charged], made.requests[charged:]):
        check_replies(requests, await bench.send_all(requests, _AT_ONCE), made.expected, findings)
    return (await compare(bench, made.expected, findings)).reading(len(made.requests))


async def large_with_small(bench: Bench) -> Reading:
    """Cents added to very large balances."""
    return await _exact(bench, invoices.large_with_small(bench.seed))


async def any_order(bench: Bench) -> Reading:
    """The same charges in another order, one at a time and many at once: the same balances."""
    requests, expected = invoices.of_profile("stress", bench.seed, range(2000, 2020), refunds=False)
    findings = Findings()
    alone = [requests[index] for index in invoices.shuffled(bench.seed, len(requests))]
    check_replies(alone, await bench.send_all(alone, 1), expected, findings)
    together, expected_too = invoices.of_profile("stress", bench.seed + 1, range(2000, 2032), refunds=False)
    mixed = [together[index] for index in invoices.shuffled(bench.seed + 1, len(together))]
    check_replies(mixed, await bench.send_all(mixed, 20), expected_too, findings)
    return (await compare(bench, {**expected, **expected_too}, findings)).reading(len(alone) + len(mixed))


async def same_key(bench: Bench) -> Reading:
    """One charge a key: sent many times at once, again after many others, again after a restart."""
    made = Invoices(bench.seed, "y")
    for number in range(12):
        made.charge(invoices.usage(made.customer(0), [(3 + number, "12.50")], tax="6.25", split_between=12))
    findings = Findings()
    at_once = [request for request in made.requests for _ in range(8)]
    _check_repeats(at_once, (await bench.send_all(at_once, 16)).replies, made, findings)
    others, expected = invoices.of_profile("base", bench.seed, range(5000, 5045))
    check_replies(others, await bench.send_all(others, _AT_ONCE), expected, findings)
    _check_repeats(made.requests, (await bench.send_all(made.requests, 4)).replies, made, findings)
    await bench.restart("billing")
    _check_repeats(made.requests, (await bench.send_all(made.requests, 4)).replies, made, findings)
    await compare(bench, {**made.expected, **expected}, findings)
    return findings.reading(len(at_once) + 2 * len(made.requests), "one charge a key, 0 charged twice")


def _check_repeats(
    requests: Sequence[Request], replies: Sequence[Reply], made: Invoices, findings: Findings
) -> None:
    """Every key answered with its charge; a repeat that came while the first was in work may get 409."""
    answered = set()
    for request, reply in zip(requests, replies, strict=True):
        key = request.headers["idempotency-key"]
        if 200 <= reply.status < 300 and amount_in(reply) == made.expected[key].cents:
            answered.add(key)
        elif reply.status != 409:
            findings.add(f"{key}: a repeat was answered {reply.status} {reply.body[:60]!r}")
    for key in sorted(made.expected.keys() - answered):
        findings.add(f"{key}: no answer names the charge")


async def history(bench: Bench) -> Reading:
    """The rows that the fault left: put right within some seconds of the start, and gone on from rightly."""
    await bench.fresh(faulty_history=True)
    ((wrong,),) = await bench.rows("ledger", "SELECT count(*) FROM entries WHERE billed_cents <> exact_cents")
    if not wrong:
        raise CannotMeasure("the incident's traffic left nothing wrong to put right")
    findings = await _settled(bench)
    requests, expected = invoices.of_profile("trigger", bench.live_seed, range(4000, 4020), refunds=False)
    check_replies(requests, await bench.send_all(requests, _AT_ONCE), expected, findings)
    await compare(bench, expected, findings)
    return findings.reading(wrong, f"0 cents off in all rows within {_HISTORY_SETTLES_S:.0f} s of the start")


async def _settled(bench: Bench) -> Findings:
    """What is wrong in all rows: once nothing is, once it no longer changes, or when the time is over."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + _HISTORY_SETTLES_S
    before, changed_s = -1, loop.time()
    while True:
        findings = Findings()
        try:
            stored = await all_stored(bench)
            keys = {*stored.rows, *stored.entered}
            known = {key: exact.of_key(key, bench.live_seed) for key in keys}
            expected = {key: charge for key, charge in known.items() if charge is not None}
            compare_stored(expected, stored, findings)
        except Unreadable as error:
            findings.add(str(error))
        if len(findings.lines) != before:
            before, changed_s = len(findings.lines), loop.time()
        if not findings.lines or loop.time() > min(until_s, changed_s + _HISTORY_STANDS_S):
            return findings
        await asyncio.sleep(0.5)


async def goodput(bench: Bench) -> Reading:
    """A fixed amount of hidden work, sixteen clients at once."""
    floor = _PACK.goodput
    if floor is None:
        raise CannotMeasure("scenario.toml names no goodput")
    requests, expected = invoices.of_profile("stress", bench.seed, range(3000, 3096), refunds=False)
    result = await bench.send_all(requests, 16)
    good_per_s = result.good / max(result.seconds, 1e-3)
    findings = Findings()
    check_replies(requests, result, expected, findings)
    required = f"{show_formula(floor)}, all {len(requests)} answered"
    if findings.lines:
        return findings.reading(len(requests), required)
    held = compares(floor, good_per_s)
    return Reading(held, f"{good_per_s:.1f} good answers a second", required)


PROBES = (
    Probe(
        "everyday-traffic",
        Duty.PROMISE,
        "Is everyday traffic answered, stored, posted and, after a restart, read back to the cent, as before?",
        everyday_traffic,
    ),
    Probe(
        "sub-cent-prices", Duty.PROMISE, "Do 100,000 units at 0.0049 still come to 490.00?", sub_cent_prices
    ),
    Probe("incident-traffic", Duty.SYMPTOM, "Is the month-end run of the drill exact now?", incident_traffic),
    Probe(
        "ties-of-both-signs",
        Duty.MECHANISM,
        "Does half a cent go up whatever its price, in charges and in credits?",
        ties_of_both_signs,
    ),
    Probe(
        "hidden-invoices", Duty.MECHANISM, "Are invoices exact that nobody has seen before?", hidden_invoices
    ),
    Probe(
        "split-and-recombined",
        Duty.MECHANISM,
        "Do the parts of a split charge come to the charge, the rest in the last part?",
        split_and_recombined,
    ),
    Probe(
        "charge-and-refund", Duty.MECHANISM, "Do a charge and its refund leave nothing?", charge_and_refund
    ),
    Probe(
        "large-with-small", Duty.MECHANISM, "Do cents still count on a very large balance?", large_with_small
    ),
    Probe("any-order", Duty.MECHANISM, "Does neither order nor number of clients at once matter?", any_order),
    Probe(
        "same-key",
        Duty.OPEN,
        "Is a key charged once: sent at once, again after many others, again after a restart?",
        same_key,
    ),
    Probe("history", Duty.OPEN, "Are the rows put right that the incident left?", history, is_timed=True),
    Probe("goodput", Duty.OPEN, "Is the work still done fast enough?", goodput),
)
