"""Small real services, packs made of them, and a collector for what they export."""

from __future__ import annotations

import asyncio
import itertools
import textwrap
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2, logs_service_pb2_grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from engine.lab.launcher import Launcher, choose_launcher
from engine.lab.records import LabEvent
from engine.lab.restart_policy import RestartPolicy
from engine.lab.supervisor import Supervisor
from engine.lab.sweep import find_processes
from engine.packs.records import AnswerKey, Condition, Pack, Symptom
from engine.packs.topology import Edge, Protocol, ServiceSpec

PATIENCE_S = 20.0
ANSWER = """
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/answer")
    async def answer():
        return {number}
"""


async def eventually(is_so: Callable[[], bool | Awaitable[bool]]) -> None:
    """Wait until the condition holds; fail if it never does."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        holds = is_so()
        if holds if isinstance(holds, bool) else await holds:
            return
        assert time.monotonic() < deadline, "the condition never held"
        await asyncio.sleep(0.02)


@pytest.fixture(name="eventually")
def _eventually() -> Callable[[Callable[[], bool | Awaitable[bool]]], Awaitable[None]]:
    return eventually


@pytest.fixture
def run_id(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An id of this test's own; the test fails if a process that carries it is left."""
    name = f"test-{tmp_path.parent.name}-{tmp_path.name}"
    yield name
    assert find_processes(name) == []


@pytest.fixture
def write_service(tmp_path: Path) -> Callable[..., Path]:
    """Write one service's files to a new folder: a module's text by keyword."""
    numbers = itertools.count(1)

    def write(**modules: str) -> Path:
        folder = tmp_path / "sources" / str(next(numbers))
        folder.mkdir(parents=True)
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(textwrap.dedent(text))
        return folder

    return write


@pytest.fixture
def answering(write_service: Callable[..., Path]) -> Callable[[int], Path]:
    """A service that answers a number."""
    return lambda number: write_service(app=ANSWER.replace("{number}", str(number)))


@dataclass
class Supervised:
    """A supervisor on a launcher of its own, and what it told."""

    supervisor: Supervisor
    ports: dict[str, int] = field(default_factory=dict)
    events: list[LabEvent] = field(default_factory=list)


Play = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Play, Launcher]]:
    """One event loop and one warm zygote for the tests of a module; nothing of it may be left."""
    folder = tmp_path_factory.mktemp("warm")
    with asyncio.Runner() as runner:
        tasks = asyncio.TaskGroup()
        runner.run(tasks.__aenter__())
        launcher = choose_launcher(str(folder), folder / "zygote.log", tasks)
        runner.run(launcher.start())
        yield runner.run, launcher
        runner.run(launcher.stop())
        runner.run(tasks.__aexit__(None, None, None))
    assert find_processes(str(folder)) == []


@pytest.fixture
def play(warm: tuple[Play, Launcher]) -> Play:
    """Run a coroutine on the loop of the warm zygote."""
    return warm[0]


@pytest.fixture
def supervised(warm: tuple[Play, Launcher], tmp_path: Path) -> Callable[..., Any]:
    """`async with supervised() as s:` a supervisor without database and proxy; run it by `play`."""

    @asynccontextmanager
    async def enter(policy: RestartPolicy | None = None) -> AsyncIterator[Supervised]:
        ports: dict[str, int] = {}
        events: list[LabEvent] = []

        async def moved(service: str, port: int) -> None:
            ports[service] = port

        async with asyncio.TaskGroup() as tasks:
            supervisor = Supervisor(warm[1], tmp_path / "logs", tasks, events.append, moved, policy)
            try:
                yield Supervised(supervisor, ports, events)
            finally:
                await supervisor.stop_all()
        supervisor.close()

    return enter


def _service(folder: Path, name: str, database: str | None) -> ServiceSpec:
    return ServiceSpec(
        name=name, folder=folder, editable=True, database=database, workers=4, connections=2, max_workers=8,
        max_connections=8, memory_mb=256, role=name,
    )  # fmt: skip


