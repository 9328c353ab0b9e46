"""The queue of verifications: one is judged at a time, in an isolated environment of its own."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.drill import events as e
from engine.drill.errors import DrillError, Refusal
from engine.drill.state import VerificationState
from engine.packs.records import Pack, Verdict
from engine.runner.deploys import Deploys
from engine.runner.recorder import Recorder
from engine.verification.records import ProbeResult, VerificationRequest, VerificationResult
from engine.verification.records import Progress as JudgeProgress
from engine.verification.verification import OnHold, Verifier

WAITING = 8
"""verifications that may wait; more are refused"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a judgement is, beside the log: it is not kept."""

    state: str
    step: str = ""
    seconds: float = 0.0
    seconds_left: float = 0.0
    probes: tuple[ProbeResult, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    id: str
    commit: str
    pack: Pack
    actor: str
    role: str


class Judging:
    """Takes commits, judges them one after the other, and records each verdict.

    `allow_hold` gives each judgement what it is told True with while live traffic should stand still.
    """

    def __init__(
        self,
        packs: Sequence[Pack],
        deploys: Deploys,
        recorder: Recorder,
        folder: Path,
        live_seed: int,
        run_id: str,
        allow_hold: Callable[[], OnHold],
    ) -> None:
        self._packs = {pack.codename: pack for pack in packs}
        self._allow_hold = allow_hold
        self._deploys = deploys
        self._recorder = recorder
        self._folder = folder
        self._live_seed = live_seed
        self._run_id = run_id
        self._verifier = Verifier()
        self._asked: asyncio.Queue[_Asked] = asyncio.Queue(maxsize=WAITING)
        self._running: tuple[str, asyncio.Future[VerificationResult]] | None = None
        self._cancelled: set[str] = set()
        self._progress: dict[str, Progress] = {}

    @property
    def progress(self) -> Mapping[str, Progress]:
        """By verification: those that wait or run."""
        return self._progress

    async def ask(self, commit: str, scenario: str, actor: str, role: str) -> tuple[str, ...]:
        """Queue a commit as the fix of a scenario (its codename), or of each one that it touches; returns the ids of
        the verifications. Refused for an unknown commit or scenario and for a full queue."""
        self._deploys.sources(commit)
        packs = self._meant(commit, scenario)
        if self._asked.qsize() + len(packs) > WAITING:
            raise DrillError(f"{WAITING} verifications may wait at most. Cancel one first.", Refusal.NOT_NOW)
        return tuple([await self._queue(commit, pack, actor, role) for pack in packs])

    def _meant(self, commit: str, scenario: str) -> Sequence[Pack]:
        """The scenarios to judge: the named one, those not judged right yet that the commit touches, or all."""
        if scenario and scenario not in self._packs:
            known = ", ".join(self._packs)
            raise DrillError(
                f"There is no scenario “{scenario}” in this run, but {known}.", Refusal.NOT_FOUND
            )
        if scenario:
            return [self._packs[scenario]]
        touched = [pack for pack in self._packs.values() if self._deploys.is_touched(pack, commit)]
        judged = {v.scenario for v in self._recorder.state.verifications.values() if _is_right(v)}
        return [pack for pack in touched if pack.codename not in judged] or touched or [*self._packs.values()]

    async def _queue(self, commit: str, pack: Pack, actor: str, role: str) -> str:
        asked = _Asked(secrets.token_hex(4), commit, pack, actor, role)
        event = e.VerificationRequested(asked.id, commit, pack.codename)
        await self._recorder.act(lambda _: event, actor, role)
        self._progress[asked.id] = Progress("queued", f"{len(self._progress)} before this one")
        self._asked.put_nowait(asked)
        return asked.id

    def cancel(self, verification: str) -> None:
        """Stop a judgement that waits or runs (its event is in the log already)."""
        self._cancelled.add(verification)
        self._progress.pop(verification, None)
        if self._running and self._running[0] == verification:
            self._running[1].cancel()
        self._recorder.wake()

    async def work(self) -> None:
        """Judge what is asked for, until cancelled."""
        while True:
            asked = await self._asked.get()
            if asked.id not in self._cancelled:
                await self._judge(asked)

    async def _judge(self, asked: _Asked) -> None:
        request = VerificationRequest(
            pack_folder=asked.pack.folder,
            sources=self._deploys.editable_sources(asked.pack, asked.commit),
            folder=self._folder / asked.id,
            run_id=self._run_id,
            seed=secrets.randbelow(2**31 - 1) + 1,
            live_seed=self._live_seed,
            level=asked.pack.level,
        )
        started = asyncio.get_running_loop().time()

        def on_progress(now: JudgeProgress) -> None:
            seconds = asyncio.get_running_loop().time() - started
            self._progress[asked.id] = Progress("running", now.step, seconds, now.seconds_left, now.probes)
            self._recorder.wake()

        judging = asyncio.ensure_future(self._verifier.verify(request, on_progress, self._allow_hold()))
        self._running = (asked.id, judging)
        try:
            await asyncio.wait({judging})
        finally:
            self._running = None
            self._progress.pop(asked.id, None)
            if not judging.done():
                judging.cancel()
                await asyncio.wait({judging})
        if not judging.cancelled():
            event = _finished(asked, judging.result())
            await self._recorder.act(lambda _: event, asked.actor, asked.role)


def _is_right(verification: VerificationState) -> bool:
    return verification.finished is not None and verification.finished.verdict == Verdict.RIGHT


def _finished(asked: _Asked, result: VerificationResult) -> e.VerificationFinished:
    return e.VerificationFinished(
        verification=asked.id,
        commit=asked.commit,
        verdict=result.verdict,
        probe=result.probe,
        measured=result.measured,
        required=result.required,
        seconds=round(result.seconds, 1),
        probes=tuple({**asdict(probe), "evidence": list(probe.evidence)} for probe in result.probes),
    )
