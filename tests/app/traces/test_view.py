"""The pane against a real server: the list, an opened trace, a wrong query, and what it asks while hidden."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.client import Engine
from app.drill_time import clock_offset_s
from app.selection import Selection
from app.time_axis import format_clock
from app.traces import TracesView
from app.traces.table_model import TraceTableModel
from protos.drill.v1 import telemetry_pb2 as pb
from tests.app.engine_stub import EngineStub
from tests.app.telemetry_stub import StubTrace, span_id

MS = 1_000_000
TRACE_ID = "7f3a9c21" + "0" * 24


def trace(trace_id: str = TRACE_ID, ago_s: float = 5, calls: int = 6) -> StubTrace:
    """A request with repeated statements and one line of log."""
    start = time.time_ns() - int(ago_s * 1e9)
    spans = [
        pb.Span(
            span_id=span_id("root"),
            service="gateway",
            name="POST /charges",
            start_ns=start,
            duration_ns=90 * MS,
            kind="server",
        ),
        pb.Span(
            span_id=span_id("work"),
            parent_id=span_id("root"),
            service="billing",
            name="charge",
            start_ns=start + MS,
            duration_ns=80 * MS,
            attributes_json='{"customer": 42}',
        ),
    ]
    spans += [
        pb.Span(
            span_id=span_id(f"sql{number}"),
            parent_id=span_id("work"),
            service="billing",
            name="SELECT billing",
            start_ns=start + (2 + number * 10) * MS,
            duration_ns=5 * MS,
            attributes_json='{"db.system.name": "postgresql", "db.query.text": "SELECT id FROM charges"}',
        )
        for number in range(calls)
    ]
    line = pb.LogLine(
        id=7,
        time_ns=start + 3 * MS,
        level="info",
        service="billing",
        trace_id=trace_id,
        span_id=span_id("work"),
        message="charged",
    )
    return StubTrace(trace_id, spans, [line])


@pytest.fixture
def pane(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[[], Engine]
) -> Iterator[tuple[TracesView, Selection]]:
    """The shown pane of a run with two traces."""
    engine_stub.telemetry.add_trace(trace())
    engine_stub.telemetry.add_trace(trace("ab" * 16, ago_s=9, calls=0))
    engine_stub.open()
    engine, selection = connect(), Selection()
    qtbot.waitUntil(lambda: engine.snapshot is not None)
    view = TracesView(engine, selection)
    qtbot.addWidget(view)
    view.resize(1400, 900)
    view.show()
    view.activate()
    yield view, selection
    view.deactivate()


def model_of(view: TracesView) -> TraceTableModel:
    return view._list._model


def test_that_the_newest_traces_are_listed_and_one_opens(
    qtbot: QtBot, pane: tuple[TracesView, Selection]
) -> None:
    view, selection = pane
    qtbot.waitUntil(lambda: model_of(view).rowCount() == 2)
    view._list.table.choose_row(0)
    assert selection.trace_id == TRACE_ID
    waterfall = view._one.panel.waterfall
    qtbot.waitUntil(lambda: len(waterfall.rows) == 3)
    assert waterfall.rows[-1].members.tolist() == [2, 3, 4, 5, 6, 7]
    assert not view.grab().isNull()


def test_that_the_stretch_is_told_by_the_drills_clock_from_the_first_moment(
    engine_stub: EngineStub, connect: Callable[[], Engine], qtbot: QtBot
) -> None:
    engine_stub.open()
    engine = connect()
    qtbot.waitUntil(lambda: engine.snapshot is not None)
    view = TracesView(engine, Selection())
    qtbot.addWidget(view)
    view.activate()
    view.deactivate()
    assert engine.snapshot is not None
    offset_s = clock_offset_s(engine.snapshot.clock)
    assert format_clock(time.time(), offset_s) != format_clock(time.time(), 0.0)
    assert view._bar.span.text().rpartition(" ")[2][:5] == format_clock(time.time(), offset_s)


def test_that_a_span_chosen_elsewhere_opens_the_fold_that_hides_it(
    qtbot: QtBot, pane: tuple[TracesView, Selection]
) -> None:
    view, selection = pane
    selection.choose_trace(TRACE_ID, span_id("sql3"))
    waterfall = view._one.panel.waterfall
    qtbot.waitUntil(lambda: waterfall.row is not None)
    row, opened = waterfall.row, waterfall.opened
    assert row is not None
    assert opened is not None
    assert opened.tree.span_id(row.place) == span_id("sql3")
    qtbot.keyClick(waterfall, Qt.Key.Key_Left)
    qtbot.keyClick(waterfall, Qt.Key.Key_Left)
    assert len(waterfall.rows) == 3


def test_that_the_keyboard_moves_folds_and_zooms(qtbot: QtBot, pane: tuple[TracesView, Selection]) -> None:
    view, selection = pane
    selection.choose_trace(TRACE_ID)
    waterfall = view._one.panel.waterfall
    qtbot.waitUntil(lambda: len(waterfall.rows) == 3)
    qtbot.keyClick(waterfall, Qt.Key.Key_J)
    qtbot.keyClick(waterfall, Qt.Key.Key_J)
    assert selection.span_id == span_id("work")
    qtbot.keyClick(waterfall, Qt.Key.Key_Space)
    assert len(waterfall.rows) == 2
    qtbot.keyClick(waterfall, Qt.Key.Key_W)
    assert not waterfall.view.is_whole
    qtbot.keyClick(waterfall, Qt.Key.Key_F)
    assert waterfall.view.is_whole


def test_that_a_wrong_query_is_told_and_the_list_stays(
    qtbot: QtBot, pane: tuple[TracesView, Selection]
) -> None:
    view, _ = pane
    qtbot.waitUntil(lambda: model_of(view).rowCount() == 2)
    view._query.ask_now("charge nonsense:1")
    qtbot.waitUntil(lambda: view._trouble.isVisible())
    assert "nonsense" in view._trouble.text
    assert model_of(view).rowCount() == 2
    view._query.ask_now("")
    qtbot.waitUntil(lambda: not view._trouble.isVisible())


def test_that_a_hidden_pane_asks_nothing(
    qtbot: QtBot, pane: tuple[TracesView, Selection], engine_stub: EngineStub
) -> None:
    view, selection = pane
    qtbot.waitUntil(lambda: model_of(view).rowCount() == 2)
    view.deactivate()
    engine_stub.telemetry.asked.clear()
    selection.choose_trace("ab" * 16)
    assert engine_stub.telemetry.asked == []
    view.activate()
    qtbot.waitUntil(lambda: "trace " + "ab" * 16 in engine_stub.telemetry.asked)


def test_that_a_trace_that_is_not_kept_is_said(qtbot: QtBot, pane: tuple[TracesView, Selection]) -> None:
    view, selection = pane
    selection.choose_trace("cd" * 16)
    qtbot.waitUntil(lambda: "cdcdcdcd" in view._one.panel._trouble._fact.text())


def test_that_dragging_over_the_points_sets_the_shared_range(
    qtbot: QtBot, pane: tuple[TracesView, Selection]
) -> None:
    view, selection = pane
    qtbot.waitUntil(lambda: model_of(view).rowCount() == 2)
    points = view._scatter
    start, end = QPoint(points.width() // 3, points.height() - 40), QPoint(points.width() // 2, 20)
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(points, left, pos=start)
    qtbot.mouseMove(points, end)
    qtbot.mouseRelease(points, left, pos=end)
    assert selection.time_range is not None
    assert selection.time_range.length_s > 0
    points.clear_brush()
    assert selection.time_range is None


def test_that_the_logs_of_a_trace_are_asked_for(qtbot: QtBot, pane: tuple[TracesView, Selection]) -> None:
    view, selection = pane
    selection.choose_trace(TRACE_ID, span_id("work"))
    qtbot.waitUntil(lambda: view._one.panel.waterfall.row is not None)
    with qtbot.waitSignal(selection.logsOpened) as asked:
        view._one.open_logs()
    assert asked.args == [f"trace:{TRACE_ID} span:{span_id('work')}"]
    assert selection.take_logs_query() == asked.args[0]
    assert selection.take_logs_query() == ""


def test_that_the_table_model_keeps_qts_rules(
    qtmodeltester: object, pane: tuple[TracesView, Selection]
) -> None:
    qtmodeltester.check(model_of(pane[0]))  # type: ignore[attr-defined]


def test_that_focus_alone_opens_no_trace(qtbot: QtBot, pane: tuple[TracesView, Selection]) -> None:
    view, selection = pane
    qtbot.waitUntil(lambda: model_of(view).rowCount() == 2)
    view._query.setFocus()
    view.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert selection.trace_id == ""
    qtbot.keyClick(view._list.table, Qt.Key.Key_J)
    assert selection.trace_id == TRACE_ID


def test_that_closing_a_fold_chooses_the_fold_of_the_chosen_call(
    qtbot: QtBot, pane: tuple[TracesView, Selection]
) -> None:
    view, selection = pane
    selection.choose_trace(TRACE_ID, span_id("sql3"))
    waterfall = view._one.panel.waterfall
    qtbot.waitUntil(lambda: waterfall.row is not None)
    fold = next(number for number, row in enumerate(waterfall.rows) if row.is_fold)
    waterfall._toggle(fold)
    row = waterfall.row
    assert row is not None
    assert row.is_fold


def test_that_the_chosen_span_tells_its_attributes_and_a_fold_its_statement(
    qtbot: QtBot, pane: tuple[TracesView, Selection]
) -> None:
    view, selection = pane
    selection.choose_trace(TRACE_ID, span_id("work"))
    qtbot.waitUntil(lambda: '"customer": 42' in view._one.details._attributes.toPlainText())
    qtbot.keyClick(view._one.panel.waterfall, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: "FROM charges" in view._one.details._statement.toPlainText())
    assert not view._one.details._calls.isHidden()


def test_that_the_trace_is_copied_as_other_tools_read_it(
    qtbot: QtBot, pane: tuple[TracesView, Selection]
) -> None:
    view, selection = pane
    selection.choose_trace(TRACE_ID)
    qtbot.waitUntil(lambda: len(view._one.panel.waterfall.rows) == 3)
    QGuiApplication.clipboard().clear()
    view._one.panel.copyWanted.emit()
    qtbot.waitUntil(lambda: "resourceSpans" in QGuiApplication.clipboard().text())


def test_that_two_traces_are_compared_by_their_work(qtbot: QtBot, pane: tuple[TracesView, Selection]) -> None:
    view, selection = pane
    selection.choose_trace("ab" * 16)
    qtbot.waitUntil(lambda: len(view._one.panel.waterfall.rows) == 2)
    qtbot.keyClick(view, Qt.Key.Key_C)
    selection.choose_trace(TRACE_ID)
    table = view._one.panel._differences
    qtbot.waitUntil(table.isVisible)
    assert {table.model().index(row, 0).data() for row in (0, 1)} == {"SELECT billing", "charge"}
    assert "against abababab" in view._one.panel._summary.text
    view._one.panel._views._group.button(1).click()
    assert view._one.panel.waterfall.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_C)
    assert not view._one.panel._views.isVisible()


def test_that_a_part_dragged_over_in_the_small_picture_is_shown_large(
    qtbot: QtBot, pane: tuple[TracesView, Selection]
) -> None:
    view, selection = pane
    selection.choose_trace(TRACE_ID)
    waterfall, minimap = view._one.panel.waterfall, view._one.panel.minimap
    qtbot.waitUntil(lambda: len(waterfall.rows) == 3)
    left, width = waterfall.bars
    button = Qt.MouseButton.LeftButton
    start, end = QPoint(round(left + width * 0.25), 10), QPoint(round(left + width * 0.5), 10)
    qtbot.mousePress(minimap, button, pos=start)
    qtbot.mouseMove(minimap, end)
    qtbot.mouseRelease(minimap, button, pos=end)
    length = waterfall.view.length_ns
    assert abs(waterfall.view.low_ns / length - 0.25) < 0.01
    assert abs(waterfall.view.high_ns / length - 0.5) < 0.01


def test_that_return_on_a_span_without_calls_shows_its_details(
    qtbot: QtBot, pane: tuple[TracesView, Selection]
) -> None:
    view, selection = pane
    selection.choose_trace(TRACE_ID, span_id("sql3"))
    waterfall = view._one.panel.waterfall
    qtbot.waitUntil(lambda: waterfall.row is not None and waterfall.row.is_open is None)
    view._one.drawer.show(False)
    qtbot.keyClick(waterfall, Qt.Key.Key_Space)
    assert not view._one.drawer.is_open
    qtbot.keyClick(waterfall, Qt.Key.Key_Return)
    assert view._one.drawer.is_open


def test_that_f7_gives_a_trace_all_the_room_until_traces_are_asked_for(
    qtbot: QtBot, pane: tuple[TracesView, Selection]
) -> None:
    view, selection = pane
    selection.choose_trace(TRACE_ID, span_id("sql3"))
    waterfall = view._one.panel.waterfall
    qtbot.waitUntil(lambda: waterfall.row is not None)
    before = waterfall.height()
    view._list.table.setFocus()
    qtbot.keyClick(view._list.table, Qt.Key.Key_F7)
    assert not view._scatter.isVisible()
    qtbot.waitUntil(lambda: waterfall.height() > before + 100)

    selection.open_traces("service:billing")
    assert view._scatter.isVisible()
