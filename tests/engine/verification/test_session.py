"""Which probes are asked, in which order, and whose fault it is when one cannot be answered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from engine.clock import FakeClock
from engine.packs.api import Bench, CannotMeasure, Duty, Probe, Reading
from engine.packs.records import Verdict
from engine.verification.records import ProbeState, Progress, VerificationResult
from engine.verification.session import MachineFailed, Session, SessionSettings, SubmissionFailed

HELD, BROKEN = Reading(True, "0 c", "0 c"), Reading(False, "3 c", "0 c", ("row 1",))


class Room:
    """A courtroom whose system is a script: what starting and checking it raises."""

    def __init__(self, opening: Exception | None = None, later: Exception | None = None) -> None:
        self.bench = cast("Bench", self)
        self.opening, self.later = opening, later
        self.observed, self.kept = HELD, HELD
        self.is_reference = False
        self.beside: Room | None = None
        self.asked: list[str] = []
        self.steps: list[str] = []

    async def open(self) -> None:
        if self.opening:
            raise self.opening

    async def swap_to_reference(self) -> None:
        self.is_reference = True

    async def reference(self) -> Room:
        self.beside = self.beside or Room()
        self.beside.is_reference = True
        return self.beside

    async def fresh(self) -> None:
        self.steps.append("fresh")

    @contextlib.contextmanager
    def quiet(self) -> Iterator[None]:
        self.steps.append("held")
        yield
        self.steps.append("released")

    async def observe(self) -> Reading:
        return self.observed

    def limits(self) -> Reading:
        return self.kept

    def check(self) -> None:
        if self.later:
            raise self.later


def probe(name: str, duty: Duty, reading: Reading | Exception, on_reference: Reading | None = None) -> Probe:
    """A probe that answers `reading`, and something else on the reference."""

    async def run(bench: Bench) -> Reading:
        room = cast("Room", bench)
        room.asked.append(name)
        answer = on_reference if room.is_reference and on_reference else reading
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Probe(name, duty, f"Does {name} hold?", run)


def timed(*answers: Reading, duty: Duty = Duty.SYMPTOM, on_reference: Reading = HELD) -> Probe:
    """A timed probe that answers one after the other of `answers`."""
    left = list(answers)

    async def run(bench: Bench) -> Reading:
        return on_reference if cast("Room", bench).is_reference else left.pop(0)

    return Probe("timed", duty, "Is it answered in time?", run, is_timed=True)


def judge(
    room: Room, *probes: Probe, heard: list[Progress] | None = None, **settings: Any
) -> VerificationResult:
    """Run a session to its result."""
    chosen = {"stop_early": True, "time_limit_s": 30.0, "expected_s": {}} | settings
    listen: Callable[[Progress], None] = heard.append if heard is not None else lambda _: None
    return asyncio.run(Session(room, probes, SessionSettings(**chosen), FakeClock(), listen).run())


def states(result: VerificationResult) -> dict[str, ProbeState]:
    """What became of each probe."""
    return {report.name: report.state for report in result.probes}


def test_that_a_submission_that_holds_everything_is_right() -> None:
    result = judge(Room(), probe("a", Duty.PROMISE, HELD), probe("b", Duty.OPEN, HELD))
    assert (result.verdict, result.probe) == (Verdict.RIGHT, "")
    assert list(states(result)) == ["starts", "a", "b", "observed", "within-limits", "stays-up"]
    assert set(states(result).values()) == {ProbeState.HELD}


def test_that_a_submission_that_does_not_start_is_wrong_with_its_traceback() -> None:
    room = Room(opening=SubmissionFailed("billing does not start: NameError (app.py:3)", "Traceback: ..."))
    result = judge(room, probe("a", Duty.PROMISE, HELD))
    assert (result.verdict, result.probe, result.evidence) == (Verdict.WRONG, "starts", ("Traceback: ...",))
    assert "app.py:3" in result.measured
    assert states(result) == {
        "starts": ProbeState.FAILED,
        "a": ProbeState.SKIPPED,
        "observed": ProbeState.SKIPPED,
        "within-limits": ProbeState.SKIPPED,
        "stays-up": ProbeState.SKIPPED,
    }


def test_that_an_environment_that_does_not_start_is_not_run() -> None:
    result = judge(Room(opening=MachineFailed("no postgres")), probe("a", Duty.PROMISE, BROKEN))
    assert (result.verdict, result.measured) == (Verdict.NOT_RUN, "no postgres")


def test_that_a_broken_promise_stops_at_once() -> None:
    room = Room()
    result = judge(room, probe("a", Duty.PROMISE, BROKEN), probe("b", Duty.PROMISE, HELD))
    assert (result.verdict, result.probe, result.evidence) == (Verdict.WRONG, "a", ("row 1",))
    assert room.asked == ["a"]


def test_that_a_masked_fix_is_still_asked_for_every_promise_and_the_symptom() -> None:
    room = Room()
    result = judge(
        room,
        probe("mechanism", Duty.MECHANISM, BROKEN),
        probe("second", Duty.MECHANISM, HELD),
        probe("open", Duty.OPEN, HELD),
        probe("symptom", Duty.SYMPTOM, HELD),
        probe("promise", Duty.PROMISE, BROKEN),
    )
    assert room.asked == ["mechanism", "symptom", "promise"]
    assert (result.verdict, result.probe) == (Verdict.WRONG, "promise")


def test_that_a_partial_fix_is_still_asked_for_its_mechanism() -> None:
    room = Room()
    result = judge(
        room,
        probe("history", Duty.OPEN, BROKEN),
        probe("goodput", Duty.OPEN, BROKEN),
        probe("ties", Duty.MECHANISM, BROKEN),
    )
    assert room.asked == ["history", "ties"]
    assert (result.verdict, result.probe) == (Verdict.MASKED, "ties")


def test_that_without_early_stop_every_probe_is_shown_and_the_verdict_stays() -> None:
    room = Room()
    result = judge(
        room,
        probe("a", Duty.PROMISE, BROKEN),
        probe("b", Duty.MECHANISM, BROKEN),
        probe("c", Duty.OPEN, CannotMeasure("too noisy")),
        stop_early=False,
    )
    assert (result.verdict, result.probe) == (Verdict.WRONG, "a")
    assert room.asked == ["a", "b", "c"]


def test_that_a_machine_that_is_too_noisy_is_not_run() -> None:
    result = judge(Room(), probe("a", Duty.OPEN, CannotMeasure("machine too noisy: spread 40 %")))
    assert (result.verdict, result.probe) == (Verdict.NOT_RUN, "a")
    assert "spread 40 %" in result.measured


def test_that_a_probe_that_breaks_on_the_reference_too_is_the_judges_fault() -> None:
    result = judge(Room(), probe("a", Duty.PROMISE, KeyError("cents")), probe("b", Duty.PROMISE, BROKEN))
    assert (result.verdict, result.probe, result.measured) == (Verdict.NOT_RUN, "a", "KeyError: 'cents'")


def test_that_a_probe_that_breaks_on_the_submission_alone_is_the_submissions() -> None:
    result = judge(Room(), probe("a", Duty.OPEN, KeyError("cents"), on_reference=HELD))
    assert (result.verdict, result.probe) == (Verdict.WRONG, "a")
    assert result.measured == "cannot be measured: KeyError: 'cents'"


def test_that_a_broken_machine_is_not_put_to_the_reference() -> None:
    room = Room(later=MachineFailed("postgres ended"))
    result = judge(room, probe("a", Duty.OPEN, KeyError("cents"), on_reference=HELD))
    assert result.verdict is Verdict.NOT_RUN
    assert "postgres ended" in result.measured
    assert not room.is_reference


def test_that_a_submission_that_no_longer_starts_in_a_probe_is_wrong() -> None:
    failed = SubmissionFailed("billing does not start", "Traceback: ...")
    result = judge(Room(), probe("history", Duty.OPEN, failed))
    assert (result.verdict, result.probe, result.evidence) == (Verdict.WRONG, "history", ("Traceback: ...",))


def test_that_a_service_that_ended_by_itself_is_wrong() -> None:
    room = Room(later=SubmissionFailed("billing ended by itself with exit code 1", "last line"))
    result = judge(room, probe("a", Duty.PROMISE, HELD))
    assert (result.verdict, result.probe, result.evidence) == (Verdict.WRONG, "stays-up", ("last line",))


@pytest.mark.parametrize(("on_reference", "verdict"), [(True, Verdict.NOT_RUN), (False, Verdict.WRONG)])
def test_that_a_probe_without_an_answer_in_time_is_blamed_by_what_the_reference_does(
    on_reference: bool, verdict: Verdict
) -> None:
    async def hang(bench: Bench) -> Reading:
        if on_reference or not cast("Room", bench).is_reference:
            await asyncio.Event().wait()
        return HELD

    result = judge(Room(), Probe("hang", Duty.PROMISE, "Does it answer?", hang), probe_limit_s=0.05)
    assert (result.verdict, result.probe) == (verdict, "hang")


def test_that_a_judgement_over_its_time_is_not_run_unless_decided() -> None:
    async def hang(bench: Bench) -> Reading:
        await asyncio.Event().wait()
        return HELD

    endless = Probe("endless", Duty.OPEN, "Does it end?", hang)
    assert judge(Room(), endless, time_limit_s=0.05).verdict is Verdict.NOT_RUN
    wrong = probe("a", Duty.PROMISE, BROKEN)
    result = judge(Room(), wrong, endless, time_limit_s=0.05, stop_early=False)
    assert (result.verdict, result.probe) == (Verdict.WRONG, "a")


def test_that_a_submission_that_hides_what_it_does_is_wrong() -> None:
    room = Room()
    room.observed = Reading(False, "billing: 0 of 40", "a span for every request")
    result = judge(room, probe("a", Duty.PROMISE, HELD))
    assert (result.verdict, result.probe, result.measured) == (Verdict.WRONG, "observed", "billing: 0 of 40")


def test_that_a_submission_beyond_the_contracts_limits_is_wrong() -> None:
    room = Room()
    room.kept = Reading(False, "billing: 900 of 320 MB", "within the contract")
    result = judge(room, probe("a", Duty.OPEN, HELD))
    assert (result.verdict, result.probe) == (Verdict.WRONG, "within-limits")


def test_that_progress_tells_every_change_and_the_time_left() -> None:
    heard: list[Progress] = []
    judge(Room(), probe("a", Duty.PROMISE, HELD), heard=heard, expected_s={"starts": 2.0, "a": 5.0})
    told = [(now.step, now.probes[1].state, now.seconds_left) for now in heard]
    assert told == [
        ("starts", ProbeState.WAITING, 8.0),
        ("starts", ProbeState.WAITING, 6.0),
        ("a", ProbeState.RUNNING, 6.0),
        ("a", ProbeState.HELD, 1.0),
        ("observed", ProbeState.HELD, 1.0),
        ("observed", ProbeState.HELD, 0.0),
        ("within-limits", ProbeState.HELD, 0.0),
        ("stays-up", ProbeState.HELD, 0.0),
    ]


def test_that_a_timed_probe_that_fails_beside_a_live_drill_is_asked_again_in_quiet() -> None:
    room = Room()
    result = judge(room, timed(BROKEN, HELD), stop_early=False)
    assert result.verdict is Verdict.RIGHT
    assert room.steps == ["fresh", "held", "released"]


def test_that_a_timed_probe_that_fails_in_quiet_too_decides_where_the_reference_holds() -> None:
    result = judge(Room(), timed(BROKEN, BROKEN), stop_early=False)
    assert (result.verdict, result.probe) == (Verdict.WRONG, "timed")


def test_that_a_machine_on_which_the_reference_fails_as_well_says_nothing_of_the_submission() -> None:
    result = judge(Room(), timed(BROKEN, BROKEN, on_reference=BROKEN), stop_early=False)
    assert (result.verdict, result.probe) == (Verdict.NOT_RUN, "timed")
    assert "machine too busy" in result.measured


def test_that_only_a_timed_probe_that_decides_beside_a_live_drill_is_asked_twice() -> None:
    room = Room()
    assert judge(room, timed(BROKEN), stop_early=True).verdict is Verdict.WRONG
    wrong = probe("promise", Duty.PROMISE, BROKEN)
    assert judge(room, wrong, timed(BROKEN, duty=Duty.OPEN), stop_early=False).probe == "promise"
    assert judge(room, probe("counted", Duty.SYMPTOM, BROKEN), stop_early=False).probe == "counted"
    assert room.steps == []
