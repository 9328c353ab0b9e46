"""The pane on a server that speaks the contract."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.selection import Selection
from app.signals import SignalsView
from protos.drill.v1 import drill_pb2 as pb
from tests.app.signals.conftest import WAIT_MS, Drill, Telemetry, values


def test_that_the_charts_of_the_run_show_its_series(
    qtbot: QtBot,
    shown: Callable[[], tuple[SignalsView, Selection]],
) -> None:
    view, _ = shown()
    qtbot.waitUntil(lambda: values(view).get("CPU") == [("billing", "20\u2009%")], timeout=WAIT_MS)


def test_that_a_key_acknowledges_the_newest_open_alert(
    qtbot: QtBot,
    served: tuple[Drill, Telemetry, str],
    shown: Callable[[], tuple[SignalsView, Selection]],
) -> None:
    view, _ = shown()
    qtbot.keyClick(view, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: served[0].told == ["acknowledge drift"], timeout=WAIT_MS)


def test_that_a_marked_moment_is_told_with_its_words(
    qtbot: QtBot,
    served: tuple[Drill, Telemetry, str],
    shown: Callable[[], tuple[SignalsView, Selection]],
) -> None:
    view, _ = shown()
    qtbot.keyClick(view, Qt.Key.Key_M)
    field = QApplication.focusWidget()
    assert field is not None
    qtbot.keyClicks(field, "Latency bends")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: served[0].told == ["mark Latency bends"], timeout=WAIT_MS)


def test_that_a_hidden_pane_asks_nothing(
    qtbot: QtBot,
    served: tuple[Drill, Telemetry, str],
    shown: Callable[[], tuple[SignalsView, Selection]],
) -> None:
    view, _ = shown()
    view.deactivate()
    qtbot.waitUntil(lambda: served[1].watchers == 0, timeout=WAIT_MS)


def test_that_the_live_key_pauses_and_returns(
    qtbot: QtBot, shown: Callable[[], tuple[SignalsView, Selection]]
) -> None:
    view, selection = shown()
    stack = view.charts
    assert stack is not None
    qtbot.keyClick(view, Qt.Key.Key_L)
    assert not stack.is_live
    selection.choose_time_range(stack.span)
    qtbot.keyClick(view, Qt.Key.Key_L)
    assert stack.is_live
    assert selection.time_range is None


def test_that_d_shows_the_threads_of_the_chosen_service(
    qtbot: QtBot, shown: Callable[[], tuple[SignalsView, Selection]]
) -> None:
    view, selection = shown()
    selection.choose_service("billing")
    qtbot.keyClick(view, Qt.Key.Key_D)
    drawer = view._threads.drawer
    qtbot.waitUntil(lambda: len(drawer.cards) == 3, timeout=WAIT_MS)
    assert drawer.service == "billing"


def test_that_a_card_of_the_map_leads_to_the_threads_of_its_service(
    qtbot: QtBot, shown: Callable[[], tuple[SignalsView, Selection]]
) -> None:
    view, selection = shown()
    chart_map = view._map.map
    assert chart_map.threads_area("gateway").isEmpty()
    selection.choose_service("gateway")
    qtbot.waitUntil(lambda: not chart_map.threads_area("gateway").isEmpty(), timeout=WAIT_MS)
    place = chart_map.threads_area("gateway").center().toPoint()
    qtbot.mouseClick(chart_map, Qt.MouseButton.LeftButton, pos=place)
    assert selection.service == "gateway"
    assert not view._threads.drawer.isHidden()


def test_that_the_charts_of_a_scenario_can_be_hidden_and_stay_hidden(
    qtbot: QtBot,
    served: tuple[Drill, Telemetry, str],
    shown: Callable[[], tuple[SignalsView, Selection]],
) -> None:
    run = served[0].snapshot
    run.codename, run.title = "copper larkspur", "Month-end close · Flash sale"
    run.charts[0].id, run.charts[1].id = "copper.rate", "larkspur.cpu"
    view, selection = shown()
    view._area.groups.chips["larkspur"].click()
    assert list(values(view)) == ["Throughput"]
    assert selection.hidden_groups == {"larkspur"}
    assert SignalsView(view._engine, selection)._area.groups._hidden == {"larkspur"}


def test_that_b_compares_with_the_last_quiet_stretch_and_says_which(
    qtbot: QtBot, served: tuple[Drill, Telemetry, str], shown: Callable[[], tuple[SignalsView, Selection]]
) -> None:
    view, _ = shown()
    stack = view.charts
    assert stack is not None
    qtbot.keyClick(view, Qt.Key.Key_B)
    assert stack._baseline is not None
    assert view._toolbar._remark.text.startswith("Dashed: ")
    qtbot.keyClick(view, Qt.Key.Key_B)
    assert stack._baseline is None
    assert view._engine.snapshot is not None
    view._time.show_baseline(replace(view._engine.snapshot, alerts=()))
    assert "No alert has fired" in view._toolbar._compare.toolTip()


def test_that_t_asks_for_the_traces_behind_the_crosshair(
    qtbot: QtBot, shown: Callable[[], tuple[SignalsView, Selection]]
) -> None:
    view, selection = shown()
    selection.choose_service("billing")
    at_s = time.time() - 20
    selection.point_at(at_s)
    with qtbot.waitSignal(selection.tracesOpened):
        qtbot.keyClick(view, Qt.Key.Key_T)
    assert selection.take_traces_query() == "service:billing"
    assert selection.time_range is not None
    assert selection.time_range.contains(at_s)
    assert selection.time_range.length_s == 10


def test_that_an_alert_of_a_rule_of_ones_own_stands_among_the_others(
    qtbot: QtBot, served: tuple[Drill, Telemetry, str], shown: Callable[[], tuple[SignalsView, Selection]]
) -> None:
    served[0].snapshot.alerts.append(
        pb.Alert(id="rule.r1", title="My rule", severity="warning", fired_ns=time.time_ns())
    )
    view, _ = shown()
    assert "My rule" in [row.title for row in view._side._list.alerts.rows]


def test_that_f9_shows_the_charts_as_a_table_that_points_and_copies(
    qtbot: QtBot, shown: Callable[[], tuple[SignalsView, Selection]]
) -> None:
    view, selection = shown()
    qtbot.keyClick(view, Qt.Key.Key_F9)
    table = view._area._table
    assert table is not None
    qtbot.waitUntil(table.isVisible, timeout=WAIT_MS)
    assert table._sentence.text.startswith("Requests 20.0")
    rows = table._table
    assert rows is not None
    assert rows.model().index(0, 1).data() == "20.0\u2009/s"

    qtbot.keyClick(rows, Qt.Key.Key_J)
    assert selection.crosshair_s == table._model.rows.at_s[0]
    qtbot.keyClick(rows, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines()[0].startswith("unix_s\tRequests (per_s)")

    qtbot.keyClick(rows, Qt.Key.Key_Escape)
    assert not table.isVisible()
    assert view.charts is not None
    assert view.charts.isVisible()


def test_that_f7_gives_the_room_of_the_map_to_the_charts_and_that_this_is_kept(
    qtbot: QtBot, shown: Callable[[], tuple[SignalsView, Selection]]
) -> None:
    view, selection = shown()
    assert view.charts is not None
    before = view._area.height()
    qtbot.keyClick(view, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: view._area.height() > before + 80, timeout=WAIT_MS)
    assert selection.kept.get("map_hidden") is True
    qtbot.keyClick(view, Qt.Key.Key_F7)
    assert view._map.isVisible()
    assert selection.kept.get("map_hidden") is False
