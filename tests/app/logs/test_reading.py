"""Reading one line, and what an absence leaves behind, against a real server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.client import Engine
from app.logs import LogsView
from app.logs.feed import MOST_A_POLL
from app.selection import Selection
from protos.drill.v1 import telemetry_pb2 as pb
from tests.app.engine_stub import EngineStub
from tests.app.telemetry_stub import StubTrace, span_id

TRACE = "cd" * 16


def line(number: int, message: str, level: str = "info") -> pb.LogLine:
    time_ns = time.time_ns() - 10**10 + number * 1_000_000
    return pb.LogLine(
        id=number, time_ns=time_ns, level=level, service="ledger", trace_id=TRACE, message=message
    )


@pytest.fixture
def pane(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> Iterator[tuple[LogsView, EngineStub]]:
    """The shown pane of a run with one trace of two lines."""
    lines = [line(1, "charge asked"), line(2, "ledger mismatch", "warning")]
    root = pb.Span(span_id=span_id("root"), service="ledger", name="POST /entries", start_ns=lines[0].time_ns)
    engine_stub.telemetry.add_trace(StubTrace(TRACE, [root], lines))
    engine_stub.open()
    engine, selection = connect(), Selection()
    qtbot.waitUntil(lambda: engine.snapshot is not None)
    view = LogsView(engine, selection)
    qtbot.addWidget(view)
    view.resize(1400, 700)
    view.show()
    view.activate()
    qtbot.waitUntil(lambda: view._model.rowCount() == 2)
    yield view, engine_stub
    view.deactivate()


def test_that_a_line_of_the_trace_is_read_though_the_query_leaves_it_out(
    qtbot: QtBot, pane: tuple[LogsView, EngineStub]
) -> None:
    view, _ = pane
    view._query.ask_now("mismatch")
    qtbot.waitUntil(lambda: view._model.rowCount() == 1)
    view._table.choose_row(0)
    qtbot.waitUntil(lambda: view._details._around.isVisible())
    view._details._around.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view._details._around, Qt.Key.Key_Up)
    qtbot.keyClick(view._details._around, Qt.Key.Key_Return)
    assert view._details.line is not None
    assert view._details.line.message == "charge asked"
    view._details.copy_line()
    assert QGuiApplication.clipboard().text().endswith(f"Info ledger trace:{TRACE} charge asked")


def test_that_more_lines_than_are_read_at_once_leave_no_hole(
    qtbot: QtBot, pane: tuple[LogsView, EngineStub]
) -> None:
    view, stub = pane
    view.deactivate()
    stub.telemetry.lines.extend(line(number, "charged") for number in range(3, MOST_A_POLL + 500))
    view.activate()
    qtbot.waitUntil(lambda: view._model.rowCount() == MOST_A_POLL)
    assert not view._feed.is_complete
    view._feed.ask_older()
    qtbot.waitUntil(lambda: view._model.rowCount() == MOST_A_POLL + 499)
    assert view._feed.book.oldest_id == 1


def test_that_going_live_after_too_much_to_read_begins_with_the_newest(
    qtbot: QtBot, pane: tuple[LogsView, EngineStub]
) -> None:
    view, stub = pane
    view._table.choose_row(0)
    stub.telemetry.lines.extend(line(number, "charged") for number in range(3, MOST_A_POLL + 500))
    qtbot.waitUntil(lambda: view._feed.book.waiting == MOST_A_POLL)
    view._go_live()
    qtbot.waitUntil(lambda: view._model.rowCount() == 500)
    assert view._feed.book.newest_id == MOST_A_POLL + 499
    assert view._list._count.text.startswith("Rows 1 ")
