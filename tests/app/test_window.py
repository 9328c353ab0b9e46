"""The shell: which page, which pane, which keys; against a real server, with panes of the test's own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.client import Engine, EngineState
from app.engine_file import RunningEngine
from app.keys import letters
from app.selection import Selection
from app.session import Session
from app.shell.screens import SCREENS, Screen
from app.theme import ThemeName, theme
from app.widgets import Dialog, Line, Toggle
from app.window import Window
from tests.app.engine_stub import FACILITATOR, PARTICIPANT, EngineStub

THREE = 3


class StubProcess(QObject):
    """An engine process that is the stub's: there from the start, and not ours to end."""

    ready = Signal(object)
    crashed = Signal(str)
    failed = Signal(str)
    alive = True

    def __init__(self, stub: EngineStub) -> None:
        super().__init__()
        self._stub = stub

    def begin(self) -> None:
        self.ready.emit(RunningEngine(self._stub.address, FACILITATOR, PARTICIPANT, 1))

    def expect_end(self, start_again: bool = False) -> None: ...

    def terminate(self) -> None: ...

    def close(self) -> None: ...


class PlainPane(QWidget):
    """A pane that writes down what the window does with it."""

    KEYS = (("L", "Live"),)
    made: ClassVar[list[PlainPane]] = []

    def __init__(self, engine: Engine, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.engine, self.selection = engine, selection
        self.told: list[str] = []
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)
        PlainPane.made.append(self)

    def activate(self) -> None:
        self.told.append("shown")

    def deactivate(self) -> None:
        self.told.append("hidden")


class PlainControl(QWidget):
    """A window of the facilitator's."""

    made: ClassVar[list[PlainControl]] = []

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.engine = engine
        PlainControl.made.append(self)


@pytest.fixture
def window(qtbot: Any, engine_stub: EngineStub) -> Iterator[Window]:
    """A window on the stub's engine, connected."""
    PlainPane.made, PlainControl.made = [], []
    sys.modules["panes_of_the_test"] = sys.modules[__name__]
    screens = tuple(
        Screen(s.name, s.icon, f"panes_of_the_test:{'PlainControl' if s.leads else 'PlainPane'}", s.leads)
        for s in SCREENS
    )
    session = Session(StubProcess(engine_stub))  # type: ignore[arg-type]
    window = Window().build(session, screens)
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w, "_is_closing", True))
    window.show()
    session.begin()
    qtbot.waitUntil(lambda: session.participant.state is EngineState.CONNECTED, timeout=20_000)
    yield window
    session.close()
    theme.use(ThemeName.DARK, text_scale=1.0)
    del sys.modules["panes_of_the_test"]


def in_run(qtbot: Any, stub: EngineStub, window: Window) -> None:
    stub.open()
    qtbot.waitUntil(lambda: window.session.run != "" and window.session.participant.snapshot is not None)
    qtbot.waitUntil(window.rail.isVisible)


