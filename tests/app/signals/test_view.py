"""The pane on a server that speaks the contract."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.client import Endpoint, Engine
from app.selection import Selection
from app.signals import SignalsView
from protos.drill.v1 import drill_pb2 as pb
from protos.drill.v1 import telemetry_pb2 as telemetry
from protos.drill.v1 import workbench_pb2 as workbench
from protos.drill.v1.drill_pb2_grpc import DrillServicer, add_DrillServicer_to_server
from protos.drill.v1.telemetry_pb2_grpc import TelemetryServicer, add_TelemetryServicer_to_server
from protos.drill.v1.workbench_pb2_grpc import WorkbenchServicer, add_WorkbenchServicer_to_server
from tests.app.engine_stub import snapshot
from tests.app.three_scenarios import stacks

WAIT_MS = 15_000


def _wait_for_end(context: Any) -> None:
    """Keep a stream open until its reader leaves."""
    over = threading.Event()
    if context.add_callback(over.set):
        over.wait()


class _Drill(DrillServicer):
    """A run with two charts; it writes down what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.snapshot = snapshot()
        self.snapshot.run, self.snapshot.number = "run", 1
        self.snapshot.charts.append(
            pb.Chart(
                id="rate",
                title="Throughput",
                unit="per_s",
                series=[pb.ChartSeries(series="client.rate", label="requests", style="area", colour="rate")],
            )
        )
        self.snapshot.charts.append(
            pb.Chart(
                id="cpu",
                title="CPU",
                unit="percent",
                series=[pb.ChartSeries(series="cpu.billing", label="billing", style="heat")],
            )
        )

    def Hello(self, request: Any, context: Any) -> pb.HelloReply:
        return pb.HelloReply(version="0.1.0", role="participant", run="run", state="open")

    def GetSnapshot(self, request: Any, context: Any) -> pb.Snapshot:
        return self.snapshot

    def Watch(self, request: Any, context: Any) -> Iterator[pb.Update]:
        yield pb.Update(snapshot=self.snapshot)
        _wait_for_end(context)

    def AcknowledgeAlert(self, request: Any, context: Any) -> pb.Done:
        self.told.append(f"acknowledge {request.id}")
        return pb.Done()

    def MarkMoment(self, request: Any, context: Any) -> pb.Done:
        self.told.append(f"mark {request.text}")
        return pb.Done()


class _Workbench(WorkbenchServicer):
    """Thread dumps of any service."""

    def GetStacks(self, request: Any, context: Any) -> workbench.Stacks:
        return stacks(request.service)


class _Telemetry(TelemetryServicer):
    """A minute of two series, then nothing new."""

    def __init__(self) -> None:
        self.watchers = 0
        self.maps = 0

    def WatchSeries(self, request: Any, context: Any) -> Iterator[telemetry.SeriesSet]:
        self.watchers += 1
        now_ns = time.time_ns()
        at_s = np.arange(now_ns // 10**9 - 60, now_ns // 10**9, dtype="<f8")
        series = [
            telemetry.Series(name=name, at_s=at_s.tobytes(), values=np.full(60, 20.0).tobytes())
            for name in request.names
        ]
        yield telemetry.SeriesSet(series=series, now_ns=now_ns)
        _wait_for_end(context)
        self.watchers -= 1

    def GetServiceMap(self, request: Any, context: Any) -> telemetry.ServiceMap:
        self.maps += 1
        return telemetry.ServiceMap(
            nodes=[telemetry.ServiceNode(name="gateway", requests_per_s=20, p95_ms=40, state="ok")]
        )


@pytest.fixture
def served() -> Iterator[tuple[_Drill, _Telemetry, str]]:
    """The two servicers and where they listen."""
    server = grpc.server(ThreadPoolExecutor(12), options=[("grpc.so_reuseport", 0)])
    drill, telemetry_service = _Drill(), _Telemetry()
    add_DrillServicer_to_server(drill, server)
    add_TelemetryServicer_to_server(telemetry_service, server)
    add_WorkbenchServicer_to_server(_Workbench(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield drill, telemetry_service, f"127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.fixture
def shown(
    qtbot: QtBot, served: tuple[_Drill, _Telemetry, str]
) -> Iterator[Callable[[], tuple[SignalsView, Selection]]]:
    """Makes the pane, shown and with its charts drawn."""
    engine = Engine()

    def make() -> tuple[SignalsView, Selection]:
        engine.connect_to(Endpoint(served[2], "participant"))
        selection = Selection()
        view = SignalsView(engine, selection)
        qtbot.addWidget(view)
        view.resize(1500, 900)
        view.show()
        view.activate()
        qtbot.waitUntil(
            lambda: _values(view).get("Throughput") == [("Requests", "20.0\u2009/s")], timeout=WAIT_MS
        )
        return view, selection

    yield make
    engine.close()


def _values(view: SignalsView) -> dict[str, list[tuple[str, str]]]:
    stack = view.charts
    return dict(stack.values()) if stack is not None else {}


def test_that_the_charts_of_the_run_show_its_series(
    qtbot: QtBot,
    shown: Callable[[], tuple[SignalsView, Selection]],
) -> None:
    view, _ = shown()
    qtbot.waitUntil(lambda: _values(view).get("CPU") == [("billing", "20\u2009%")], timeout=WAIT_MS)


def test_that_a_key_acknowledges_the_newest_open_alert(
    qtbot: QtBot,
    served: tuple[_Drill, _Telemetry, str],
    shown: Callable[[], tuple[SignalsView, Selection]],
) -> None:
    view, _ = shown()
    qtbot.keyClick(view, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: served[0].told == ["acknowledge drift"], timeout=WAIT_MS)


def test_that_a_marked_moment_is_told_with_its_words(
    qtbot: QtBot,
    served: tuple[_Drill, _Telemetry, str],
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
    served: tuple[_Drill, _Telemetry, str],
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
    chart_map = view._map
    assert chart_map.threads_area("gateway").isEmpty()
    selection.choose_service("gateway")
    qtbot.waitUntil(lambda: not chart_map.threads_area("gateway").isEmpty(), timeout=WAIT_MS)
    place = chart_map.threads_area("gateway").center().toPoint()
    qtbot.mouseClick(chart_map, Qt.MouseButton.LeftButton, pos=place)
    assert selection.service == "gateway"
    assert not view._threads.drawer.isHidden()


def test_that_the_charts_of_a_scenario_can_be_hidden_and_stay_hidden(
    qtbot: QtBot,
    served: tuple[_Drill, _Telemetry, str],
    shown: Callable[[], tuple[SignalsView, Selection]],
) -> None:
    run = served[0].snapshot
    run.codename, run.title = "copper larkspur", "Month-end close · Flash sale"
    run.charts[0].id, run.charts[1].id = "copper.rate", "larkspur.cpu"
    view, selection = shown()
    view._area.groups.chips["larkspur"].click()
    assert list(_values(view)) == ["Throughput"]
    assert selection.hidden_groups == {"larkspur"}
    assert SignalsView(view._engine, selection)._area.groups._hidden == {"larkspur"}
