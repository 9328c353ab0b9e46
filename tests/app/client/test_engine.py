"""The connection: replica, calls, streams, loss and end."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread

from app.client import Endpoint, Engine, EngineState
from tests.app.engine_stub import PARTICIPANT, EngineStub

Connect = Callable[..., Engine]


def kinds_of(engine: Engine) -> list[str]:
    """A list that grows with the kinds of the events that arrive."""
    kinds: list[str] = []
    engine.eventsArrived.connect(lambda events: kinds.extend(event.kind for event in events))
    return kinds


def test_that_a_console_sees_the_drill_that_is_open(
    qtbot: Any, engine_stub: EngineStub, connect: Connect
) -> None:
    engine_stub.open("run-1")
    engine = connect()
    qtbot.waitUntil(lambda: engine.snapshot is not None)
    assert (engine.state, engine.run) == (EngineState.CONNECTED, "run-1")
    assert engine.snapshot is not None
    assert engine.snapshot.clock.phase == "phase-1"


def test_that_a_run_that_opens_later_is_noticed(
    qtbot: Any, engine_stub: EngineStub, connect: Connect
) -> None:
    engine = connect()
    qtbot.waitUntil(lambda: engine.state is EngineState.CONNECTED)
    assert (engine.snapshot, engine.run) == (None, "")
    engine_stub.open("run-2")
    engine.look_again()
    qtbot.waitUntil(lambda: engine.snapshot is not None)
    assert engine.run == "run-2"


def test_that_a_run_that_closes_leaves_the_connection_up(
    qtbot: Any, engine_stub: EngineStub, connect: Connect
) -> None:
    engine_stub.open("run-3")
    engine = connect()
    qtbot.waitUntil(lambda: engine.snapshot is not None)
    states: list[str] = []
    engine.stateChanged.connect(states.append)
    engine_stub.close_run()
    qtbot.waitUntil(lambda: engine.run == "")
    assert states == []


def test_that_events_arrive_once_and_in_order(qtbot: Any, engine_stub: EngineStub, connect: Connect) -> None:
    engine_stub.open()
    engine = connect()
    kinds = kinds_of(engine)
    qtbot.waitUntil(lambda: engine.snapshot is not None)
    for number in range(40):
        engine_stub.happen(f"Event{number}")
    qtbot.waitUntil(lambda: len(kinds) >= 40)
    assert kinds == [f"Event{number}" for number in range(40)]
    assert engine.snapshot is not None
    assert engine.snapshot.number == 40


def test_that_a_loss_is_told_and_what_was_missed_is_caught_up(qtbot: Any, connect: Connect) -> None:
    first = EngineStub()
    first.open("run-4")
    engine = Engine()
    kinds = kinds_of(engine)
    engine.connect_to(Endpoint(first.address, PARTICIPANT))
    qtbot.waitUntil(lambda: engine.snapshot is not None)
    first.happen("Before")
    qtbot.waitUntil(lambda: kinds == ["Before"])
    first.stop()
    qtbot.waitUntil(lambda: engine.state is EngineState.LOST)
    assert engine.problem
    assert engine.lost_since_ns > 0
    assert engine.retry_at_ns >= engine.lost_since_ns
    assert engine.snapshot is not None

    second = EngineStub(first.port)
    second.events = first.events
    second.open("run-4")
    for kind in ("Missed", "Missed too"):
        second.happen(kind)
    qtbot.waitUntil(lambda: engine.state is EngineState.CONNECTED, timeout=15_000)
    qtbot.waitUntil(lambda: len(kinds) == 3)
    assert kinds == ["Before", "Missed", "Missed too"]
    assert (engine.problem, engine.lost_since_ns) == ("", 0)
    engine.close()
    second.stop()


def test_that_an_engine_at_another_address_is_followed(
    qtbot: Any, engine_stub: EngineStub, connect: Connect
) -> None:
    engine_stub.open("run-5")
    engine = connect()
    qtbot.waitUntil(lambda: engine.run == "run-5")
    other = EngineStub()
    other.open("run-6")
    engine.connect_to(Endpoint(other.address, PARTICIPANT))
    qtbot.waitUntil(lambda: engine.run == "run-6")
    qtbot.waitUntil(lambda: engine.snapshot is not None and engine.snapshot.run == "run-6")
    engine.close()
    other.stop()


def test_that_answers_come_back_on_the_gui_thread(qtbot: Any, connect: Connect) -> None:
    engine, owner = connect(), QObject()
    calls: list[str] = []
    answers: list[tuple[object, bool]] = []

    def call(client: Any) -> object:
        calls.append(threading.current_thread().name)
        return client.list_packs()

    engine.ask(call, lambda packs: answers.append((packs[0].id, QThread.isMainThread())), owner=owner)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [("fp_drift", True)]
    assert calls[0].startswith("engine-call")


def test_that_a_refusal_arrives_as_the_engine_s_sentence(qtbot: Any, connect: Connect) -> None:
    engine, owner = connect(), QObject()
    sentences: list[str] = []
    engine.ask(lambda client: client.acknowledge_alert("x"), lambda _: None, sentences.append, owner=owner)
    qtbot.waitUntil(lambda: bool(sentences))
    assert sentences == ["There is no alert “x”."]
    with qtbot.waitSignal(engine.askFailed) as signal:
        engine.ask(lambda client: client.acknowledge_alert("y"), lambda _: None, owner=owner)
    assert signal.args == ["There is no alert “y”."]


def test_that_a_call_without_an_engine_says_so(qtbot: Any) -> None:
    engine, owner = Engine(), QObject()
    sentences: list[str] = []
    engine.ask(lambda client: client.hello(), lambda _: None, sentences.append, owner=owner)
    qtbot.waitUntil(lambda: bool(sentences))
    assert "engine is not running" in sentences[0]
    engine.close()


def test_that_a_bug_in_a_call_is_not_swallowed(qtbot: Any, connect: Connect) -> None:
    engine, owner = connect(), QObject()
    with qtbot.captureExceptions() as found:
        engine.ask(lambda client: 1 / 0, lambda _: None, owner=owner)
        qtbot.waitUntil(lambda: bool(found))
    assert found[0][0] is ZeroDivisionError


def test_that_answers_to_a_destroyed_owner_are_dropped(qtbot: Any, connect: Connect) -> None:
    engine, owner, witness = connect(), QObject(), QObject()
    gate, answers = threading.Event(), []

    def slow(client: Any) -> int:
        gate.wait(10)
        return 1

    engine.ask(slow, lambda _: answers.append("destroyed"), owner=owner)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    gate.set()
    engine.ask(lambda client: 2, lambda _: answers.append("alive"), owner=witness)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == ["alive"]


def test_that_a_finite_stream_is_read_to_its_end(
    qtbot: Any, engine_stub: EngineStub, connect: Connect
) -> None:
    engine, owner = connect(), QObject()
    names: list[str] = []
    ends: list[str] = []
    engine.follow(
        lambda client: client.preflight(),
        lambda check: names.append(check.name),
        owner,
        reopen=False,
        ended=lambda: ends.append("end"),
    )
    qtbot.waitUntil(lambda: bool(ends))
    assert names == [check.name for check in engine_stub.checks]


def test_that_a_finite_stream_that_is_refused_says_why(
    qtbot: Any, engine_stub: EngineStub, connect: Connect
) -> None:
    engine_stub.open_refusal = "A run is open already."
    engine, owner = connect(), QObject()
    sentences: list[str] = []
    engine.follow(
        lambda client: client.open_run(("fp_drift",)), print, owner, reopen=False, failed=sentences.append
    )
    qtbot.waitUntil(lambda: bool(sentences))
    assert sentences == ["A run is open already."]


def test_that_stopping_a_stream_cancels_it_at_the_engine(
    qtbot: Any, engine_stub: EngineStub, connect: Connect
) -> None:
    engine_stub.step_gate.clear()
    engine, owner = connect(), QObject()
    steps: list[str] = []
    opening = engine.follow(
        lambda client: client.open_run(("fp_drift",)),
        lambda step: steps.append(step.step),
        owner,
        reopen=False,
    )
    qtbot.waitUntil(lambda: bool(steps))
    opening.stop()
    qtbot.waitUntil(engine_stub.cancelled.is_set)
    qtbot.waitUntil(lambda: opening.over)
    assert steps == ["PostgreSQL"]


def test_that_a_live_stream_opens_again_after_a_loss(
    qtbot: Any, engine_stub: EngineStub, connect: Connect
) -> None:
    engine_stub.open()
    engine, owner = connect(), QObject()
    opened: list[int] = []
    seen: list[int] = []

    def watch(client: Any) -> Iterator[Any]:
        opened.append(1)
        yield client.snapshot()
        if len(opened) == 1:
            return
        yield from client.watch(0)

    engine.follow(watch, lambda item: seen.append(1), owner)
    qtbot.waitUntil(lambda: len(opened) == 2 and len(seen) >= 2)


def test_that_closing_leaves_no_thread(qtbot: Any, engine_stub: EngineStub, connect: Connect) -> None:
    engine_stub.open()
    engine, owner = connect(), QObject()
    engine.follow(lambda client: client.watch(0), print, owner)
    qtbot.waitUntil(lambda: engine.snapshot is not None)
    engine.close()
    ours = [
        thread.name for thread in threading.enumerate() if thread.name.startswith(("stream-", "engine-call"))
    ]
    assert ours == []


@pytest.mark.parametrize("module", ["grpc", "numpy", "pyqtgraph"])
def test_that_importing_the_client_imports_nothing_slow(module: str) -> None:
    code = f"import sys, app.client; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
