"""Control on a server that speaks the contract."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from app.client import Engine
from app.control import ControlWindow
from protos.drill.v1 import drill_pb2 as pb
from tests.app.engine_stub import FACILITATOR, EngineStub

WAIT_MS = 10_000


def opened(qtbot: QtBot, stub: EngineStub, connect: Callable[..., Engine]) -> ControlWindow:
    """The window on an open run with one scenario and two hints."""
    stub.snapshot.scenarios.append(pb.Scenario(pack="p", title="Month end", state="ready", symptom="drift"))
    stub.snapshot.hints.append(pb.Hint(level="nudge", text="Look at cents", cost=5, index=0))
    stub.snapshot.hints.append(pb.Hint(level="answer", text="Floats", cost=25, index=1, released=True))
    stub.open()
    window = ControlWindow(connect(FACILITATOR))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window._pack == "p", timeout=WAIT_MS)
    return window


def test_that_the_incident_hints_and_services_are_shown(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    assert window._incident._title.text == "Month end"
    assert [hint.text for hint in window._hints._shown] == ["Look at cents", "Floats"]
    assert [service.name for service in window._services._shown] == ["gateway", "billing", "ledger"]
    assert window._next.text() == "Start Tea Break"


def test_that_everything_that_happened_is_listed_newest_first(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    engine_stub.happen("ClockHeld")
    engine_stub.happen("ClockReleased")
    qtbot.waitUntil(lambda: window._happenings.rowCount() == 2, timeout=WAIT_MS)
    assert window._happenings.index(0, 1).data() == "Clock released"


def test_that_a_refused_act_is_told_in_the_window(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    window._extend.click()
    qtbot.waitUntil(window._trouble.isVisible, timeout=WAIT_MS)
    assert window._trouble.text


def test_that_b_blanks_the_window_for_a_projector(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    window._toggle_blank()
    assert not window._strip.isVisible()
    window._toggle_blank()
    assert window._strip.isVisible()


def test_that_the_answer_is_hidden_until_it_is_asked_for(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    from protos.drill.v1.records import FacilitatorPage

    window = opened(qtbot, engine_stub, connect)
    window._key.set_page(FacilitatorPage("billing", "floats", ("drift",), "", ()))
    assert "floats" not in window._key._words.text()
    window._key._reveal.click()
    assert "floats" in window._key._words.text()
