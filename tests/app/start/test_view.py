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
from app.widgets import Button, Dialog
from protos.drill.v1 import drill_pb2 as pb
from tests.app import three_scenarios
from tests.app.engine_stub import FACILITATOR, EngineStub, recorded_runs

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


@pytest.fixture
def several(qtbot: Any, engine_stub: EngineStub, connect: Connect) -> StartView:
    """The screen with three scenarios and one that cannot be opened."""
    broken = pb.PackSummary(id="broken", title="broken", problem="scenario.toml:3: codename is missing.")
    engine_stub.packs = (*three_scenarios.packs(), broken)
    view = StartView(connect(FACILITATOR))
    qtbot.addWidget(view)
    view.show()
    view.activate()
    qtbot.waitUntil(lambda: len(view.scenario._cards) == 4, timeout=20_000)
    return view


def test_that_space_takes_and_leaves_a_scenario_and_return_starts(qtbot: Any, several: StartView) -> None:
    first, second, _, _ = several.scenario._cards
    assert first.isChecked()
    qtbot.keyClick(second, Qt.Key.Key_Space)
    assert several.scenario.remark.text == "2 of 3 chosen, they run side by side"
    with qtbot.waitSignal(several.scenario.wanted) as signal:
        qtbot.keyClick(second, Qt.Key.Key_Return)
    wanted = signal.args[0]
    assert (wanted.packs, wanted.level) == (("fp_drift", "deadlock"), 2)
    assert wanted.title == "Month-end close · Flash sale"


def test_that_all_takes_what_can_be_opened_and_then_none(several: StartView) -> None:
    panel = several.scenario
    panel.all.click()
    assert [card.isChecked() for card in panel._cards] == [True, True, True, False]
    panel.all.click()
    assert not panel._chosen()
    assert panel.button.toolTip() == "Choose at least one scenario."


def test_that_a_scenario_that_cannot_be_opened_says_why(several: StartView) -> None:
    broken = several.scenario._cards[3]
    assert not broken.isEnabled()
    assert "scenario.toml:3" in broken.accessibleName()


def test_that_the_level_is_asked_for_and_means_something_for_each(
    qtbot: Any, several: StartView, engine_stub: EngineStub
) -> None:
    panel = several.scenario
    panel.all.click()
    assert [line.split(":")[0] for line in panel.levels.words] == list(three_scenarios.TITLES)
    panel.levels._choose(2)
    assert panel.levels.words[1].startswith("Flash sale: Fewer customers")
    panel.button.click()
    qtbot.waitUntil(lambda: len(engine_stub.opened) == 1)
    asked = engine_stub.opened[0]
    assert (list(asked.packs), asked.level) == (["fp_drift", "deadlock", "n_plus_one"], 3)


def test_that_a_scenario_without_levels_is_opened_as_it_is_written(view: StartView) -> None:
    assert not view.scenario.levels.isVisible()
    assert view.scenario.levels.level == 0
    view.scenario._cards[0].click()
    assert view.scenario._cards[0].isChecked()


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


def question(view: StartView) -> Dialog | None:
    """The question that is open."""
    return next((one for one in view.findChildren(Dialog) if one.isVisible()), None)


def titles(view: StartView) -> list[str]:
    return [card.pack.title for card in view.scenario._cards]


def test_that_a_folder_is_added_and_listed_and_trusted_by_a_question(
    qtbot: Any, view: StartView, engine_stub: EngineStub
) -> None:
    view.outside.add("/home/ada/rush-hour")
    qtbot.waitUntil(lambda: question(view) is not None)
    assert "Rush hour" in question(view).windowTitle()
    assert "/home/ada/rush-hour, 31 files" in question(view).accessibleDescription()
    qtbot.waitUntil(lambda: titles(view)[-1] == "Rush hour")
    assert not view.scenario._cards[-1].pack.trusted
    question(view).act.click()
    qtbot.waitUntil(lambda: view.scenario._cards[-1].pack.trusted)
    assert engine_stub.told == ["trust 5d1c"]
    assert view.scenario._cards[0].isChecked()


def test_that_a_scenario_nobody_trusts_is_asked_about_before_it_is_opened(
    qtbot: Any, view: StartView, engine_stub: EngineStub
) -> None:
    view.outside.add("/home/ada/rush-hour")
    qtbot.waitUntil(lambda: question(view) is not None)
    question(view).safe.click()
    qtbot.waitUntil(lambda: question(view) is None and titles(view)[-1] == "Rush hour")
    view.scenario._cards[0].setChecked(False)
    view.scenario._cards[-1].setChecked(True)
    view.scenario.button.click()
    qtbot.waitUntil(lambda: question(view) is not None)
    assert engine_stub.opened == []
    with qtbot.waitSignal(view.opened, timeout=20_000):
        question(view).act.click()
    assert list(engine_stub.opened[0].packs) == ["/home/ada/rush-hour"]


def test_that_a_scenario_from_outside_is_taken_off_the_list(qtbot: Any, view: StartView) -> None:
    view.outside.add("/home/ada/rush-hour")
    qtbot.waitUntil(lambda: question(view) is not None)
    question(view).safe.click()
    qtbot.waitUntil(lambda: titles(view)[-1] == "Rush hour")
    view.scenario._cards[-1].findChild(Button).click()
    qtbot.waitUntil(lambda: "Rush hour" not in titles(view))


def test_that_a_folder_that_is_no_scenario_is_told_with_its_reason(qtbot: Any, view: StartView) -> None:
    with qtbot.waitSignal(view._engine.askFailed) as signal:
        view.outside.add("nowhere")
    assert signal.args == ["There is no folder nowhere."]
    assert question(view) is None
