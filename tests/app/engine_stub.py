"""A small real gRPC server that speaks the contract, with a drill that stands at 03:17.

Tests start it in their process (`EngineStub`); `python -m tests.app.engine_stub` is a program that behaves as
`python -m engine engine --json` does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

from protos.drill.v1 import drill_pb2 as pb
from protos.drill.v1 import telemetry_pb2, telemetry_pb2_grpc, workbench_pb2, workbench_pb2_grpc
from protos.drill.v1.drill_pb2_grpc import DrillServicer, add_DrillServicer_to_server
from tests.app.telemetry_stub import TelemetryStub

MINUTE_MS = 60_000
FACILITATOR, PARTICIPANT = "facilitator-token", "participant-token"
AGENDA = (
    ("orientation", "Orientation", 10, False),
    ("setup", "Setup", 5, True),
    ("phase-1", "Phase 1: Dark Room Investigation", 45, False),
    ("break-1", "Tea Break", 10, True),
    ("phase-2", "Phase 2: Deep Dive & Verification", 40, False),
    ("break-2", "Tea Break", 10, True),
    ("phase-3", "Phase 3: AI-Assisted Fix", 30, False),
    ("phase-4", "Phase 4: Post-Mortem & Spec Update", 20, False),
    ("wrap-up", "Wrap-Up", 10, False),
)
PACKS = (
    pb.PackSummary(
        id="fp_drift",
        codename="copper",
        title="Cents that will not add up",
        story=(
            "It is month end. Finance calls: the billing total and the ledger disagree, by little, and it grows. "
            "No alert has fired before tonight, and every charge looks right by itself."
        ),
        severity="SEV-2",
        services=3,
    ),
)
STEPS = (
    ("PostgreSQL", "port 41207, scram, 1 database"),
    ("Services", "gateway, billing and ledger are ready"),
    ("Telemetry", "first spans of all three services"),
    ("Traffic", "4 charges a second"),
)
CHECKS = (
    pb.PreflightCheck(name="Engine", status="passed", detail="version 0.1.0, answers on loopback only"),
    pb.PreflightCheck(
        name="PostgreSQL", status="passed", detail="18.6, own binaries, started and stopped in 0.6 s"
    ),
    pb.PreflightCheck(name="Disk and memory", status="passed", detail="14.2 GB free, 11.6 GB memory free"),
    pb.PreflightCheck(name="Processor", status="passed", detail="2 cores, 3 % busy"),
    pb.PreflightCheck(
        name="Leftovers",
        status="needs-you",
        detail="an interrupted run left 3 processes",
        remedy="Close the console and run: python3 run.py clean",
    ),
    pb.PreflightCheck(
        name="Virus scanner",
        status="optional",
        detail="not checked on this system",
        remedy="If services start slowly, exclude the state folder from live scans.",
    ),
)


class EngineStub(DrillServicer):
    """An engine with one drill. Fields may be changed at any time; `update` tells the watchers."""

    def __init__(self, port: int = 0) -> None:
        self.run = ""
        self.seed = 0
        self.packs = PACKS
        self.outside: dict[str, pb.PackSummary] = {}
        self.checks = CHECKS
        self.runs: tuple[pb.RunSummary, ...] = ()
        self.steps = STEPS
        self.open_refusal = ""
        self.resumed: list[str] = []
        self.cancelled = threading.Event()
        self.step_gate = threading.Event()
        self.step_gate.set()
        self.events: list[pb.Event] = []
        self.snapshot = snapshot()
        self.told: list[str] = []
        self.chaos_menu = pb.ChaosMenu()
        self.page_of: Callable[[str], pb.FacilitatorPage] = lambda pack: pb.FacilitatorPage()
        self.stacks_of: Callable[[str], workbench_pb2.Stacks] = lambda name: workbench_pb2.Stacks(
            service=name
        )
        self.act_refusal = ""
        self.opened: list[pb.OpenRunRequest] = []
        self.on_shutdown: Callable[[], None] = lambda: None
        self._change = threading.Condition()
        self._stopping = False
        self._server = grpc.server(
            ThreadPoolExecutor(24, thread_name_prefix="stub"), options=[("grpc.so_reuseport", 0)]
        )
        add_DrillServicer_to_server(self, self._server)
        self.telemetry = _Telemetry()
        telemetry_pb2_grpc.add_TelemetryServicer_to_server(self.telemetry, self._server)
        workbench_pb2_grpc.add_WorkbenchServicer_to_server(_Workbench(self), self._server)
        self.port = self._server.add_insecure_port(f"127.0.0.1:{port}")
        self.address = f"127.0.0.1:{self.port}"
        self._server.start()

    def stop(self) -> None:
        """End the server at once: calls that run are cut."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        self.step_gate.set()
        self._server.stop(None).wait()

    def open(self, run: str = "2031-04-30-05") -> None:
        """Have a run open."""
        with self._change:
            self.run = run
            self.snapshot.run = run
            self._change.notify_all()

    def close_run(self) -> None:
        """Close the run: watchers end."""
        with self._change:
            self.run = ""
            self._change.notify_all()

    def happen(self, kind: str, **fields: Any) -> None:
        """Record an event and tell the watchers."""
        with self._change:
            number = len(self.events) + 1
            self.events.append(
                pb.Event(
                    number=number,
                    wall_ns=time.time_ns(),
                    kind=kind,
                    fields_json=json.dumps(fields),
                    role="facilitator",
                )
            )
            self.snapshot.number = number
            self._change.notify_all()

    # the contract

    def Hello(self, request: Any, context: Any) -> pb.HelloReply:
        role = self._role(context)
        state = "open" if self.run else "idle"
        return pb.HelloReply(version="0.1.0", role=role, run=self.run, state=state, process_id=os.getpid())

    def ListPacks(self, request: Any, context: Any) -> pb.ListPacksReply:
        self._role(context)
        return pb.ListPacksReply(packs=[*self.packs, *self.outside.values()])

    def AddPack(self, request: Any, context: Any) -> pb.AddedPack:
        self._role(context)
        if not request.folder.startswith("/"):
            context.abort(grpc.StatusCode.NOT_FOUND, f"There is no folder {request.folder}.")
        new = pb.PackSummary(
            id="rush-hour",
            codename="ferry",
            title="Rush hour",
            story="The ferries are full.",
            severity="SEV-3",
            services=2,
            origin=request.folder,
        )
        pack = self.outside.setdefault(request.folder, new)
        return pb.AddedPack(pack=pack, files=31, fingerprint="5d1c" * 16)

    def TrustPack(self, request: Any, context: Any) -> pb.Done:
        self.outside[request.folder].trusted = True
        self.told.append(f"trust {request.fingerprint[:4]}")
        return pb.Done()

    def RemovePack(self, request: Any, context: Any) -> pb.Done:
        del self.outside[request.folder]
        return pb.Done()

    def ListRuns(self, request: Any, context: Any) -> pb.ListRunsReply:
        self._role(context)
        return pb.ListRunsReply(runs=self.runs)

    def Preflight(self, request: Any, context: Any) -> Iterator[pb.PreflightCheck]:
        yield from self.checks

    def OpenRun(self, request: Any, context: Any) -> Iterator[pb.OpenRunProgress]:
        if self.open_refusal:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, self.open_refusal)
        context.add_callback(self.cancelled.set)
        self.seed = request.seed
        self.opened.append(request)
        if request.resume:
            self.resumed.append(request.resume)
        for step, detail in self.steps:
            yield pb.OpenRunProgress(step=step, detail=detail)
            self.step_gate.wait(20)
        name = request.resume or "2031-04-30-05"
        self.open(name)
        yield pb.OpenRunProgress(step="Ready", finished=True, run=name)

    def GetSnapshot(self, request: Any, context: Any) -> pb.Snapshot:
        self._role(context)
        if not self.run:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "No run is open.")
        with self._change:
            return _copy(self.snapshot)

    def Watch(self, request: Any, context: Any) -> Iterator[pb.Update]:
        after, run = request.after, self.run
        context.add_callback(self._wake)
        while True:
            with self._change:
                self._change.wait_for(
                    lambda: self._over(run, context) or len(self.events) > after  # noqa: B023
                )
                if self._over(run, context):
                    return
                events, after = self.events[after:], len(self.events)
                update = pb.Update(events=events, snapshot=_copy(self.snapshot))
            yield update

    def AcknowledgeAlert(self, request: Any, context: Any) -> pb.Done:
        if not any(alert.id == request.id for alert in self.snapshot.alerts):
            context.abort(grpc.StatusCode.NOT_FOUND, f"There is no alert “{request.id}”.")
        self.told.append(f"acknowledge {request.id}")
        return pb.Done()

    # leading and chaos: each act is written down, or refused with `act_refusal`

    def GetFacilitatorPage(self, request: Any, context: Any) -> pb.FacilitatorPage:
        return self.page_of(request.pack)

    def ListChaos(self, request: Any, context: Any) -> pb.ChaosMenu:
        return self.chaos_menu

    def StartChaos(self, request: Any, context: Any) -> pb.StartChaosReply:
        numbers = ",".join(f"{number.name}={number.value:g}" for number in request.intensity)
        asked = request.herring or f"{request.action} {request.target} {numbers} {request.lasts_s:g}s"
        self._note(f"chaos {request.pack} {asked}", context)
        return pb.StartChaosReply(id="c9")

    def StopChaos(self, request: Any, context: Any) -> pb.Done:
        return self._note(f"undo {request.id}", context)

    def StartStress(self, request: Any, context: Any) -> pb.Done:
        return self._note(f"stress {request.pack} {request.seconds:g}", context)

    def TriggerScenario(self, request: Any, context: Any) -> pb.Done:
        return self._note(f"trigger {request.pack}", context)

    def StopScenario(self, request: Any, context: Any) -> pb.Done:
        return self._note(f"stop {request.pack}", context)

    def ReleaseHint(self, request: Any, context: Any) -> pb.Done:
        return self._note(f"hint {request.pack} {request.index}", context)

    def _note(self, act: str, context: Any) -> pb.Done:
        if self.act_refusal:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, self.act_refusal)
        self.told.append(act)
        return pb.Done()

    def Shutdown(self, request: Any, context: Any) -> pb.Done:
        self.told.append("shutdown")
        self.on_shutdown()
        return pb.Done()

    def _role(self, context: Any) -> str:
        token = dict(context.invocation_metadata()).get("authorization", "").removeprefix("Bearer ")
        roles = {FACILITATOR: "facilitator", PARTICIPANT: "participant"}
        if token not in roles:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "This connection has no valid token.")
        return roles[token]

    def _over(self, run: str, context: Any) -> bool:
        return self._stopping or self.run != run or not context.is_active()

    def _wake(self) -> None:
        with self._change:
            self._change.notify_all()


