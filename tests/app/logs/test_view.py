"""The pane against a real server: following, letting go, going live, queries, and the way to a trace."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.client import Engine
from app.logs import LogsView
from app.selection import Selection
from app.time_axis import Span
from protos.drill.v1 import telemetry_pb2 as pb
from tests.app.engine_stub import EngineStub


def line(number: int, message: str = "charged", ago_s: float = 3, level: str = "info") -> pb.LogLine:
    return pb.LogLine(
        id=number,
        time_ns=time.time_ns() - int(ago_s * 1e9) + number,
        level=level,
        service="billing",
        trace_id="ab" * 16,
        span_id="root",
        message=message,
        fields_json='{"logger": "billing"}',
    )


@pytest.fixture
def pane(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[[], Engine]
) -> Iterator[tuple[LogsView, Selection]]:
    """The shown pane of a run with forty lines."""
    engine_stub.telemetry.lines.extend(line(number, ago_s=20) for number in range(1, 40))
    engine_stub.telemetry.lines.append(line(40, "pool timeout", ago_s=10, level="error"))
    engine_stub.open()
    engine, selection = connect(), Selection()
    qtbot.waitUntil(lambda: engine.snapshot is not None)
    view = LogsView(engine, selection)
    qtbot.addWidget(view)
    view.resize(1400, 700)
    view.show()
    view.activate()
    qtbot.waitUntil(lambda: view._model.rowCount() == 40)
    yield view, selection
    view.deactivate()


def message(view: LogsView, row: int) -> str:
    found = view._model.line_at(row)
    return found.message if found is not None else ""


def test_that_new_lines_come_on_top_while_it_follows(
    qtbot: QtBot, pane: tuple[LogsView, Selection], engine_stub: EngineStub
) -> None:
    view, _ = pane
    engine_stub.telemetry.lines.append(line(41, "refunded"))
    qtbot.waitUntil(lambda: view._model.rowCount() == 41)
    assert message(view, 0) == "refunded"
    assert not view.grab().isNull()


def test_that_choosing_a_line_lets_go_and_l_goes_live(
    qtbot: QtBot, pane: tuple[LogsView, Selection], engine_stub: EngineStub
) -> None:
    view, selection = pane
    view._table.choose_row(0)
    assert selection.log_id == "40"
    engine_stub.telemetry.lines.extend([line(41), line(42)])
    qtbot.waitUntil(lambda: "2 new" in view._header._remark.text)
    assert view._model.rowCount() == 40
    view._go_live()
    assert view._model.rowCount() == 42
    assert view._table.row == -1


def test_that_scrolling_down_lets_go_and_scrolling_up_follows_again(
    qtbot: QtBot, pane: tuple[LogsView, Selection], engine_stub: EngineStub
) -> None:
    view, _ = pane
    bar = view._table.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    assert view._feed.book.is_held
    engine_stub.telemetry.lines.append(line(41))
    qtbot.waitUntil(lambda: view._feed.book.waiting == 1)
    bar.setValue(0)
    assert view._model.rowCount() == 41


def test_that_a_query_narrows_and_a_wrong_one_is_told_in_place(
    qtbot: QtBot, pane: tuple[LogsView, Selection]
) -> None:
    view, _ = pane
    view._query.ask_now("timeout")
    qtbot.waitUntil(lambda: view._model.rowCount() == 1)
    view._query.ask_now("x nonsense:1")
    qtbot.waitUntil(lambda: view._trouble.isVisible())
    assert view._query._problem == (2, 8)
    assert view._model.rowCount() == 1
    view._query.ask_now("")
    qtbot.waitUntil(lambda: view._model.rowCount() == 40)


def test_that_a_shared_range_shows_only_its_lines(qtbot: QtBot, pane: tuple[LogsView, Selection]) -> None:
    view, selection = pane
    now_s = time.time()
    selection.choose_time_range(Span(now_s - 15, now_s - 5))
    qtbot.waitUntil(lambda: view._model.rowCount() == 1)
    view._let_go()
    qtbot.waitUntil(lambda: view._model.rowCount() == 40)
    assert selection.time_range is None


def test_that_t_opens_the_trace_at_the_lines_span(qtbot: QtBot, pane: tuple[LogsView, Selection]) -> None:
    view, selection = pane
    view._table.choose_row(0)
    with qtbot.waitSignal(selection.traceOpened) as opened:
        view._open_trace("", False)
    assert opened.args == ["ab" * 16, False]
    assert selection.span_id == "root"


def test_that_a_query_from_another_screen_is_taken(qtbot: QtBot, pane: tuple[LogsView, Selection]) -> None:
    view, selection = pane
    view.deactivate()
    selection.open_logs("trace:" + "ab" * 16)
    assert view._query.text() == ""
    view.activate()
    assert view._query.text() == "trace:" + "ab" * 16


def test_that_lines_are_counted_by_level(qtbot: QtBot, pane: tuple[LogsView, Selection]) -> None:
    view, _ = pane
    qtbot.waitUntil(lambda: sum(one.error for one in view._feed.counts) == 1)
    assert sum(one.info for one in view._feed.counts) == 39


def test_that_all_and_matching_lines_are_told_of_the_same_moment(
    qtbot: QtBot, pane: tuple[LogsView, Selection], engine_stub: EngineStub
) -> None:
    view, _ = pane
    qtbot.waitUntil(lambda: view._feed.matched == 40)
    engine_stub.telemetry.lines.append(line(41))
    qtbot.waitUntil(lambda: view._model.rowCount() == 41)
    assert view._feed.total == view._feed.matched


def test_that_slash_leads_to_the_query_and_return_back_to_the_lines(
    qtbot: QtBot, pane: tuple[LogsView, Selection]
) -> None:
    view, _ = pane
    view.activateWindow()
    view._query.setFocus()
    qtbot.keyClicks(view._query, "lev")
    assert [offer.text for offer in view._query._offers] == ["level:"]
    qtbot.keyClick(view._query, Qt.Key.Key_Tab)
    assert view._query.text() == "level:"


def test_that_f7_gives_the_room_of_the_bars_to_the_lines(
    qtbot: QtBot, pane: tuple[LogsView, Selection]
) -> None:
    view, _ = pane
    qtbot.keyClick(view, Qt.Key.Key_F7)
    assert not view._histogram.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_F7)
    assert view._histogram.isVisible()
