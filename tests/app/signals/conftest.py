"""A drill with two charts on a server that speaks the contract, with metrics to explore."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import numpy as np
import pytest
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


class Drill(DrillServicer):
    """A run with two charts; it writes down what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.rules: dict[str, pb.AlertRule] = {}
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

    def SaveAlertRule(self, request: Any, context: Any) -> pb.SavedAlertRule:
        rule = pb.AlertRule()
        rule.CopyFrom(request)
        rule.id = request.id or "r1"
        self.rules[rule.id] = rule
        return pb.SavedAlertRule(id=rule.id)

    def RemoveAlertRule(self, request: Any, context: Any) -> pb.Done:
        del self.rules[request.id]
        return pb.Done()

    def TryAlertRule(self, request: Any, context: Any) -> pb.AlertRuleTrial:
        if request.rule.value > 20:
            return pb.AlertRuleTrial()
        began_ns = time.time_ns() - 40 * 10**9
        return pb.AlertRuleTrial(firings=[pb.Firing(from_ns=began_ns, to_ns=began_ns + 12 * 10**9)])

    def ExportMonitoring(self, request: Any, context: Any) -> pb.ExportedText:
        return pb.ExportedText(name="rules.yml", text="groups: []\n")

    def MarkMoment(self, request: Any, context: Any) -> pb.Done:
        self.told.append(f"mark {request.text}")
        return pb.Done()


class _Workbench(WorkbenchServicer):
    """Thread dumps of any service."""

    def GetStacks(self, request: Any, context: Any) -> workbench.Stacks:
        return stacks(request.service)


class Telemetry(TelemetryServicer):
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

    def ListMetrics(self, request: Any, context: Any) -> telemetry.MetricList:
        def series(metric: str, *services: str) -> list[telemetry.MetricSeries]:
            return [
                telemetry.MetricSeries(
                    base=f"metric.{name}.{metric}", attributes_json=f'{{"service": "{name}"}}'
                )
                for name in services
            ]

        return telemetry.MetricList(
            metrics=[
                telemetry.Metric(
                    name="http.server.request.duration",
                    kind="histogram",
                    unit="ms",
                    sent_unit="s",
                    text="Duration of HTTP server requests.",
                    parts=["p95", "p50", "p99", "mean", "per_s"],
                    series=series("http.server.request.duration", "gateway", "billing"),
                ),
                telemetry.Metric(
                    name="queue.length", kind="gauge", unit="count", series=series("queue.length", "billing")
                ),
            ]
        )

    def GetServiceMap(self, request: Any, context: Any) -> telemetry.ServiceMap:
        self.maps += 1
        return telemetry.ServiceMap(
            nodes=[telemetry.ServiceNode(name="gateway", requests_per_s=20, p95_ms=40, state="ok")]
        )


@pytest.fixture
def served() -> Iterator[tuple[Drill, Telemetry, str]]:
    """The two servicers and where they listen."""
    server = grpc.server(ThreadPoolExecutor(12), options=[("grpc.so_reuseport", 0)])
    drill, telemetry_service = Drill(), Telemetry()
    add_DrillServicer_to_server(drill, server)
    add_TelemetryServicer_to_server(telemetry_service, server)
    add_WorkbenchServicer_to_server(_Workbench(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield drill, telemetry_service, f"127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.fixture
def shown(
    qtbot: QtBot, served: tuple[Drill, Telemetry, str]
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
            lambda: values(view).get("Throughput") == [("Requests", "20.0\u2009/s")], timeout=WAIT_MS
        )
        return view, selection

    yield make
    engine.close()


def values(view: SignalsView) -> dict[str, list[tuple[str, str]]]:
    stack = view.charts
    return dict(stack.values()) if stack is not None else {}
