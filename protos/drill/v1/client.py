"""A typed, blocking client of the engine, used by the console's client thread and by rehearsals.

Every call has a deadline. Refusals arrive as `EngineRefused` with the sentence that the user reads; an engine
that does not answer arrives as `EngineLost`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import grpc

from protos.drill.v1 import drill_pb2 as drill
from protos.drill.v1 import records as r
from protos.drill.v1 import telemetry_pb2 as telemetry
from protos.drill.v1 import workbench_pb2 as workbench
from protos.drill.v1.decoding import decode
from protos.drill.v1.drill_pb2_grpc import DrillStub
from protos.drill.v1.telemetry_pb2_grpc import TelemetryStub
from protos.drill.v1.workbench_pb2_grpc import WorkbenchStub

T = TypeVar("T")
CALL_S = 10.0
SLOW_CALL_S = 60.0
MESSAGE_BYTES = 64 * 1024 * 1024
_LOST = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


class EngineRefused(Exception):
    """The engine said no: `str()` is the sentence for the user, `code` the gRPC status name."""

    def __init__(self, text: str, code: str) -> None:
        super().__init__(text)
        self.code = code


class EngineLost(Exception):
    """The engine did not answer in time or is gone."""


class DrillClient:
    """One connection to an engine at `address` ("127.0.0.1:port"), speaking as the holder of `token`."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        options = [
            ("grpc.max_receive_message_length", MESSAGE_BYTES),
            ("grpc.enable_http_proxy", 0),
            ("grpc.initial_reconnect_backoff_ms", 200),
            ("grpc.max_reconnect_backoff_ms", 1000),
        ]
        self._channel = grpc.insecure_channel(address, options=options)
        self._metadata = (("authorization", f"Bearer {token}"),)
        self._drill = DrillStub(self._channel)
        self._telemetry = TelemetryStub(self._channel)
        self._workbench = WorkbenchStub(self._channel)

    def close(self) -> None:
        """Close the connection; streams that run end with `EngineLost`."""
        self._channel.close()

    # the run

    def hello(self) -> r.HelloReply:
        """Who answers, and which run is open."""
        return self._call(self._drill.Hello, drill.HelloRequest(), r.HelloReply)

    def list_packs(self) -> tuple[r.PackSummary, ...]:
        """The scenarios that can be opened."""
        reply = self._send(self._drill.ListPacks, drill.ListPacksRequest())
        return tuple(decode(r.PackSummary, pack) for pack in reply.packs)

    def add_pack(self, folder: str) -> r.AddedPack:
        """List a scenario from a folder outside the program; none of its programs is loaded."""
        return self._call(self._drill.AddPack, drill.AddPackRequest(folder=folder), r.AddedPack)

    def trust_pack(self, folder: str, fingerprint: str) -> None:
        """Let its programs be run as long as they have this fingerprint."""
        self._send(self._drill.TrustPack, drill.TrustPackRequest(folder=folder, fingerprint=fingerprint))

    def remove_pack(self, folder: str) -> None:
        """List it no longer, and trust it no longer."""
        self._send(self._drill.RemovePack, drill.RemovePackRequest(folder=folder))

    def list_runs(self) -> tuple[r.RunSummary, ...]:
        """Recorded runs, newest first."""
        reply = self._send(self._drill.ListRuns, drill.ListRunsRequest())
        return tuple(decode(r.RunSummary, run) for run in reply.runs)

    def preflight(self) -> Iterator[r.PreflightCheck]:
        """The checks of this machine, each as it is done."""
        return self._stream(self._drill.Preflight, drill.PreflightRequest(), r.PreflightCheck, SLOW_CALL_S)

    def open_run(
        self, packs: Sequence[str] = (), seed: int = 0, level: int = 0, resume: str = "", agenda: str = ""
    ) -> Iterator[r.OpenRunProgress]:
        """Open a new run of `packs` side by side, or `resume` one; yields the steps, the last one with `finished`."""
        request = drill.OpenRunRequest(packs=packs, seed=seed, level=level, resume=resume, agenda=agenda)
        return self._stream(self._drill.OpenRun, request, r.OpenRunProgress, 4 * SLOW_CALL_S)

    def snapshot(self) -> r.Snapshot:
        """The state of the drill as the caller may see it."""
        return self._call(self._drill.GetSnapshot, drill.SnapshotRequest(), r.Snapshot)

    def watch(self, after: int) -> Iterator[r.Update]:
        """Every event after number `after`, with the state it led to; without a deadline."""
        return self._stream(self._drill.Watch, drill.WatchRequest(after=after), r.Update, None)

    # leading

    def start_phase(self, phase: str) -> None:
        """Start the agenda's segment with that id."""
        self._send(self._drill.StartPhase, drill.StartPhaseRequest(phase=phase))

    def end_phase(self) -> None:
        """End the current segment and start the next one."""
        self._send(self._drill.EndPhase, drill.EndPhaseRequest())

    def hold_clock(self) -> None:
        """Stop the drill's clock."""
        self._send(self._drill.HoldClock, drill.HoldClockRequest())

    def release_clock(self) -> None:
        """Let the drill's clock run."""
        self._send(self._drill.ReleaseClock, drill.ReleaseClockRequest())

    def extend_phase(self, minutes: int) -> None:
        """Give the current segment more time."""
        self._send(self._drill.ExtendPhase, drill.ExtendPhaseRequest(minutes=minutes))

    def trigger_scenario(self, pack: str) -> None:
        """Start the incident."""
        self._send(self._drill.TriggerScenario, drill.TriggerScenarioRequest(pack=pack), SLOW_CALL_S)

    def stop_scenario(self, pack: str) -> None:
        """End the incident's traffic."""
        self._send(self._drill.StopScenario, drill.StopScenarioRequest(pack=pack), SLOW_CALL_S)

    def release_hint(self, pack: str, index: int) -> None:
        """Show a hint to the team."""
        self._send(self._drill.ReleaseHint, drill.ReleaseHintRequest(pack=pack, index=index))

    def facilitator_page(self, pack: str) -> r.FacilitatorPage:
        """Answer key, notes and hints."""
        request = drill.FacilitatorPageRequest(pack=pack)
        return self._call(self._drill.GetFacilitatorPage, request, r.FacilitatorPage)

    def start_stress(self, pack: str, seconds: float) -> None:
        """Send a burst of the scenario's stress traffic to the live system."""
        request = drill.StartStressRequest(pack=pack, seconds=seconds)
        self._send(self._drill.StartStress, request, SLOW_CALL_S)

    def chaos_menu(self) -> r.ChaosMenu:
        """Every chaos action, and what it may be done to in this run."""
        return self._call(self._drill.ListChaos, drill.ListChaosRequest(), r.ChaosMenu)

    def start_chaos(
        self, action: str, target: str, intensity: Mapping[str, float], lasts_s: float = 0.0
    ) -> str:
        """Start a chaos action; what `intensity` leaves out is as usual. Returns its id."""
        numbers = [drill.ChaosNumber(name=name, value=value) for name, value in intensity.items()]
        request = drill.StartChaosRequest(action=action, target=target, intensity=numbers, lasts_s=lasts_s)
        return str(self._send(self._drill.StartChaos, request, SLOW_CALL_S).id)

    def start_herring(self, pack: str, herring: str) -> str:
        """Start a red herring of a scenario. Returns the id of its chaos action."""
        request = drill.StartChaosRequest(pack=pack, herring=herring)
        return str(self._send(self._drill.StartChaos, request, SLOW_CALL_S).id)

    def stop_chaos(self, chaos_id: str) -> None:
        """Undo a chaos action; returns when it was read back as off."""
        self._send(self._drill.StopChaos, drill.StopChaosRequest(id=chaos_id), SLOW_CALL_S)

    def write_report(self, folder: str) -> r.WriteReportReply:
        """Write the run's report into `folder`."""
        request = drill.WriteReportRequest(folder=folder)
        return self._call(self._drill.WriteReport, request, r.WriteReportReply, SLOW_CALL_S)

    def shutdown(self) -> None:
        """Close the run and end the engine."""
        self._send(self._drill.Shutdown, drill.ShutdownRequest(), SLOW_CALL_S)

    # acting

    def acknowledge_alert(self, alert_id: str) -> None:
        """Say that somebody looks after this alert."""
        self._send(self._drill.AcknowledgeAlert, drill.AcknowledgeAlertRequest(id=alert_id))

    def mark_moment(self, text: str, wall_ns: int) -> None:
        """Mark a moment on the charts."""
        self._send(self._drill.MarkMoment, drill.MarkMomentRequest(text=text, wall_ns=wall_ns))

    def save_alert_rule(self, rule: r.AlertRule) -> str:
        """Make an alert rule, or change the one with that id; returns its id."""
        return str(self._send(self._drill.SaveAlertRule, _rule(rule)).id)

    def remove_alert_rule(self, rule_id: str) -> None:
        """Remove an alert rule; an alert of it that fires is over."""
        self._send(self._drill.RemoveAlertRule, drill.RemoveAlertRuleRequest(id=rule_id))

    def try_alert_rule(self, rule: r.AlertRule, from_ns: int = 0) -> r.AlertRuleTrial:
        """When a rule would have fired since then; it is not saved."""
        request = drill.TryAlertRuleRequest(rule=_rule(rule), from_ns=from_ns)
        return self._call(self._drill.TryAlertRule, request, r.AlertRuleTrial)

    def export_monitoring(self, kind: str) -> r.ExportedText:
        """`prometheus-rules` or `grafana-dashboard` of the run, as a file for that tool."""
        request = drill.ExportMonitoringRequest(kind=kind)
        return self._call(self._drill.ExportMonitoring, request, r.ExportedText)

    # investigating

    def read_series(
        self, names: tuple[str, ...], from_ns: int, to_ns: int = 0, max_points: int = 0
    ) -> r.SeriesSet:
        """Series over a range, at most `max_points` (2,000) each, extremes kept."""
        request = telemetry.ReadSeriesRequest(
            names=names, from_ns=from_ns, to_ns=to_ns, max_points=max_points
        )
        return self._call(self._telemetry.ReadSeries, request, r.SeriesSet)

    def watch_series(self, names: tuple[str, ...], from_ns: int) -> Iterator[r.SeriesSet]:
        """New points as they come; without a deadline."""
        request = telemetry.WatchSeriesRequest(names=names, from_ns=from_ns)
        return self._stream(self._telemetry.WatchSeries, request, r.SeriesSet, None)

    def list_metrics(self) -> tuple[r.Metric, ...]:
        """Every metric that has values, by name."""
        reply = self._send(self._telemetry.ListMetrics, telemetry.ListMetricsRequest())
        return tuple(decode(r.Metric, metric) for metric in reply.metrics)

    def exemplars(self, series: Sequence[str], from_ns: int, to_ns: int = 0) -> tuple[r.Exemplar, ...]:
        """Measurements of histograms that name their traces, the largest of each second; `series` without parts."""
        request = telemetry.ReadExemplarsRequest(series=series, from_ns=from_ns, to_ns=to_ns)
        reply = self._send(self._telemetry.ReadExemplars, request)
        return tuple(decode(r.Exemplar, one) for one in reply.exemplars)

    def endpoints(self) -> r.Endpoints:
        """Where exporters send to, and where Prometheus scrapes."""
        return self._call(self._telemetry.GetEndpoints, telemetry.EndpointsRequest(), r.Endpoints)

    def list_traces(self, query: str, from_ns: int, to_ns: int = 0, limit: int = 1000) -> r.TraceList:
        """Traces that match, newest first; `problem` says where the query is malformed."""
        request = telemetry.ListTracesRequest(query=query, from_ns=from_ns, to_ns=to_ns, limit=limit)
        return self._call(self._telemetry.ListTraces, request, r.TraceList)

    def trace(self, trace_id: str) -> r.Trace:
        """A whole trace with its log lines."""
        return self._call(self._telemetry.GetTrace, telemetry.GetTraceRequest(trace_id=trace_id), r.Trace)

    def spans(self, trace_id: str, span_ids: Sequence[str]) -> tuple[r.Span, ...]:
        """All that is known of some spans of a trace, in the order asked for; those not kept are left out."""
        request = telemetry.ReadSpansRequest(trace_id=trace_id, span_ids=span_ids)
        reply = self._send(self._telemetry.ReadSpans, request)
        return tuple(decode(r.Span, span) for span in reply.spans)

    def export_trace(self, trace_id: str) -> r.TraceExport:
        """A trace as OTLP JSON, as other tools read it."""
        request = telemetry.ExportTraceRequest(trace_id=trace_id)
        return self._call(self._telemetry.ExportTrace, request, r.TraceExport, SLOW_CALL_S)

    def list_logs(
        self,
        query: str,
        from_ns: int,
        to_ns: int = 0,
        limit: int = 500,
        after_id: int = 0,
        before_id: int = 0,
        histogram_bins: int = 0,
    ) -> r.LogPage:
        """Log lines that match, newest first."""
        request = telemetry.ListLogsRequest(
            query=query,
            from_ns=from_ns,
            to_ns=to_ns,
            limit=limit,
            after_id=after_id,
            before_id=before_id,
            histogram_bins=histogram_bins,
        )
        return self._call(self._telemetry.ListLogs, request, r.LogPage)

    def service_map(self, window_s: float) -> r.ServiceMap:
        """The service graph as measured over the last `window_s` seconds."""
        request = telemetry.ServiceMapRequest(window_s=window_s)
        return self._call(self._telemetry.GetServiceMap, request, r.ServiceMap)

    def counters(self) -> r.Counters:
        """What the telemetry path received, dropped and refused."""
        return self._call(self._telemetry.GetCounters, telemetry.CountersRequest(), r.Counters)

    # fixing

    def list_files(self) -> r.FileList:
        """The workspace's files and documents."""
        return self._call(self._workbench.ListFiles, workbench.ListFilesRequest(), r.FileList)

    def read_file(self, path: str, deployed: bool = False) -> r.FileText:
        """A file as it is in the workspace, or as it is deployed."""
        request = workbench.ReadFileRequest(path=path, deployed=deployed)
        return self._call(self._workbench.ReadFile, request, r.FileText)

    def write_file(self, path: str, text: str, version: str = "") -> r.FileList:
        """Save a file; refused when it is not editable or has another `version` by now."""
        request = workbench.WriteFileRequest(path=path, text=text, version=version)
        return self._call(self._workbench.WriteFile, request, r.FileList)

    def revert_file(self, path: str = "") -> r.FileList:
        """Back to what is deployed, for one file or all."""
        return self._call(self._workbench.RevertFile, workbench.RevertFileRequest(path=path), r.FileList)

    def diff(self) -> r.Diff:
        """The workspace against what is deployed."""
        return self._call(self._workbench.GetDiff, workbench.DiffRequest(), r.Diff)

    def propose(self, title: str) -> r.Proposal:
        """Record the workspace as a proposal."""
        return self._call(self._workbench.Propose, workbench.ProposeRequest(title=title), r.Proposal)

    def deploy(self, commit: str) -> r.DeployReply:
        """Run a proposal; the old version keeps running where the new one does not start."""
        request = workbench.DeployRequest(commit=commit)
        return self._call(self._workbench.Deploy, request, r.DeployReply, 2 * SLOW_CALL_S)

    def verify(self, commit: str, scenario: str = "") -> tuple[str, ...]:
        """Have a proposal judged as the fix of a scenario (its codename), or of each that it touches; returns the
        verifications' ids, progress comes with the snapshot."""
        request = workbench.VerifyRequest(commit=commit, scenario=scenario)
        return self._call(self._workbench.Verify, request, r.VerifyReply).ids

    def cancel_verification(self, verification_id: str) -> None:
        """Stop judging."""
        request = workbench.CancelVerificationRequest(id=verification_id)
        self._send(self._workbench.CancelVerification, request)

    def stacks(self, service: str) -> r.Stacks:
        """Every thread of a service and what it waits for, also when every worker is stuck."""
        return self._call(self._workbench.GetStacks, workbench.StacksRequest(service=service), r.Stacks)

    def _call(self, method: Callable[..., Any], request: Any, kind: type[T], seconds: float = CALL_S) -> T:
        return decode(kind, self._send(method, request, seconds))

    def _send(self, method: Callable[..., Any], request: Any, seconds: float = CALL_S) -> Any:
        with _plain_errors():
            return method(request, timeout=seconds, metadata=self._metadata)

    def _stream(
        self, method: Callable[..., Any], request: Any, kind: type[T], seconds: float | None
    ) -> Iterator[T]:
        with _plain_errors():
            answers = method(request, timeout=seconds, metadata=self._metadata)
            try:
                for message in answers:
                    yield decode(kind, message)
            finally:
                answers.cancel()


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except grpc.RpcError as error:
        code, details = error.code(), error.details() or ""
        if code in _LOST:
            raise EngineLost(details or code.name) from error
        raise EngineRefused(details or code.name, code.name) from error
    except ValueError as error:
        if "closed channel" not in str(error):
            raise
        raise EngineLost("the connection was closed") from error


def _rule(rule: r.AlertRule) -> drill.AlertRule:
    return drill.AlertRule(
        id=rule.id,
        title=rule.title,
        series=rule.series,
        op=rule.op,
        value=rule.value,
        for_s=rule.for_s,
        severity=rule.severity,
    )
