"""Opening a run, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from app.client import Engine
from app.opening import Opening, OpeningState, Wanted
from tests.app.engine_stub import FACILITATOR, EngineStub

WANTED = Wanted("Cents", packs=("fp_drift",), seed=7)


def test_that_every_step_is_kept_with_its_time(
    qtbot: Any, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    opening = Opening(connect(FACILITATOR), WANTED, None)
    with qtbot.waitSignal(opening.opened) as signal:
        pass
    assert signal.args == ["2031-04-30-05"]
    assert [step.name for step in opening.steps] == [name for name, _ in engine_stub.steps]
    assert all(step.ended_s is not None for step in opening.steps)
    assert opening.state is OpeningState.DONE
    assert engine_stub.seed == 7
    assert opening.seconds(10**9) < 10**6


def test_that_the_last_step_runs_until_the_next_is_reported(
    qtbot: Any, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    engine_stub.step_gate.clear()
    opening = Opening(connect(FACILITATOR), WANTED, None)
    qtbot.waitUntil(lambda: len(opening.steps) == 1)
    assert opening.steps[0].ended_s is None
    assert opening.steps[0].seconds(opening.began_s + 3600) > 3000
    engine_stub.step_gate.set()
    qtbot.waitUntil(lambda: opening.state is OpeningState.DONE)


def test_that_a_refusal_is_told_as_the_engine_says_it(
    qtbot: Any, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    engine_stub.open_refusal = "There is no free disk space; a run needs 2 GB."
    opening = Opening(connect(FACILITATOR), WANTED, None)
    qtbot.waitUntil(lambda: opening.state is OpeningState.FAILED)
    assert opening.problem == "There is no free disk space; a run needs 2 GB."


def test_that_an_engine_lost_meanwhile_fails_the_opening(
    qtbot: Any, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    engine_stub.step_gate.clear()
    opening = Opening(connect(FACILITATOR), WANTED, None)
    qtbot.waitUntil(lambda: bool(opening.steps))
    engine_stub.stop()
    qtbot.waitUntil(lambda: opening.state is OpeningState.FAILED)
    assert opening.problem


def test_that_a_cancelled_opening_stays_cancelled(
    qtbot: Any, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    engine_stub.step_gate.clear()
    owner = QObject()
    opening = Opening(connect(FACILITATOR), WANTED, owner)
    qtbot.waitUntil(lambda: bool(opening.steps))
    opening.cancel()
    assert opening.state is OpeningState.CANCELLED
    qtbot.waitUntil(engine_stub.cancelled.is_set)
    assert opening.steps[-1].ended_s is not None