def test_that_without_a_run_the_start_screen_is_shown_and_lists_what_there_is(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    assert window.start.isVisible()
    assert not window.rail.isVisible()
    qtbot.waitUntil(lambda: window.start.scenario.button.isEnabled())
    qtbot.waitUntil(lambda: window.start.preflight.remark.text == "4 passed, 1 needs you, 1 optional")
    window.show_screen("Logs")
    assert PlainPane.made == []


def test_that_a_run_opened_on_the_start_screen_leads_to_the_first_screen(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    qtbot.waitUntil(lambda: window.start.scenario.button.isEnabled())
    window.start.scenario.seed.setText("77")
    qtbot.keyClick(window.start.scenario.seed, Qt.Key.Key_Return)
    qtbot.waitUntil(window.rail.isVisible, timeout=10_000)
    assert engine_stub.seed == 77
    assert [pane.told for pane in PlainPane.made] == [["shown"]]
    assert PlainPane.made[0].engine is window.session.participant
    assert window.top_bar.title.isVisible()


def test_that_panes_are_made_once_and_only_the_shown_one_is_active(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    signals, logs = PlainPane.made
    assert signals.told == ["shown", "hidden", "shown"]
    assert logs.told == ["shown", "hidden"]
    assert window.panes.currentWidget() is signals


def test_that_a_trace_opened_anywhere_leads_to_traces_unless_the_screen_is_kept(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    window.selection.open_trace("4f1c", keep_screen=True)
    assert len(PlainPane.made) == 1
    window.selection.open_trace("9a00")
    assert window.panes.currentWidget() is PlainPane.made[1]
    window.selection.choose_service("billing")
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert (window.selection.trace_id, window.selection.service) == ("9a00", "")


def test_that_control_opens_in_a_window_of_its_own_as_the_facilitator(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    window.show_screen("Control")
    window.show_screen("Control")
    (control,) = PlainControl.made
    assert control.isWindow()
    assert control.engine is window.session.facilitator
    assert window.panes.currentWidget() is PlainPane.made[0]


def test_that_a_run_that_closes_leads_back_to_the_start(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    window.show_screen("Control")
    engine_stub.close_run()
    qtbot.waitUntil(window.start.isVisible)
    assert window.panes.count() == 0
    assert PlainPane.made[0].told[-1] == "hidden"


def test_that_a_lost_engine_is_told_with_the_time_and_keeps_the_screen(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    engine_stub.stop()
    qtbot.waitUntil(window.banner.isVisible)
    words = window.banner.accessibleName()
    assert "has not answered since 03:17" in words
    assert "caught up" in words
    assert PlainPane.made[0].isVisible()


def test_that_the_clock_shows_the_engine_s_time(qtbot: Any, engine_stub: EngineStub, window: Window) -> None:
    in_run(qtbot, engine_stub, window)
    assert window.top_bar.clock.accessibleName().startswith("03:17:")
    assert window.top_bar.countdown.accessibleName().startswith("Dark Room Investigation, 27:")
    assert "Charge P95" in window.top_bar.health.accessibleName()


def test_that_help_lists_the_keys_of_the_shown_screen_and_gives_the_keyboard_back(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    PlainPane.made[0].field.setFocus()
    window.rail.helpWanted.emit()
    assert window.help.isVisible()
    texts = {child.accessibleName() for child in window.help.findChildren(QWidget)}
    assert {"Everywhere", "Signals", "Live"} <= texts
    qtbot.keyClick(window.help, Qt.Key.Key_Escape)
    assert not window.help.isVisible()


def test_that_a_question_mark_typed_into_a_field_is_text(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    field = PlainPane.made[0].field
    field.setFocus()
    qtbot.keyClicks(field, "why?")
    assert field.text() == "why?"
    assert not window.help.isVisible()


def test_that_text_scale_and_theme_follow_their_keys(qtbot: Any, window: Window) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(window, Qt.Key.Key_Plus, control)
    assert theme.text_scale == pytest.approx(1.1)
    qtbot.keyClick(window, Qt.Key.Key_0, control)
    assert theme.text_scale == pytest.approx(1.0)
    qtbot.keyClick(window, Qt.Key.Key_L, control | Qt.KeyboardModifier.ShiftModifier)
    assert theme.name is ThemeName.LIGHT


def test_that_a_narrow_window_drops_the_rail_s_labels(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    wide = window.rail.sizeHint().width()
    window.resize(1120, 720)
    qtbot.waitUntil(lambda: window.rail.sizeHint().width() < wide)


def test_that_closing_with_a_run_asks_first_and_then_ends_the_engine(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    window.close()
    assert window.isVisible()
    (question,) = window.findChildren(Dialog)
    with qtbot.waitSignal(window.closed):
        question.act.click()
    assert "shutdown" in engine_stub.told


def test_that_closing_without_a_run_ends_the_engine_without_a_question(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    with qtbot.waitSignal(window.closed):
        window.close()
    assert engine_stub.told == ["shutdown"]


def test_that_alerts_and_phases_are_announced(qtbot: Any, engine_stub: EngineStub, window: Window) -> None:
    in_run(qtbot, engine_stub, window)
    window.show_screen("Logs")
    engine_stub.happen("AlertFired", title="Ledger differs", detail="by 14 cents", severity="critical")
    engine_stub.happen("MomentMarked", text="no toast")
    engine_stub.happen("PhaseStarted", phase="phase-2")
    qtbot.waitUntil(lambda: len(window.toasts.toasts) == 2)
    heads = [toast.note.headline for toast in window.toasts.toasts]
    assert heads == ["Ledger differs", "Phase 2: Deep Dive & Verification"]


def test_that_alerts_are_not_told_twice_where_signals_shows_them(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    window.show_screen("Logs")
    engine_stub.happen("AlertFired", title="Ledger differs", detail="by 14 cents", severity="critical")
    qtbot.waitUntil(lambda: len(window.toasts.toasts) == 1)
    window.toasts.pressed.emit(window.toasts.toasts[0].note.key)
    assert window.toasts.toasts == ()
    spoken: list[str] = []
    window.toasts.announced.connect(spoken.append)
    engine_stub.happen("AlertFired", title="Again", detail="", severity="critical")
    engine_stub.happen("PhaseStarted", phase="phase-2")
    qtbot.waitUntil(lambda: len(window.toasts.toasts) == 1)
    assert window.toasts.toasts[0].note.headline == "Phase 2: Deep Dive & Verification"
    assert spoken[0].startswith("Again"), "a screen reader hears it all the same"


def test_that_a_refused_call_is_told(qtbot: Any, engine_stub: EngineStub, window: Window) -> None:
    in_run(qtbot, engine_stub, window)
    window.session.participant.ask(lambda client: client.acknowledge_alert("x"), lambda _: None, owner=window)
    qtbot.waitUntil(lambda: bool(window.toasts.toasts))
    assert window.toasts.toasts[0].note.detail == "There is no alert “x”."


def test_that_f6_walks_through_the_parts(qtbot: Any, engine_stub: EngineStub, window: Window) -> None:
    in_run(qtbot, engine_stub, window)
    window.activateWindow()
    places = []
    for _ in range(THREE):
        window._next_part(1)
        focus = window.focusWidget()
        assert focus is not None
        parts: dict[str, QWidget] = {"rail": window.rail, "top": window.top_bar, "pane": PlainPane.made[0]}
        places.append(next(name for name, part in parts.items() if part.isAncestorOf(focus)))
    assert sorted(places) == ["pane", "rail", "top"]


def test_that_the_first_picture_is_told_once(qtbot: Any, engine_stub: EngineStub) -> None:
    session = Session(StubProcess(engine_stub))  # type: ignore[arg-type]
    window = Window().build(session, ())
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w, "_is_closing", True))
    pictures: list[int] = []
    count: Callable[[], None] = lambda: pictures.append(1)  # noqa: E731
    window.painted.connect(count)
    with qtbot.waitSignal(window.painted):
        window.show()
    window.repaint()
    assert pictures == [1]
    session.close()


def test_that_the_palette_does_what_is_typed_and_remembers_it(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.palette_box
    assert palette.isVisible()
    field = palette._field
    assert field is not None
    qtbot.keyClicks(field, "go log")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert window.panes.name == "Logs"
    assert window.commands.search("")[0].title == "Go to Logs"


def test_that_the_palette_knows_traces_services_and_times(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    titles = [command.title for command in window.commands.search("7f3a9c21")]
    assert titles[:2] == ["Open trace 7f3a9c21", "Logs of trace 7f3a9c21"]
    assert "Traces through billing" in [command.title for command in window.commands.search("bill")]
    (time,) = [one for one in window.commands.search("03:05-03:10") if one.title.startswith("Set the time")]
    time.act()
    assert window.selection.time_range is not None
    assert round(window.selection.time_range.length_s) == 300


def test_that_an_unknown_word_says_so_and_escape_leaves(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    window._toggle_palette()
    palette = window.palette_box
    assert palette._field is not None
    assert palette._nothing is not None
    qtbot.keyClicks(palette._field, "xyzzy")
    assert palette._nothing.isVisible()
    qtbot.keyClick(palette._field, Qt.Key.Key_Escape)
    qtbot.keyClick(palette._field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_that_settings_hold_at_once_and_name_the_addresses(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    in_run(qtbot, engine_stub, window)
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    toggles = {toggle.accessibleName(): toggle for toggle in window.settings.findChildren(Toggle)}
    toggles["High contrast"].click()
    assert theme.high_contrast
    toggles["Single letters as shortcuts"].click()
    assert not letters.are_on
    toggles["Single letters as shortcuts"].click()
    theme.use(high_contrast=False)
    qtbot.waitUntil(lambda: any("/metrics" in line.text for line in window.settings.findChildren(Line)))
    qtbot.keyClick(window.settings, Qt.Key.Key_Escape)
    assert not window.settings.isVisible()