class _Telemetry(TelemetryStub):
    def GetEndpoints(self, request: Any, context: Any) -> telemetry_pb2.Endpoints:
        return telemetry_pb2.Endpoints(
            otlp_grpc="http://127.0.0.1:41317",
            otlp_http="http://127.0.0.1:41318",
            metrics="http://127.0.0.1:41318/metrics",
        )

    def GetCounters(self, request: Any, context: Any) -> telemetry_pb2.Counters:
        return telemetry_pb2.Counters(
            spans=184_302, logs=61_220, points=9_114, dropped=0, refused=0, queued=12
        )


class _Workbench(workbench_pb2_grpc.WorkbenchServicer):
    def __init__(self, stub: EngineStub) -> None:
        self._stub = stub

    def GetStacks(self, request: Any, context: Any) -> workbench_pb2.Stacks:
        self._stub._note(f"stacks {request.service}", context)
        return self._stub.stacks_of(request.service)


def _copy(message: pb.Snapshot) -> pb.Snapshot:
    copy = pb.Snapshot()
    copy.CopyFrom(message)
    return copy


def snapshot(
    phase: str = "phase-1", into_ms: int = 17 * MINUTE_MS + 24_000, held: bool = False
) -> pb.Snapshot:
    """The drill in `phase`, `into_ms` after its start."""
    now_ns = time.time_ns()
    ids = [segment[0] for segment in AGENDA]
    at = ids.index(phase)
    started_ms = sum(minutes for _, _, minutes, _ in AGENDA[:at]) * MINUTE_MS
    clock = pb.Clock(
        held=held,
        drill_ms=started_ms + into_ms,
        wall_ns=now_ns,
        phase=phase,
        phase_started_drill_ms=started_ms,
        phase_minutes_ms=AGENDA[at][2] * MINUTE_MS,
        three_am_drill_ms=15 * MINUTE_MS,
    )
    agenda = [
        pb.Segment(
            id=name,
            name=title,
            minutes_ms=minutes * MINUTE_MS,
            state="now" if place == at else "past" if place < at else "future",
            is_break=is_break,
        )
        for place, (name, title, minutes, is_break) in enumerate(AGENDA)
    ]
    services = [
        pb.Service(name="gateway", role="entry", state="running", commit="4f1c2ab", editable=True),
        pb.Service(name="billing", role="charges", state="running", commit="4f1c2ab", editable=True),
        pb.Service(name="ledger", role="exact", state="running", commit="4f1c2ab"),
    ]
    alerts = [
        _alert("drift", "Ledger does not match billing", "warning", "billing", now_ns, 4),
        _alert("p95", "Charge P95 above 250 ms", "critical", "gateway", now_ns, 6),
        _alert("pool", "billing pool above 90 %", "warning", "billing", now_ns, 9, resolved_minutes=7),
    ]
    return pb.Snapshot(
        number=0,
        run="",
        codename="copper",
        title="Cents that will not add up",
        story=PACKS[0].story,
        severity="SEV-2",
        clock=clock,
        agenda=agenda,
        services=services,
        alerts=alerts,
        entry="gateway",
        started_ns=now_ns - clock.drill_ms * 1_000_000,
    )


