"""An investigation by keyboard alone on a real drill: alert, log line, trace, slow span, its SQL, and back.

With a display (`QT_QPA_PLATFORM=xcb`, for example under Xvfb) real key events go through the window system's focus.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.logs import LogsView
from app.signals import SignalsView
from app.traces import TracesView
from app.workbench import WorkbenchView
from tests.bench.running_console import RunningConsole, running_console

ALT, CTRL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
Key = Qt.Key
MOST_SPANS = 80
REQUESTS = "http.server.request.duration"


class Keyboard:
    """Types into whatever has the focus, as a person would."""

    def __init__(self, console: RunningConsole) -> None:
        self.console = console

    def press(self, key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key; then the console lives for a moment."""
        QTest.keyClick(QApplication.focusWidget() or self.console.window, key, modifiers)
        self.console.run_for(0.05)

    def type(self, text: str) -> None:
        """Some letters."""
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClicks(focused, text)

    def wait_for(self, done: Callable[[], object]) -> None:
        """Until something is so."""
        self.console.wait_for(done, 60)

    def pane(self) -> QWidget:
        """The screen that is shown."""
        pane = self.console.window.panes.currentWidget()
        assert pane is not None
        return pane


def test_that_the_keyboard_alone_leads_from_an_alert_to_the_sql_and_back(qtbot: QtBot) -> None:
    with running_console(settle_s=6.0) as console:
        keyboard, selection = Keyboard(console), console.window.selection
        participant = console.session.participant
        console.window.activateWindow()

        keyboard.press(Key.Key_1, ALT)
        signals = keyboard.pane()
        assert isinstance(signals, SignalsView)
        keyboard.wait_for(lambda: participant.snapshot and participant.snapshot.alerts)
        keyboard.wait_for(lambda: signals.charts is not None and signals.charts._events)
        keyboard.press(Key.Key_A)
        keyboard.wait_for(lambda: participant.snapshot and participant.snapshot.alerts[-1].acknowledged_by)
        keyboard.press(Key.Key_BracketLeft)
        assert selection.crosshair_s is not None

        keyboard.press(Key.Key_2, ALT)
        logs = keyboard.pane()
        assert isinstance(logs, LogsView)
        keyboard.wait_for(lambda: logs._model.rowCount() > 0)
        keyboard.press(Key.Key_Slash)
        keyboard.type("service:billing")
        keyboard.press(Key.Key_Return)
        keyboard.wait_for(lambda: logs._query.query == "service:billing" and logs._model.rowCount() > 0)
        keyboard.press(Key.Key_Down)
        line = logs._details.line
        assert line is not None
        assert line.trace_id

        keyboard.press(Key.Key_T)
        traces = keyboard.pane()
        assert isinstance(traces, TracesView)
        keyboard.wait_for(lambda: traces._one.opening.open_id == line.trace_id)
        find_statement(keyboard, traces)
        statement, source = traces._one.details._statement.toPlainText(), traces._one.details.source
        assert "FROM" in statement or "INTO" in statement
        assert source is not None
        sought = selection.span_id

        keyboard.press(Key.Key_O)
        workbench = keyboard.pane()
        assert isinstance(workbench, WorkbenchView)
        keyboard.wait_for(lambda: workbench._file.path == source.path)
        keyboard.wait_for(lambda: workbench._file.editor.textCursor().blockNumber() == source.line - 1)

        keyboard.press(Key.Key_3, ALT)
        assert keyboard.pane() is traces
        assert selection.span_id == sought
        while selection.trace_id:
            keyboard.press(Key.Key_Left, ALT)
        assert selection.log_id == str(line.id)
        keyboard.press(Key.Key_2, ALT)
        assert keyboard.pane() is logs
        keyboard.press(Key.Key_1, ALT)
        assert keyboard.pane() is signals
        keyboard.wait_for(lambda: exemplars_lead_to_their_traces(console))


def exemplars_lead_to_their_traces(console: RunningConsole) -> bool:
    """Whether the newest measurement of each service's requests names a trace that is kept."""
    (requests,) = (one for one in console.lead(lambda c: c.list_metrics()) if one.name == REQUESTS)
    series = [one.base for one in requests.series]
    exemplars = console.lead(lambda client: client.exemplars(series, 0))
    newest = {one.series: one for one in exemplars}
    return bool(newest) and all(
        console.lead(lambda client, trace=one.trace_id: client.trace(trace)).found for one in newest.values()
    )


def find_statement(keyboard: Keyboard, traces: TracesView) -> None:
    """From the list into the waterfall, and down to the first span with a statement."""
    keyboard.wait_for(lambda: traces._one.panel.waterfall.row is not None)
    keyboard.press(Key.Key_Return)
    for _ in range(MOST_SPANS):
        keyboard.press(Key.Key_J)
        keyboard.console.run_for(0.3)
        if traces._one.details._statement.isVisible():
            return
    raise AssertionError("no span of the trace has a statement")
