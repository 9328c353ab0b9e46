"""Opening a run, step by step: what is done, what is being done, for how long, and how it ended."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.client import Engine, Subscription

if TYPE_CHECKING:
    from protos.drill.v1.records import OpenRunProgress


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to open: a new run of `packs` side by side with `seed`, or the recorded run `resume`."""

    title: str
    packs: tuple[str, ...] = ()
    seed: int = 0
    level: int = 0
    resume: str = ""


class OpeningState(StrEnum):
    """How the opening stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `ended_s` is None while it is being done. Seconds are monotonic."""

    name: str
    detail: str
    began_s: float
    ended_s: float | None = None

    def seconds(self, now_s: float) -> float:
        """How long it took, or has taken until `now_s`."""
        return (now_s if self.ended_s is None else self.ended_s) - self.began_s


class Opening(QObject):
    """Asks the engine to open a run and keeps the steps that it reports."""

    changed = Signal()
    opened = Signal(str)
    """Name of the run that is open now."""

    def __init__(self, engine: Engine, wanted: Wanted, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wanted = wanted
        self.state = OpeningState.RUNNING
        self.problem = ""
        self.began_s = time.monotonic()
        self.ended_s: float | None = None
        self.steps: tuple[Step, ...] = ()
        self._stream: Subscription[OpenRunProgress] = engine.follow(
            lambda client: client.open_run(wanted.packs, wanted.seed, wanted.level, wanted.resume),
            self._note,
            self,
            reopen=False,
            ended=lambda: self._fail("The engine stopped reporting before the run was open."),
            failed=self._fail,
        )

    def seconds(self, now_s: float) -> float:
        """How long the whole has taken."""
        return (now_s if self.ended_s is None else self.ended_s) - self.began_s

    def cancel(self) -> None:
        """Stop waiting for it."""
        if self.state is OpeningState.RUNNING:
            self._stream.stop()
            self._end(OpeningState.CANCELLED)

    def _note(self, progress: OpenRunProgress) -> None:
        if self.state is not OpeningState.RUNNING:
            return
        now_s = time.monotonic()
        self._end_last(now_s)
        if progress.finished:
            self._end(OpeningState.DONE)
            self.opened.emit(progress.run)
            return
        self.steps = (*self.steps, Step(progress.step, progress.detail, now_s))
        self.changed.emit()

    def _fail(self, problem: str) -> None:
        if self.state is OpeningState.RUNNING:
            self.problem = problem
            self._end(OpeningState.FAILED)

    def _end(self, state: OpeningState) -> None:
        self.state = state
        self.ended_s = time.monotonic()
        self._end_last(self.ended_s)
        self.changed.emit()

    def _end_last(self, now_s: float) -> None:
        if self.steps and self.steps[-1].ended_s is None:
            self.steps = (*self.steps[:-1], replace(self.steps[-1], ended_s=now_s))
