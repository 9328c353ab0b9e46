"""The contract's `Drill` service: a thin layer over the engine and its open run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from engine.drill import acts
from engine.drill import events as e
from engine.drill.errors import DrillError, Refusal
from engine.packs.records import Pack
from engine.reports.monitoring import grafana_dashboard, prometheus_rules
from engine.rpc import encoding
from engine.rpc.gate import caller, who
from engine.runner.chaos_desk import ChaosWanted
from engine.runner.engine import Engine, RunWanted
from engine.runner.preflight import checks
from engine.runner.rules import exported
from engine.runner.run import Run
from engine.version import VERSION
from protos.drill.v1 import drill_pb2 as pb
from protos.drill.v1.drill_pb2_grpc import DrillServicer

UPDATE_EVERY_S = 0.1
NS = 1_000_000_000


class DrillService(DrillServicer):
    """Answers for one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def _run(self) -> Run:
        return self._engine.run

    async def Hello(self, request: pb.HelloRequest, context: Any) -> pb.HelloReply:
        engine = self._engine
        return pb.HelloReply(
            version=VERSION,
            role=caller.get(),
            run=engine.run_name,
            state=engine.state,
            process_id=engine.process_id,
        )

    async def ListPacks(self, request: pb.ListPacksRequest, context: Any) -> pb.ListPacksReply:
        packs = await asyncio.to_thread(self._engine.packs)
        return pb.ListPacksReply(packs=[encoding.pack_summary(listed) for listed in packs])

    async def AddPack(self, request: pb.AddPackRequest, context: Any) -> pb.AddedPack:
        listed, files = await asyncio.to_thread(self._engine.add_pack, request.folder)
        summary = encoding.pack_summary(listed)
        return pb.AddedPack(pack=summary, files=files.number, fingerprint=files.fingerprint)

    async def TrustPack(self, request: pb.TrustPackRequest, context: Any) -> pb.Done:
        await asyncio.to_thread(self._engine.trust_pack, request.folder, request.fingerprint)
        return pb.Done()

    async def RemovePack(self, request: pb.RemovePackRequest, context: Any) -> pb.Done:
        await asyncio.to_thread(self._engine.remove_pack, request.folder)
        return pb.Done()

    async def ListRuns(self, request: pb.ListRunsRequest, context: Any) -> pb.ListRunsReply:
        entries = await asyncio.to_thread(self._engine.folders.list)
        packs = await asyncio.to_thread(self._engine.packs)
        titles = {one.pack.word: one.pack.title for one in packs if isinstance(one.pack, Pack)}
        return pb.ListRunsReply(
            runs=[
                pb.RunSummary(
                    name=entry.name,
                    title=" · ".join(titles.get(pack, pack) for pack in entry.packs),
                    started_ns=entry.started_ns,
                    changed_ns=entry.changed_ns,
                    phase=entry.phase,
                    problem=entry.problem,
                )
                for entry in entries
            ]
        )

    async def Preflight(self, request: pb.PreflightRequest, context: Any) -> AsyncIterator[pb.PreflightCheck]:
        for check in checks(self._engine.folders.folder):
            found = await asyncio.to_thread(check)
            yield pb.PreflightCheck(
                name=found.name, status=found.status, detail=found.detail, remedy=found.remedy
            )

    async def OpenRun(self, request: pb.OpenRunRequest, context: Any) -> AsyncIterator[pb.OpenRunProgress]:
        wanted = RunWanted(tuple(request.packs), request.seed, request.level, request.agenda, request.resume)
        async for step in self._engine.open_run(wanted):
            yield pb.OpenRunProgress(step=step.step, detail=step.detail, finished=step.finished, run=step.run)

    async def GetSnapshot(self, request: pb.SnapshotRequest, context: Any) -> pb.Snapshot:
        return encoding.snapshot(self._run, caller.get())

    async def Watch(self, request: pb.WatchRequest, context: Any) -> AsyncIterator[pb.Update]:
        run, audience, after = self._run, caller.get(), request.after
        newest, _ = run.recorder.view(audience)
        if after > newest:
            raise DrillError(f"There is no event {after} yet; the newest is {newest}.", Refusal.INVALID)
        async for _ in run.recorder.changes(UPDATE_EVERY_S):
            events = run.recorder.log(audience, after)
            numbered = [encoding.event(after + 1 + i, recorded) for i, recorded in enumerate(events)]
            after += len(events)
            yield pb.Update(events=numbered, snapshot=encoding.snapshot(run, audience))

    async def StartPhase(self, request: pb.StartPhaseRequest, context: Any) -> pb.Done:
        return await self._act(lambda state: acts.start_phase(self._run.agenda, state, request.phase))

    async def EndPhase(self, request: pb.EndPhaseRequest, context: Any) -> pb.Done:
        return await self._act(lambda state: acts.end_phase(self._run.agenda, state))

    async def HoldClock(self, request: pb.HoldClockRequest, context: Any) -> pb.Done:
        return await self._act(acts.hold_clock)

    async def ReleaseClock(self, request: pb.ReleaseClockRequest, context: Any) -> pb.Done:
        return await self._act(acts.release_clock)

    async def ExtendPhase(self, request: pb.ExtendPhaseRequest, context: Any) -> pb.Done:
        return await self._act(lambda state: acts.extend_phase(state, request.minutes))

    async def TriggerScenario(self, request: pb.TriggerScenarioRequest, context: Any) -> pb.Done:
        await self._run.trigger(request.pack, *who())
        return pb.Done()

    async def StopScenario(self, request: pb.StopScenarioRequest, context: Any) -> pb.Done:
        await self._run.stop_scenario(request.pack, *who())
        return pb.Done()

    async def ReleaseHint(self, request: pb.ReleaseHintRequest, context: Any) -> pb.Done:
        await self._run.release_hint(request.pack, request.index, *who())
        return pb.Done()

    async def GetFacilitatorPage(
        self, request: pb.FacilitatorPageRequest, context: Any
    ) -> pb.FacilitatorPage:
        run = self._run
        pack = run.pack(request.pack)
        answer, notes = pack.answer, pack.folder / "facilitator.md"
        return pb.FacilitatorPage(
            component=answer.component,
            mechanism=answer.mechanism,
            evidence=answer.evidence,
            notes=notes.read_text(encoding="utf-8") if notes.is_file() else "",
            hints=encoding.hints(pack, run.recorder.state, unreleased=True),
        )

    async def StartStress(self, request: pb.StartStressRequest, context: Any) -> pb.Done:
        run = self._run
        await run.stress.ask(run.pack(request.pack), request.seconds, *who())
        return pb.Done()

    async def ListChaos(self, request: pb.ListChaosRequest, context: Any) -> pb.ChaosMenu:
        return pb.ChaosMenu(
            actions=[encoding.chaos_action(action, targets) for action, targets in self._run.chaos.menu()]
        )

    async def StartChaos(self, request: pb.StartChaosRequest, context: Any) -> pb.StartChaosReply:
        desk = self._run.chaos
        if request.herring:
            return pb.StartChaosReply(id=await desk.start_herring(request.pack, request.herring, *who()))
        intensity = {number.name: number.value for number in request.intensity}
        wanted = ChaosWanted(request.action, request.target, intensity, request.lasts_s or None)
        return pb.StartChaosReply(id=await desk.start(wanted, *who()))

    async def StopChaos(self, request: pb.StopChaosRequest, context: Any) -> pb.Done:
        await self._run.chaos.stop(request.id, *who())
        return pb.Done()

    async def WriteReport(self, request: pb.WriteReportRequest, context: Any) -> pb.WriteReportReply:
        run = self._run
        folder = Path(request.folder).expanduser() if request.folder else run.folder / "report"
        files = await self._engine.write_report(folder, *who())
        return pb.WriteReportReply(files=[str(file) for file in files])

    async def Shutdown(self, request: pb.ShutdownRequest, context: Any) -> pb.Done:
        self._engine.ask_to_stop()
        return pb.Done()

    async def AcknowledgeAlert(self, request: pb.AcknowledgeAlertRequest, context: Any) -> pb.Done:
        return await self._act(lambda state: acts.acknowledge(state, request.id))

    async def MarkMoment(self, request: pb.MarkMomentRequest, context: Any) -> pb.Done:
        at_ns = request.wall_ns or self._run.clock.wall_ns()
        return await self._act(lambda _: acts.mark(request.text, at_ns))

    async def SaveAlertRule(self, request: pb.AlertRule, context: Any) -> pb.SavedAlertRule:
        return pb.SavedAlertRule(id=await self._run.rules.save(_rule(request), *who()))

    async def RemoveAlertRule(self, request: pb.RemoveAlertRuleRequest, context: Any) -> pb.Done:
        await self._run.rules.remove(request.id, *who())
        return pb.Done()

    async def TryAlertRule(self, request: pb.TryAlertRuleRequest, context: Any) -> pb.AlertRuleTrial:
        from_s = max(request.from_ns, self._run.recorder.state.opened_ns) // NS
        found = self._run.rules.tried(_rule(request.rule), from_s)
        firings = [pb.Firing(from_ns=one.from_s * NS, to_ns=(one.to_s or 0) * NS) for one in found]
        return pb.AlertRuleTrial(firings=firings)

    async def ExportMonitoring(self, request: pb.ExportMonitoringRequest, context: Any) -> pb.ExportedText:
        run = self._run
        if request.kind == "prometheus-rules":
            text = prometheus_rules(exported(run.packs, run.recorder.state))
            return pb.ExportedText(name="3am-drill.rules.yml", text=text)
        if request.kind == "grafana-dashboard":
            charts = [chart for pack in run.packs for chart in pack.charts]
            title = " · ".join(pack.title for pack in run.packs)
            return pb.ExportedText(name="3am-drill.dashboard.json", text=grafana_dashboard(title, charts))
        raise DrillError(f"There is prometheus-rules and grafana-dashboard, not “{request.kind}”.")

    async def _act(self, decide: Any) -> pb.Done:
        await self._run.recorder.act(decide, *who())
        return pb.Done()


def _rule(rule: pb.AlertRule) -> e.AlertRuleSaved:
    return e.AlertRuleSaved(rule.id, rule.title, rule.series, rule.op, rule.value, rule.for_s, rule.severity)
