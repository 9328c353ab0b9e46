"""Thread dumps of a server that speaks the contract, in the drawer over a pane."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.client import Engine, EngineState
from app.thread_dump import ThreadDump
from protos.drill.v1 import workbench_pb2
from tests.app import three_scenarios
from tests.app.engine_stub import EngineStub

WAIT_MS = 10_000


@pytest.fixture
def pane(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> tuple[QWidget, QLineEdit, ThreadDump]:
    """A pane with a field that has the keyboard, on a run of three scenarios."""
    engine_stub.snapshot = three_scenarios.three()
    engine_stub.stacks_of = three_scenarios.stacks
    engine_stub.open()
    engine = connect()
    host = QWidget()
    qtbot.addWidget(host)
    field = QLineEdit()
    QVBoxLayout(host).addWidget(field)
    dump = ThreadDump(engine, host)
    host.resize(1200, 700)
    host.show()
    host.activateWindow()
    qtbot.waitUntil(host.isActiveWindow, timeout=WAIT_MS)
    field.setFocus()
    qtbot.waitUntil(lambda: engine.snapshot is not None, timeout=WAIT_MS)
    return host, field, dump


def taken(dump: ThreadDump) -> bool:
    """Whether a dump is shown and nothing is awaited."""
    return len(dump.drawer.cards) == 3 and not dump._tick.isActive()


def test_that_the_groups_of_a_service_are_shown_with_their_time(
    qtbot: QtBot, pane: tuple[QWidget, QLineEdit, ThreadDump], engine_stub: EngineStub
) -> None:
    _, _, dump = pane
    dump.open_for("inventory")
    qtbot.waitUntil(lambda: taken(dump), timeout=WAIT_MS)
    assert engine_stub.told == ["stacks inventory"]
    assert dump.drawer.told.startswith("inventory at 03:")
    card = dump.drawer.cards[0]
    assert len(card.frames._rows) == 3
    card.fold.click()
    assert len(card.frames._rows) == 7


def test_that_an_unknown_service_gives_way_to_the_first(
    qtbot: QtBot, pane: tuple[QWidget, QLineEdit, ThreadDump], engine_stub: EngineStub
) -> None:
    _, _, dump = pane
    dump.open_for("postgres")
    qtbot.waitUntil(lambda: taken(dump), timeout=WAIT_MS)
    assert engine_stub.told == ["stacks gateway"]


def test_that_r_asks_again_and_another_service_is_a_key_away(
    qtbot: QtBot, pane: tuple[QWidget, QLineEdit, ThreadDump], engine_stub: EngineStub
) -> None:
    host, _, dump = pane
    dump.open_for("inventory")
    qtbot.waitUntil(lambda: taken(dump), timeout=WAIT_MS)
    qtbot.keyClick(host, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: len(engine_stub.told) == 2, timeout=WAIT_MS)
    qtbot.keyClick(dump.drawer._service, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: engine_stub.told[-1] == "stacks pricing", timeout=WAIT_MS)


def test_that_escape_closes_it_and_gives_the_keyboard_back(
    qtbot: QtBot, pane: tuple[QWidget, QLineEdit, ThreadDump]
) -> None:
    host, field, dump = pane
    dump.open_for("inventory")
    assert not field.hasFocus()
    qtbot.keyClick(host, Qt.Key.Key_Escape)
    assert dump.drawer.isHidden()
    assert field.hasFocus()


def test_that_ctrl_c_copies_all_of_it_as_text(
    qtbot: QtBot, pane: tuple[QWidget, QLineEdit, ThreadDump]
) -> None:
    host, _, dump = pane
    dump.open_for("inventory")
    qtbot.waitUntil(lambda: taken(dump), timeout=WAIT_MS)
    qtbot.keyClick(host, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert 'File "app.py", line 41, in reserve' in QGuiApplication.clipboard().text()
    assert dump.drawer.told.startswith("Copied. inventory at")


def test_that_it_says_that_it_asks_and_shows_only_the_last_answer(
    qtbot: QtBot, pane: tuple[QWidget, QLineEdit, ThreadDump], engine_stub: EngineStub
) -> None:
    _, _, dump = pane
    gate = threading.Event()

    def slowly(service: str) -> workbench_pb2.Stacks:
        if service == "orders":
            gate.wait(20)
        return three_scenarios.stacks(service)

    engine_stub.stacks_of = slowly
    dump.open_for("orders")
    assert dump.drawer.told == "Asking orders…"
    dump.open_for("inventory")
    qtbot.waitUntil(lambda: taken(dump), timeout=WAIT_MS)
    gate.set()
    assert dump.drawer.told.startswith("inventory at")


def test_that_a_refusal_keeps_the_dump_before_with_its_time(
    qtbot: QtBot, pane: tuple[QWidget, QLineEdit, ThreadDump], engine_stub: EngineStub
) -> None:
    _, _, dump = pane
    dump.open_for("inventory")
    qtbot.waitUntil(lambda: taken(dump), timeout=WAIT_MS)
    engine_stub.act_refusal = "inventory does not run."
    dump.drawer.refresh()
    qtbot.waitUntil(lambda: dump.drawer.told.startswith("inventory does not run."), timeout=WAIT_MS)
    assert "Below: inventory at" in dump.drawer.told
    assert len(dump.drawer.cards) == 3


def test_that_a_lost_engine_is_said_at_once(
    qtbot: QtBot, pane: tuple[QWidget, QLineEdit, ThreadDump], engine_stub: EngineStub
) -> None:
    _, _, dump = pane
    engine_stub.stop()
    qtbot.waitUntil(lambda: dump._engine.state is EngineState.LOST, timeout=WAIT_MS)
    dump.open_for("inventory")
    assert dump.drawer._problem._fact.text() == "The engine does not answer."
    assert "keeps trying" in dump.drawer._problem._remedy.text()
    assert not dump._tick.isActive()
