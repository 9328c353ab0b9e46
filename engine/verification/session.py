"""One judgement: the probes, in the pack's order, put to a bench until the verdict is decided."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from engine.clock import Clock
from engine.packs.api import Bench, CannotMeasure, Duty, Probe, Reading
from engine.packs.records import Verdict
from engine.verification.judge import Decision, Outcome, Trouble, decide, is_decided
from engine.verification.records import ProbeResult, ProbeState, Progress, VerificationResult

STARTS = Probe(
    "starts", Duty.PROMISE, "Does every service start from the submitted source?", lambda _: _no_run()
)
OBSERVED = Probe(
    "observed",
    Duty.PROMISE,
    "Does every request still leave its span and hand its trace on?",
    lambda _: _no_run(),
)
WITHIN_LIMITS = Probe(
    "within-limits",
    Duty.PROMISE,
    "Do the services keep to the contract's memory and connections?",
    lambda _: _no_run(),
)
STAYS_UP = Probe("stays-up", Duty.PROMISE, "Do all services stay up until the end?", lambda _: _no_run())
"""Probes that every pack has: the session itself answers them."""

PROBE_LIMIT_S = 75.0
SHOWN_AFTER_DECIDED_S = 30.0
"""How long probes that cannot change the verdict any more are still run, so that people see their values."""

_USUAL_PROBE_S = 4.0
_USUAL_START_S = 6.0
_AT_THE_END_S = {OBSERVED.name: 1.0, WITHIN_LIMITS.name: 0.0, STAYS_UP.name: 0.0}


class MachineFailed(Exception):
    """The isolated environment or the judge failed; nothing is said of the submission."""


class SubmissionFailed(Exception):
    """The submission does not start or did not stay up; `proof` is the traceback, if there is one."""

    def __init__(self, reason: str, evidence: str = "") -> None:
        super().__init__(reason)
        self.proof = (evidence,) if evidence else ()


class Courtroom(Protocol):
    """The isolated system as the session uses it: the probes' bench, and what only the judge may do."""

    @property
    def bench(self) -> Bench:
        """What the probes get."""
        ...

    async def open(self) -> None:
        """Start everything, the submission on top. Raises `SubmissionFailed`, `MachineFailed`."""
        ...

    async def swap_to_reference(self) -> None:
        """From now on the pack's own reference fix runs. Raises `MachineFailed`."""
        ...

    async def reference(self) -> Courtroom:
        """A room beside this one, in which the pack's own reference fix stands. Raises `MachineFailed`."""
        ...

    def quiet(self) -> AbstractContextManager[None]:
        """Live traffic stands still inside of it, for a bounded while."""
        ...

    async def observe(self) -> Reading:
        """Whether what passed left its spans and trace contexts."""
        ...

    def limits(self) -> Reading:
        """Whether the services kept to the contract's limits."""
        ...

    def check(self) -> None:
        """Raises `MachineFailed` or `SubmissionFailed` if something has ended that should run."""
        ...


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """How long a judgement goes on; `expected_s` is what each probe took the last time."""

    stop_early: bool
    time_limit_s: float
    expected_s: Mapping[str, float]
    probe_limit_s: float = PROBE_LIMIT_S


