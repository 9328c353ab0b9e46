"""The start screen, on a real server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.client import Engine
from app.opening import OpeningState
from app.start import StartView
from app.start.rows import CheckRow, RunRow
from app.theme import ThemeName, theme
from app.widgets import Button
from tests.app.engine_stub import FACILITATOR, PACKS, EngineStub, recorded_runs

Connect = Callable[..., Engine]


@pytest.fixture
def view(qtbot: Any, engine_stub: EngineStub, connect: Connect) -> StartView:
    """The screen, shown, with everything listed."""
    engine_stub.runs = recorded_runs()
    view = StartView(connect(FACILITATOR))
    qtbot.addWidget(view)
    view.resize(1280, 800)
    view.show()
    view.activate()
    qtbot.waitUntil(lambda: view.scenario.button.isEnabled(), timeout=20_000)
    qtbot.waitUntil(lambda: view.resume.has_runs and view.preflight.remark.text.startswith("4 passed"))
    return view


def rows(view: QWidget, kind: type[QWidget]) -> list[QWidget]:
    return [row for row in view.findChildren(kind) if not row.isHidden()]


def test_that_every_check_has_a_row_and_the_remedy_unfolds(qtbot: Any, view: StartView) -> None:
    checks = rows(view.preflight, CheckRow)
    assert len(checks) == 6
    leftovers = checks[4]
    assert "python3 run.py clean" in leftovers.accessibleName()
    before = leftovers.sizeHint().height()
    leftovers.findChild(Button).click()
    assert leftovers.sizeHint().height() > before


def test_that_the_checks_can_be_run_again(qtbot: Any, view: StartView, engine_stub: EngineStub) -> None:
    engine_stub.checks = engine_stub.checks[:2]
    next(button for button in view.preflight.findChildren(Button) if button.text() == "Run again").click()
    qtbot.waitUntil(lambda: view.preflight.remark.text == "2 passed")
    qtbot.waitUntil(lambda: len(rows(view.preflight, CheckRow)) == 2)


def test_that_a_bad_seed_is_told_and_cannot_be_started(view: StartView) -> None:
    view.scenario.seed.setText("12a")
    assert not view.scenario.button.isEnabled()
    assert "whole number" in view.scenario.button.toolTip()
    view.scenario.seed.setText("12")
    assert view.scenario.button.isEnabled()


def test_that_a_run_that_cannot_be_opened_is_shown_with_its_reason(qtbot: Any, view: StartView) -> None:
    view.resume._all.click()
    qtbot.waitUntil(lambda: len(rows(view.resume, RunRow)) == 3)
    last = rows(view.resume, RunRow)[-1]
    assert isinstance(last, RunRow)
    assert not last.button.isEnabled()
    assert last.button.toolTip() == "Written by version 0.3, this is 0.1. Open it with the newer version."


def test_that_a_recorded_run_is_resumed(qtbot: Any, view: StartView, engine_stub: EngineStub) -> None:
    first = rows(view.resume, RunRow)[0]
    assert isinstance(first, RunRow)
    with qtbot.waitSignal(view.opened) as signal:
        first.button.click()
    assert signal.args == ["2031-04-30-04"]
    assert engine_stub.resumed == ["2031-04-30-04"]


def test_that_the_steps_of_opening_are_shown_and_can_be_cancelled(
    qtbot: Any, view: StartView, engine_stub: EngineStub
) -> None:
    engine_stub.step_gate.clear()
    view.scenario.button.click()
    qtbot.waitUntil(lambda: any(row.isVisible() for row in view.progress._steps))
    assert not view.scenario.isVisible()
    with qtbot.waitSignal(view.abandoned):
        view.progress._cancel.click()
    assert view._opening is not None
    assert view._opening.state is OpeningState.CANCELLED
    view.progress._back.click()
    assert view.scenario.isVisible()


def test_that_a_refused_opening_says_why_and_tries_again(
    qtbot: Any, view: StartView, engine_stub: EngineStub
) -> None:
    engine_stub.open_refusal = "There is no free disk space; a run needs 2 GB."
    view.scenario.seed.setText("7")
    view.scenario.button.click()
    qtbot.waitUntil(view.progress._again.isVisible)
    assert view.progress._problem._fact.text() == "There is no free disk space; a run needs 2 GB."
    engine_stub.open_refusal = ""
    with qtbot.waitSignal(view.opened):
        view.progress._again.click()
    assert engine_stub.seed == 7


def test_that_scenarios_are_chosen_by_arrow_keys(
    qtbot: Any, engine_stub: EngineStub, connect: Connect
) -> None:
    other = type(PACKS[0])()
    other.CopyFrom(PACKS[0])
    other.id, other.title = "deadlock", "Everybody waits"
    engine_stub.packs = (*PACKS, other)
    view = StartView(connect(FACILITATOR))
    qtbot.addWidget(view)
    view.show()
    view.activate()
    qtbot.waitUntil(
        lambda: len(view.scenario._cards) == 2 and view.scenario._cards[1].isVisible(), timeout=20_000
    )
    first, second = view.scenario._cards
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert second.isChecked()
    with qtbot.waitSignal(view.scenario.wanted) as signal:
        qtbot.keyClick(second, Qt.Key.Key_Return)
    assert signal.args[0].packs == ("deadlock",)


def test_that_without_an_engine_the_screen_says_so_with_a_button(qtbot: Any) -> None:
    engine = Engine()
    view = StartView(engine)
    qtbot.addWidget(view)
    view.show()
    view.activate()
    view.show_engine_problem("The engine ended while it started (exit code 3).")
    assert not view.scenario.button.isEnabled()
    with qtbot.waitSignal(view.engineWanted):
        view.scenario._error.pressed.emit()
    engine.close()


def test_that_the_light_theme_follows_its_switch(view: StartView) -> None:
    view._light.click()
    assert theme.name is ThemeName.LIGHT
    theme.use(ThemeName.DARK)
    assert not view._light.isChecked()
