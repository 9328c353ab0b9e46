"""The judge's questions to a submitted system, cheap and decisive ones first.

Statements are counted by the proxy, answers are compared with what was sent. Each question has journeys of its own.
A broken PROMISE or a SYMPTOM that is still there is wrong, a MECHANISM that shows again is masked, an OPEN duty is
partial.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Sequence
from time import monotonic

from engine.packs.api import Bench, CannotMeasure, Duty, Probe, Reading, Reply

from . import traffic
from .traffic import Journey

_EDGE = "routes->postgres"
_MOST_STATEMENTS = 30
_PERIOD_S = 3.0
_SEEN_WITHIN_S = 5.0
_RUSH_S = 4.0
_INCIDENT_S = 9.0
_SYMPTOM_MS = 1500
"""what the slowest twentieth takes in the incident, at least"""
_AT_ONCE = 64
_ASKED_MEANWHILE = slice(8, 32)
"""journeys that no other question asks for"""
_MARGIN = 2.0


async def everyday(bench: Bench) -> Reading:
    """Short rides in town and long ones, one after the other and some at once: answered as the lines say."""
    await bench.open_profile("base", bench.seed)
    asked = [traffic.journey("base", bench.seed, index) for index in range(24)]
    asked += [traffic.journey("trigger", bench.seed, index) for index in range(4)]
    findings = await _ask(bench, asked, 4)
    unknown = traffic.get(Journey(asked[0].line, "Nowhere", asked[0].target, 0, 0))
    reply = await bench.send(unknown)
    findings += [] if reply.status == 404 else [f"{unknown.path}: answered {reply.status}, must be 404"]
    return _answers(findings, len(asked) + 1)


async def many_readers(bench: Bench) -> Reading:
    """Many readers of many different short rides at once: nobody is sent away."""
    await bench.open_profile("base", bench.seed)
    asked = [
        traffic.ride(line, first, first + 2)
        for first in range(5)
        for line in traffic.lines("town", bench.seed)[1:]
    ]
    return _answers(await _ask(bench, asked * 2, 24), len(asked) * 2)


async def reports_seen(bench: Bench) -> Reading:
    """A report changes the answers of its line within the time that the contract states, twice."""
    await bench.open_profile("base", bench.seed)
    line = traffic.lines("town", bench.seed)[2]
    asked = traffic.ride(line, 1, 4)
    findings: list[str] = []
    for late_minutes in (7, 3):
        await bench.send(traffic.get(asked))
        await _report(bench, line.name, late_minutes)
        findings += await _until_seen(bench, asked, late_minutes)
    return Reading(
        not findings,
        findings[0] if findings else "2 of 2 reports seen in time",
        f"each seen within {_SEEN_WITHIN_S:.0f} s",
    )


async def goes_on(bench: Bench) -> Reading:
    """Readers ask while routes is away for a moment; as soon as it is back each of them is answered."""
    await bench.open_profile("stress", bench.seed)
    asked = traffic.long_rides(bench.seed)[_ASKED_MEANWHILE]
    async with asyncio.TaskGroup() as tasks:
        restart = tasks.create_task(bench.restart("routes"))
        for one in itertools.cycle(asked):
            tasks.create_task(_ask(bench, [one, one], 2))
            await asyncio.sleep(0.05)
            if restart.done():
                break
    return _answers(await _ask(bench, asked, len(asked)), len(asked))


async def incident(bench: Bench) -> Reading:
    """The fans, as in the live drill, after the first rush on empty memory: is the symptom gone?"""
    await bench.open_profile("base", bench.live_seed)
    result = await bench.play("trigger", bench.live_seed, _RUSH_S + _INCIDENT_S)
    asked = result.replies[round(len(result.replies) * _RUSH_S / (_RUSH_S + _INCIDENT_S)) :]
    good = sum(0 < reply.status < 400 and reply.latency_ms < _SYMPTOM_MS for reply in asked)
    within = f"answered within {_SYMPTOM_MS / 1000} s"
    return Reading(
        100 * good >= 95 * len(asked) > 0,
        f"{good} of {len(asked)} readers {within}",
        f"at least 95 of 100 readers {within}",
    )


async def one_journey(bench: Bench) -> Reading:
    """Many readers at once of one journey that nobody has asked for, again and again until the answer is new."""
    await bench.open_profile("stress", bench.seed)
    return _statements([await _again_and_again(bench, traffic.long_rides(bench.seed)[0], late=0)])


async def after_a_start(bench: Bench) -> Reading:
    """Right after a new start: readers of one journey, then of three at once."""
    await bench.open_profile("stress", bench.seed)
    rides = traffic.long_rides(bench.seed)
    await bench.restart("routes")
    await bench.restart("kiosk")
    return _statements([await _burst(bench, rides[1:2]), await _burst(bench, rides[2:5])])


async def after_a_report(bench: Bench) -> Reading:
    """Readers at once while a report comes in: few statements, and the new answer in time."""
    await bench.open_profile("stress", bench.seed)
    asked = traffic.long_rides(bench.seed)[5]
    first = await _burst(bench, [asked])
    await _report(bench, asked.line, 11)
    meanwhile = await _again_and_again(bench, asked, late=None)
    return _statements([first, meanwhile, await _burst(bench, [asked], late=11)])


async def beside_each_other(bench: Bench) -> Reading:
    """Six different journeys at once: not slower than the reference by much."""
    await bench.open_profile("stress", bench.seed)
    compared = await bench.against_reference(_SixAtOnce(), pairs=5, margin=_MARGIN)
    measured = f"{compared.ratio:.1f} times as long as the reference (median of {compared.pairs} pairs)"
    return Reading(compared.ratio < _MARGIN, measured, f"less than {_MARGIN:.0f} times as long")


class _SixAtOnce:
    """Seconds for six journeys that nobody asked for before; other ones each time, the same for both systems."""

    def __init__(self) -> None:
        self._times: dict[int, int] = {}

    async def __call__(self, bench: Bench) -> float:
        seed = bench.seed + 1
        times = self._times.get(id(bench), 0)
        self._times[id(bench)] = times + 1
        if times == 0:
            await bench.open_profile("stress", seed)
        rides = traffic.long_rides(seed)
        asked = [rides[(6 * times + index) % len(rides)] for index in range(6)]
        result = await bench.send_all([traffic.get(one) for one in asked], len(asked))
        if result.good < len(asked):
            raise CannotMeasure(f"{len(asked) - result.good} of {len(asked)} journeys were not answered")
        return result.seconds


class _Burst:
    """What a burst of readers did: how many statements, in how long, for how many journeys."""

    def __init__(self, statements: int, seconds: float, journeys: int, findings: Sequence[str]) -> None:
        self.statements = statements
        self.seconds = seconds
        self.journeys = journeys
        self.findings = findings

    @property
    def allowed(self) -> int:
        """Statements that the contract allows in that time."""
        return _MOST_STATEMENTS * self.journeys * (1 + int(self.seconds / _PERIOD_S))


async def _burst(bench: Bench, asked: Sequence[Journey], late: int | None = 0) -> _Burst:
    began_s = monotonic()
    before = (await bench.counts())[_EDGE].statements
    readers = [one for _ in range(_AT_ONCE // len(asked)) for one in asked]
    findings = await _ask(bench, readers, _AT_ONCE, late)
    after = (await bench.counts())[_EDGE].statements
    return _Burst(after - before, monotonic() - began_s, len(asked), findings)


async def _again_and_again(bench: Bench, asked: Journey, late: int | None) -> _Burst:
    """Readers of one journey, many at once, twice a second, for as long as an answer may be old."""
    began_s = monotonic()
    bursts: list[_Burst] = []
    while monotonic() - began_s < _SEEN_WITHIN_S:
        bursts.append(await _burst(bench, [asked], late))
        await asyncio.sleep(0.5)
    findings = [finding for burst in bursts for finding in burst.findings]
    return _Burst(sum(burst.statements for burst in bursts), monotonic() - began_s, 1, findings)


async def _ask(bench: Bench, asked: Sequence[Journey], at_once: int, late: int | None = 0) -> list[str]:
    """Ask for journeys; those that are answered otherwise than they must be. `late` None: however late."""
    result = await bench.send_all([traffic.get(one) for one in asked], at_once)
    pairs = zip(asked, result.replies, strict=True)
    return [finding for one, reply in pairs if (finding := _finding(one, reply, late))]


def _finding(asked: Journey, reply: Reply, late: int | None) -> str:
    answer = _json(reply)
    late = answer.get("late_minutes") if late is None else late
    must_be = {"line": asked.line, "origin": asked.origin, "target": asked.target, "legs": asked.legs}
    must_be |= {"minutes": asked.minutes + (late if isinstance(late, int) else 0), "late_minutes": late}
    if reply.status == 200 and all(answer.get(name) == value for name, value in must_be.items()):
        return ""
    answered = reply.status or "nothing in time"
    return f"{asked.line} {asked.origin} to {asked.target}: {answered} {reply.body[:90]!r}, must be {must_be}"


def _json(reply: Reply) -> dict[str, object]:
    try:
        answer = json.loads(reply.body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


async def _report(bench: Bench, line: str, late_minutes: int) -> None:
    reply = await bench.send(traffic.report(line, late_minutes))
    if reply.status != 201:
        raise ValueError(f"the report of {line} was answered {reply.status}")


async def _until_seen(bench: Bench, asked: Journey, late_minutes: int) -> list[str]:
    until_s = monotonic() + _SEEN_WITHIN_S
    while True:
        finding = _finding(asked, await bench.send(traffic.get(asked)), late_minutes)
        if not finding:
            return []
        if monotonic() > until_s:
            return [f"after {_SEEN_WITHIN_S:.0f} s {finding}"]
        await asyncio.sleep(0.25)


def _answers(findings: Sequence[str], asked: int) -> Reading:
    required = "every reader answered as the lines say, 0 findings"
    if not findings:
        return Reading(True, f"0 findings in {asked}", required)
    return Reading(False, f"{len(findings)} findings in {asked}: {findings[0]}", required, findings[:8])


def _statements(bursts: Sequence[_Burst]) -> Reading:
    required = (
        f"at most {_MOST_STATEMENTS} statements for a journey within 3 s, every answer as the lines say"
    )
    findings = [finding for burst in bursts for finding in burst.findings]
    worst = max(bursts, key=lambda burst: burst.statements / burst.allowed)
    measured = f"{worst.statements} statements in {worst.seconds:.1f} s for {worst.journeys} journeys"
    if findings:
        return Reading(False, f"{measured}; {findings[0]}", required, findings[:8])
    return Reading(worst.statements <= worst.allowed, measured, required)


PROBES = (
    Probe("everyday", Duty.PROMISE, "Are journeys answered as the lines say, as before?", everyday),
    Probe(
        "many-readers",
        Duty.PROMISE,
        "Is every reader answered when many ask for different rides?",
        many_readers,
    ),
    Probe(
        "reports-seen",
        Duty.PROMISE,
        "Is a report seen within 5 seconds, as before?",
        reports_seen,
        is_timed=True,
    ),
    Probe("goes-on", Duty.PROMISE, "Is everybody answered again after routes was away, as before?", goes_on),
    Probe("incident", Duty.SYMPTOM, "Do the fans get their answers in time now?", incident, is_timed=True),
    Probe(
        "one-journey", Duty.MECHANISM, "Is a journey worked out once, however many ask for it?", one_journey
    ),
    Probe(
        "after-a-start", Duty.MECHANISM, "Is it worked out once right after a new start, too?", after_a_start
    ),
    Probe(
        "after-a-report",
        Duty.MECHANISM,
        "Is it worked out once, and seen in time, after a report?",
        after_a_report,
        is_timed=True,
    ),
    Probe(
        "beside-each-other",
        Duty.OPEN,
        "Are different journeys worked out beside each other?",
        beside_each_other,
    ),
)