class Session:
    """Puts `probes` to a courtroom; `on_progress` hears of every change."""

    def __init__(
        self,
        room: Courtroom,
        probes: Sequence[Probe],
        settings: SessionSettings,
        clock: Clock,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self._room = room
        self._probes = tuple(probes)
        self._settings = settings
        self._clock = clock
        self._on_progress = on_progress
        self._began_ns = clock.monotonic_ns()
        self._outcomes: list[Outcome] = []
        self._decision: Decision | None = None
        self._decided_ns = 0
        self._reports = {
            probe.name: ProbeResult(probe.name, probe.asks, probe.duty)
            for probe in (STARTS, *probes, OBSERVED, WITHIN_LIMITS, STAYS_UP)
        }

    async def run(self) -> VerificationResult:
        """The result; every failure of the machine is a not-run in it."""
        try:
            async with asyncio.timeout(self._settings.time_limit_s):
                await self._run()
        except TimeoutError:
            limit = f"not finished after {self._settings.time_limit_s:.0f} s"
            self._decide(Decision(Verdict.NOT_RUN, "", limit, "a verdict in time"))
        except MachineFailed as error:
            self._decide(Decision(Verdict.NOT_RUN, "", str(error), "a working judge"))
        return self._result()

    async def _run(self) -> None:
        if not await self._answer_start():
            return
        for number, probe in enumerate(self._probes):
            left = [later.duty for later in self._probes[number:]] + [STAYS_UP.duty]
            if is_decided(self._outcomes, left):
                self._decide(decide(self._outcomes))
            if self._decision is not None and not self._is_still_shown():
                return
            if self._is_wanted(probe):
                await self._ask(probe)
            if self._is_spoilt():
                return
        await self._answer_observed()
        self._answer_limits()
        self._answer_stays_up()

    def _is_wanted(self, probe: Probe) -> bool:
        """Whether the probe is run: it can change the verdict, or people want to see it."""
        return not self._settings.stop_early or not is_decided(self._outcomes, [probe.duty])

    def _is_still_shown(self) -> bool:
        """Whether there is time left for probes that no longer decide."""
        since_s = (self._clock.monotonic_ns() - self._decided_ns) / 1e9
        return not self._settings.stop_early and since_s < SHOWN_AFTER_DECIDED_S

    def _is_spoilt(self) -> bool:
        """Whether the last probe could not be answered: nothing after it would be of the submission."""
        return bool(self._outcomes) and self._outcomes[-1].reading is None

    async def _answer_start(self) -> bool:
        """Start the submission; False when it does not start, which decides."""
        self._show(STARTS, state=ProbeState.RUNNING)
        began_ns = self._clock.monotonic_ns()
        required = "every service answers"
        try:
            await self._room.open()
            reading = Reading(True, "all services answer", required)
        except SubmissionFailed as error:
            reading = Reading(False, str(error), required, error.proof)
        self._conclude(STARTS, reading, began_ns)
        return reading.held

    async def _answer_observed(self) -> None:
        """Say whether the measurement was hidden."""
        self._show(OBSERVED, state=ProbeState.RUNNING)
        began_ns = self._clock.monotonic_ns()
        self._conclude(OBSERVED, await self._room.observe(), began_ns)

    def _answer_limits(self) -> None:
        """Say whether the contract's limits were kept over the whole session."""
        self._conclude(WITHIN_LIMITS, self._room.limits(), self._clock.monotonic_ns())

    def _answer_stays_up(self) -> None:
        """Say whether anything ended by itself; asked last, since a crash may come with any probe."""
        began_ns = self._clock.monotonic_ns()
        required = "no service ends by itself"
        try:
            self._room.check()
            reading = Reading(True, "none ended", required)
        except SubmissionFailed as error:
            reading = Reading(False, str(error), required, error.proof)
        self._conclude(STAYS_UP, reading, began_ns)

    async def _ask(self, probe: Probe) -> None:
        """Run one probe and keep its outcome."""
        self._show(probe, state=ProbeState.RUNNING)
        began_ns = self._clock.monotonic_ns()
        try:
            reading = await self._reading(probe, self._room.bench)
            if self._is_doubtful(probe, reading):
                reading = await self._second_look(probe)
        except (CannotMeasure, MachineFailed) as error:
            self._conclude(probe, None, began_ns, Trouble.JUDGE, str(error))
        except SubmissionFailed as error:
            self._conclude(probe, None, began_ns, Trouble.SUBMISSION, str(error), error.proof)
        except TimeoutError:
            await self._blame(probe, f"no answer within {self._settings.probe_limit_s:.0f} s", began_ns)
        except Exception as error:  # a pack's own code may raise anything; whose fault it is, is found out
            await self._blame(probe, _last_line(error), began_ns)
        else:
            self._conclude(probe, reading, began_ns)

    async def _reading(self, probe: Probe, bench: Bench) -> Reading:
        """The probe's answer within its own limit; the session's limit is not taken for the probe's."""
        limit = asyncio.timeout(self._settings.probe_limit_s)
        async with limit:
            return await probe.run(bench)

    def _is_doubtful(self, probe: Probe, reading: Reading) -> bool:
        """Whether the live drill beside it, and not the submission, may have made a deciding probe fail."""
        decides = not is_decided(self._outcomes, [probe.duty])
        return probe.is_timed and not reading.held and decides and not self._settings.stop_early

    async def _second_look(self, probe: Probe) -> Reading:
        """Ask again, on new databases and while live traffic stands still.

        Raises CannotMeasure where it fails again and the pack's own reference fails beside it.
        """
        self._step(f"{probe.name}: asking again in quiet")
        reference = await self._room.reference()
        await self._room.bench.fresh()
        with self._room.quiet():
            again = await self._reading(probe, self._room.bench)
            if again.held:
                return again
            control = await self._reading(probe, reference.bench)
        if not control.held:
            raise CannotMeasure(f"machine too busy: the reference does not hold either: {control.measured}")
        return again

    async def _blame(self, probe: Probe, reason: str, began_ns: int) -> None:
        """The probe broke: put it to the pack's own reference. If it breaks there too, the judge is at fault."""
        self._step(f"{probe.name}: asking the reference")
        try:
            self._check_machine()
            await self._room.swap_to_reference()
            await self._reading(probe, self._room.bench)
        except Exception as error:  # whatever it is, the probe cannot be answered on this machine
            said = (
                reason if _last_line(error) == reason else f"{reason}; on the reference: {_last_line(error)}"
            )
            self._conclude(probe, None, began_ns, Trouble.JUDGE, said)
        else:
            self._conclude(probe, None, began_ns, Trouble.SUBMISSION, f"cannot be measured: {reason}")

    def _check_machine(self) -> None:
        """Raises `MachineFailed` alone: what the submission did is found by asking the reference."""
        try:
            self._room.check()
        except SubmissionFailed:
            return

    def _conclude(
        self,
        probe: Probe,
        reading: Reading | None,
        began_ns: int,
        trouble: Trouble | None = None,
        reason: str = "",
        proof: tuple[str, ...] = (),
    ) -> None:
        """Keep a probe's outcome and tell of it."""
        seconds = (self._clock.monotonic_ns() - began_ns) / 1e9
        self._outcomes.append(Outcome(probe.name, probe.duty, reading, trouble, reason, proof))
        if reading is not None:
            state = ProbeState.HELD if reading.held else ProbeState.FAILED
            self._show(
                probe,
                state=state,
                measured=reading.measured,
                required=reading.required,
                evidence=tuple(reading.evidence),
                seconds=seconds,
            )
        else:
            state = ProbeState.FAILED if trouble is Trouble.SUBMISSION else ProbeState.SKIPPED
            self._show(
                probe, state=state, measured=reason, required="an answer", evidence=proof, seconds=seconds
            )

    def _decide(self, decision: Decision) -> None:
        """Fix the verdict, once: what is read after it is shown and changes nothing."""
        if self._decision is None:
            self._decision, self._decided_ns = decision, self._clock.monotonic_ns()

    def _result(self) -> VerificationResult:
        self._decide(decide(self._outcomes))
        assert self._decision is not None
        decision = self._decision
        unfinished = (ProbeState.WAITING, ProbeState.RUNNING)
        reports = tuple(
            replace(report, state=ProbeState.SKIPPED) if report.state in unfinished else report
            for report in self._reports.values()
        )
        return VerificationResult(
            decision.verdict,
            decision.probe,
            decision.measured,
            decision.required,
            reports,
            (self._clock.monotonic_ns() - self._began_ns) / 1e9,
            decision.evidence,
        )

    def _show(self, probe: Probe, **changes: object) -> None:
        """Change a probe's report and tell of it."""
        self._reports[probe.name] = replace(self._reports[probe.name], **changes)  # type: ignore[arg-type]
        self._step(probe.name)

    def _step(self, step: str) -> None:
        self._on_progress(Progress(step, self._left_s(), tuple(self._reports.values())))

    def _left_s(self) -> float:
        """What the unfinished probes will take, by what they took the last time."""
        expected = {STARTS.name: _USUAL_START_S, **_AT_THE_END_S} | dict(self._settings.expected_s)
        unfinished = (ProbeState.WAITING, ProbeState.RUNNING)
        return sum(
            expected.get(report.name, _USUAL_PROBE_S)
            for report in self._reports.values()
            if report.state in unfinished
        )


async def _no_run() -> Reading:
    """The session answers this probe itself."""
    raise AssertionError("a probe of the session is not put to the bench")


def _last_line(error: BaseException) -> str:
    """An exception in one line."""
    return traceback.format_exception_only(error)[-1].strip()
