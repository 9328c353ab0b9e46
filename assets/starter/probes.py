"""The judge's questions to a submitted system, cheap and decisive ones first.

Each uses numbers of its own, so that what an earlier one left behind does not matter. A probe's duty says what its
answer means: a broken PROMISE or a SYMPTOM that is still there is wrong, a MECHANISM that shows again is masked, an
OPEN duty is partial.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from engine.packs.api import Bench, CannotMeasure, Duty, LoadResult, Probe, Reading, Reply
from engine.packs.api import Request as ApiRequest
from engine.packs.formulas import compares, show_formula
from engine.packs.reader import read_pack

from . import traffic
from .traffic import Ride

_PACK = read_pack(Path(__file__).parent)

_AT_ONCE = 8
_HISTORY_WITHIN_S = 5.0


async def everyday(bench: Bench) -> Reading:
    """Rides of every hour in the cities of always: stored, answered and added up under their day."""
    sent = _rides("base", bench.seed, range(48))
    findings = await _send_and_compare(bench, sent)
    findings += await _wrong_totals(bench, sent)
    return _reading(findings, len(sent))


async def one_number(bench: Bench) -> Reading:
    """The same ride many times at once is stored once, and each time answered with it."""
    sent = _rides("base", bench.seed, range(100, 104))
    result = await _send(bench, [ride for ride in sent for _ in range(6)])
    findings = [f"answered {reply.status}" for reply in result.replies if reply.status != 201]
    stored = Counter(number for number, _ in await _stored(bench, sent))
    findings += [
        f"{ride.number}: stored {stored[ride.number]} times" for ride in sent if stored[ride.number] != 1
    ]
    return _reading(findings, len(result.replies))


async def incident(bench: Bench) -> Reading:
    """The new city, as in the live drill: the traffic of all levels."""
    sent = [
        ride
        for profile in ("trigger", "trigger-mornings", "trigger-mixed")
        for ride in _rides(profile, bench.live_seed, range(24))
    ]
    return _reading(await _send_and_compare(bench, sent), len(sent))


async def other_places(bench: Bench) -> Reading:
    """Cities of many offsets under a seed that nobody has seen; read back after a restart."""
    sent = _rides("stress", bench.seed, range(60))
    findings = await _send_and_compare(bench, sent)
    await bench.restart("rides")
    findings += await _wrong_totals(bench, sent)
    return _reading(findings, len(sent))


async def history(bench: Bench) -> Reading:
    """The rows that the unfixed version left: under their own day within some seconds of the start."""
    await bench.fresh(faulty_history=True)
    loop = asyncio.get_running_loop()
    until_s = loop.time() + _HISTORY_WITHIN_S
    while True:
        rows = await bench.rows("rides", "SELECT number, day::text FROM rides")
        known = [(traffic.sent_as(number, bench.live_seed), day) for number, day in rows]
        findings = [_off(ride, day) for ride, day in known if ride is not None and ride.day != day]
        if not rows:
            raise CannotMeasure("the incident's traffic left no row")
        if not findings or loop.time() > until_s:
            return _reading(findings, len(rows))
        await asyncio.sleep(0.25)


async def goodput(bench: Bench) -> Reading:
    """A fixed amount of work, eight requests at once."""
    if _PACK.goodput is None:
        raise CannotMeasure("scenario.toml names no goodput")
    result = await _send(bench, _rides("stress", bench.seed, range(1000, 1080)))
    good_per_s = result.good / max(result.seconds, 1e-3)
    held = result.good == len(result.replies) and compares(_PACK.goodput, good_per_s)
    measured = f"{good_per_s:.1f} good answers a second, {result.good} of {len(result.replies)} good"
    return Reading(held, measured, f"{show_formula(_PACK.goodput)}, all good")


def _rides(profile: str, seed: int, indexes: Sequence[int]) -> list[Ride]:
    return [traffic.ride(profile, seed, index) for index in indexes]


async def _send(bench: Bench, sent: Sequence[Ride]) -> LoadResult:
    return await bench.send_all([traffic.post(ride) for ride in sent], _AT_ONCE)


async def _stored(bench: Bench, sent: Sequence[Ride]) -> list[tuple[str, str]]:
    query = "SELECT number, day::text FROM rides WHERE number = ANY(%s)"
    return [(number, day) for number, day in await bench.rows("rides", query, ([r.number for r in sent],))]


async def _send_and_compare(bench: Bench, sent: Sequence[Ride]) -> list[str]:
    """Send the rides; those that are answered or stored otherwise than they must be."""
    result = await _send(bench, sent)
    stored = dict(await _stored(bench, sent))
    findings = []
    for ride, reply in zip(sent, result.replies, strict=True):
        if stored.get(ride.number) != ride.day:
            findings.append(_off(ride, stored.get(ride.number)))
        elif reply.status != 201 or _value(reply, "day") != ride.day:
            answered = reply.status or "nothing in time"
            findings.append(f"{ride.number}: answered {answered} {reply.body[:80]!r}, must be {ride.day}")
    return findings


async def _wrong_totals(bench: Bench, sent: Sequence[Ride]) -> list[str]:
    """Days whose number of rides, as the public call answers it, is not that of the rides sent."""
    findings = []
    for (city, day), count in Counter((ride.city, ride.day) for ride in sent).items():
        reply = await bench.send(ApiRequest("GET", f"/cities/{city}/days/{day}"))
        if _value(reply, "rides") != count:
            findings.append(f"GET /cities/{city}/days/{day}: {reply.body[:80]!r}, must be {count} rides")
    return findings


def _value(reply: Reply, name: str) -> object:
    try:
        return json.loads(reply.body)[name]
    except (ValueError, KeyError, TypeError):
        return None


def _off(ride: Ride, day: str | None) -> str:
    return f"{ride.number} ended {ride.ended_at}: stored under {day or 'no day'}, must be {ride.day}"


def _reading(findings: Sequence[str], asked: int) -> Reading:
    required = "every ride under its own day, 0 findings"
    if not findings:
        return Reading(True, f"0 findings in {asked}", required)
    return Reading(False, f"{len(findings)} findings in {asked}: {findings[0]}", required, findings[:8])


PROBES = (
    Probe(
        "everyday", Duty.PROMISE, "Are the rides of the other cities under their day, as before?", everyday
    ),
    Probe("one-number", Duty.PROMISE, "Is a ride that is sent again stored once, as before?", one_number),
    Probe("incident", Duty.SYMPTOM, "Are the new city's rides under their day now?", incident),
    Probe("other-places", Duty.MECHANISM, "Are rides right in cities that nobody has tried?", other_places),
    Probe("history", Duty.OPEN, "Are the rides put right that were stored before?", history),
    Probe("goodput", Duty.OPEN, "Is the work still done fast enough?", goodput),
)