def _alert(
    name: str, title: str, severity: str, service: str, now_ns: int, minutes: int, resolved_minutes: int = 0
) -> pb.Alert:
    return pb.Alert(
        id=name,
        title=title,
        severity=severity,
        service=service,
        fired_ns=now_ns - minutes * 60 * 10**9,
        resolved_ns=now_ns - resolved_minutes * 60 * 10**9 if resolved_minutes else 0,
    )


def recorded_runs() -> tuple[pb.RunSummary, ...]:
    """Runs as `ListRuns` gives them: one to go on with, one from a newer version."""
    hour_ns, now_ns = 3600 * 10**9, time.time_ns()
    return (
        pb.RunSummary(
            name="2031-04-30-04",
            title="Cents that will not add up",
            started_ns=now_ns - 2 * hour_ns,
            changed_ns=now_ns - hour_ns // 10,
            phase="phase-2",
        ),
        pb.RunSummary(
            name="2031-04-29-03",
            title="Cents that will not add up",
            started_ns=now_ns - 26 * hour_ns,
            changed_ns=now_ns - 25 * hour_ns,
            phase="wrap-up",
        ),
        pb.RunSummary(
            name="2031-04-22-01",
            title="Cents that will not add up",
            started_ns=now_ns - 200 * hour_ns,
            changed_ns=now_ns - 199 * hour_ns,
            problem="Written by version 0.3, this is 0.1. Open it with the newer version.",
        ),
    )


def main() -> int:
    """Serve until Shutdown or SIGTERM, after one line on stdout; `--open` with an open run."""
    over = threading.Event()
    stub = EngineStub()
    if "--open" in sys.argv:
        stub.open()
    stub.on_shutdown = over.set
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    ready = {
        "address": stub.address,
        "facilitator": FACILITATOR,
        "participant": PARTICIPANT,
        "pid": os.getpid(),
    }
    print(json.dumps(ready), flush=True)
    over.wait()
    stub.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