@pytest.fixture
def make_pack(tmp_path: Path) -> Callable[..., Pack]:
    """A pack of a gateway and, behind it, a billing service with a database, from their source folders."""

    def make(sources: Mapping[str, Path]) -> Pack:
        condition = Condition("client.latency.p95_ms", "<", 1000.0, 1.0)
        return Pack(
            id="small", folder=tmp_path, codename="small", title="", story="", severity="SEV2",
            services=(
                _service(sources["gateway"], "gateway", None),
                _service(sources["billing"], "billing", "billing"),
            ),
            edges=(
                Edge("clients", "gateway", Protocol.HTTP),
                Edge("gateway", "billing", Protocol.HTTP),
                Edge("billing", "postgres", Protocol.POSTGRES),
            ),
            entry="gateway", profiles=(), trigger_profile="", warmup_s=0.0,
            symptom=Symptom(condition, 1.0, ""), alerts=(), charts=(), baseline=(), hints=(),
            answer=AnswerKey("", "", ()), fixes=(), reference_fix="",
        )  # fmt: skip

    return make


GATEWAY = """
    import logging
    import os

    import httpx
    from fastapi import FastAPI

    log = logging.getLogger("gateway")
    client = httpx.Client(base_url=os.environ["BILLING_URL"], trust_env=False)
    app = FastAPI()

    @app.get("/rows")
    def rows():
        log.info("asked for rows")
        return client.get("/rows").json()

    @app.get("/failing")
    def failing():
        raise RuntimeError("nobody expected this")
"""
BILLING = """
    import logging
    import os

    from fastapi import FastAPI
    from sqlalchemy import create_engine, text

    log = logging.getLogger("billing")
    engine = create_engine(os.environ["DATABASE_URL"], pool_size=int(os.environ["CONNECTIONS"]), max_overflow=0)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS seen (id serial)"))
    app = FastAPI()

    @app.get("/rows")
    def rows():
        log.info("counting rows")
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO seen DEFAULT VALUES"))
            return {"version": 1, "rows": connection.execute(text("SELECT count(*) FROM seen")).scalar()}
"""


@pytest.fixture
def billing_text() -> str:
    """The billing service's source."""
    return BILLING


@pytest.fixture
def small_sources(write_service: Callable[..., Path]) -> dict[str, Path]:
    """Sources of the small pack."""
    return {"gateway": write_service(app=GATEWAY), "billing": write_service(app=BILLING)}


@dataclass
class Collector:
    """An OTLP/gRPC receiver that keeps everything."""

    endpoint: str = ""
    spans: list[tuple[str, Any]] = field(default_factory=list)
    logs: list[tuple[str, Any]] = field(default_factory=list)
    points: list[tuple[str, str, Any]] = field(default_factory=list)
    """(service, metric, point)"""


def _name_of(resource: Any) -> str:
    return next(a.value.string_value for a in resource.attributes if a.key == "service.name")


class _Traces(trace_service_pb2_grpc.TraceServiceServicer):
    def __init__(self, kept: Collector) -> None:
        self._kept = kept

    def Export(self, request: Any, context: Any) -> Any:
        for group in request.resource_spans:
            for scope in group.scope_spans:
                self._kept.spans.extend((_name_of(group.resource), span) for span in scope.spans)
        return trace_service_pb2.ExportTraceServiceResponse()


class _Logs(logs_service_pb2_grpc.LogsServiceServicer):
    def __init__(self, kept: Collector) -> None:
        self._kept = kept

    def Export(self, request: Any, context: Any) -> Any:
        for group in request.resource_logs:
            for scope in group.scope_logs:
                self._kept.logs.extend((_name_of(group.resource), record) for record in scope.log_records)
        return logs_service_pb2.ExportLogsServiceResponse()


class _Metrics(metrics_service_pb2_grpc.MetricsServiceServicer):
    def __init__(self, kept: Collector) -> None:
        self._kept = kept

    def Export(self, request: Any, context: Any) -> Any:
        for group in request.resource_metrics:
            for metric in (m for scope in group.scope_metrics for m in scope.metrics):
                for point in (*metric.gauge.data_points, *metric.sum.data_points):
                    self._kept.points.append((_name_of(group.resource), metric.name, point))
        return metrics_service_pb2.ExportMetricsServiceResponse()


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A running receiver."""
    kept = Collector()
    server = grpc.server(ThreadPoolExecutor(3))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(_Traces(kept), server)
    logs_service_pb2_grpc.add_LogsServiceServicer_to_server(_Logs(kept), server)
    metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(_Metrics(kept), server)
    kept.endpoint = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield kept
    server.stop(None).wait()
