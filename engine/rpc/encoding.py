"""From the engine's records to the contract's messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from engine.drill.agenda import MINUTE_MS, Agenda
from engine.drill.audience import Audience
from engine.drill.events import AlertRuleSaved, Recorded, to_fields
from engine.drill.state import AlertState, ChaosState, DeployState, DrillClock, DrillState
from engine.lab.records import ServiceStatus
from engine.packs.chaos import ChaosAction, intensity_words
from engine.packs.errors import PackErrors
from engine.packs.find import Listed
from engine.packs.records import Chart, Pack
from engine.runner.judging import Progress
from engine.runner.run import Run
from engine.verification.records import ProbeResult
from protos.drill.v1 import drill_pb2 as pb


def event(number: int, recorded: Recorded) -> pb.Event:
    """An event under the number that its audience knows it by."""
    return pb.Event(
        number=number,
        wall_ns=recorded.wall_ns,
        drill_ms=recorded.drill_ms,
        actor=recorded.actor,
        role=recorded.role,
        kind=recorded.kind,
        fields_json=json.dumps(to_fields(recorded.event), ensure_ascii=False),
    )


def pack_summary(listed: Listed) -> pb.PackSummary:
    """A scenario in the list; a malformed one with its errors."""
    pack, origin, trusted = listed.pack, listed.origin, listed.is_trusted
    if isinstance(pack, PackErrors):
        return pb.PackSummary(
            id=listed.id, title=listed.id, problem=str(pack), origin=origin, trusted=trusted
        )
    return pb.PackSummary(
        id=pack.id,
        codename=pack.codename,
        title=pack.title,
        story=pack.story,
        severity=pack.severity,
        services=len(pack.services),
        levels=[pb.Level(number=level.number, text=level.text) for level in pack.levels],
        origin=origin,
        trusted=trusted,
    )


def snapshot(run: Run, audience: Audience) -> pb.Snapshot:
    """The drill as that audience may see it, folded from the events that it may see."""
    number, state = run.recorder.view(audience)
    leads = audience is Audience.FACILITATOR
    packs, agenda = run.packs, run.agenda
    return pb.Snapshot(
        number=number,
        run=run.name,
        codename=" ".join(pack.codename for pack in packs),
        title=" · ".join(pack.title for pack in packs),
        story="\n\n".join(pack.story for pack in packs),
        severity=min(pack.severity for pack in packs),
        clock=clock(agenda, state.clock, run.clock.wall_ns()),
        agenda=segments(agenda, state.clock, notes=leads),
        scenarios=[scenario(pack, state) for pack in packs] if leads else [],
        alerts=[alert(item) for item in state.alerts],
        services=services(packs, state, run.world.statuses(), run.workspace.deployed),
        deploys=[deploy(item) for item in state.deploys],
        alert_rules=[alert_rule(rule) for rule in state.rules.values()],
        marks=[pb.Mark(text=text, actor=actor, wall_ns=at) for text, actor, at in state.marks],
        hints=[hint for pack in packs for hint in hints(pack, state, unreleased=leads)],
        verifications=verifications(state, run.judging.progress),
        charts=[chart(pack, item) for pack in packs for item in pack.charts],
        entry=packs[0].entry,
        started_ns=run.recorder.state.opened_ns,
        level=packs[0].level if leads else 0,
        chaos=[chaos(name, item) for name, item in state.chaos.items()],
        stress=[
            pb.Stress(
                scenario=item.scenario,
                started_ns=item.started_ns,
                seconds=item.seconds,
                measured=item.measured,
            )
            for item in state.stress
        ],
    )


def chaos_action(action: ChaosAction, targets: Iterable[str]) -> pb.ChaosAction:
    """A line of the chaos menu."""
    return pb.ChaosAction(
        name=action.name,
        title=action.title,
        text=action.text,
        target_kind=action.target,
        targets=targets,
        intensity=[
            pb.ChaosIntensity(
                name=number.name,
                unit=number.unit,
                usual=number.default,
                least=number.least,
                most=number.most,
                text=number.text,
            )
            for number in action.intensity
        ],
        longest_s=action.longest_s,
    )


def chaos(name: str, item: ChaosState) -> pb.Chaos:
    """A chaos action, on or over."""
    started, seen = item.started, item.observed
    return pb.Chaos(
        id=name,
        action=started.action,
        title=started.title,
        target=started.target,
        intensity=intensity_words(started.action, started.intensity),
        started_ns=item.started_ns,
        ends_ns=started.ends_ns,
        ended_ns=item.ended_ns or 0,
        effect=seen.effect if seen else "",
        visible=seen.visible if seen else False,
        end=item.how,
        herring=started.herring,
    )


def clock(agenda: Agenda, at: DrillClock, wall_ns: int) -> pb.Clock:
    """The clock as of now, so that a reader needs no other event to let it run on."""
    segment = agenda.segment(at.phase)
    planned_ms = segment.minutes * MINUTE_MS if segment else 0
    three_am_ms = at.three_am_ms if at.three_am_ms is not None else agenda.planned_ms(agenda.three_am)
    return pb.Clock(
        held=at.held or not at.running,
        drill_ms=at.drill_ms(wall_ns),
        wall_ns=wall_ns,
        phase="" if at.ended else at.phase,
        phase_started_drill_ms=at.phase_started_ms,
        phase_minutes_ms=planned_ms + at.phase_extra_ms,
        three_am_drill_ms=three_am_ms,
    )


def segments(agenda: Agenda, at: DrillClock, notes: bool) -> Iterable[pb.Segment]:
    """The agenda with what is past, now and future; the facilitator's notes only with `notes`."""
    ids = [segment.id for segment in agenda.segments]
    now = len(ids) if at.ended else ids.index(at.phase) if at.phase in ids else -1
    for position, segment in enumerate(agenda.segments):
        current = position == now
        extra_ms = at.phase_extra_ms if current else 0
        yield pb.Segment(
            id=segment.id,
            name=segment.name,
            activities=segment.activities if notes else "",
            notes=segment.notes if notes else "",
            minutes_ms=segment.minutes * MINUTE_MS + extra_ms,
            state="now" if current else "past" if position < now else "future",
            is_break=segment.is_break,
        )


def scenario(pack: Pack, state: DrillState) -> pb.Scenario:
    """The incident as the facilitator knows it."""
    known = state.scenarios.get(pack.id)
    word = "ready" if known is None else "running" if known.running else "stopped"
    return pb.Scenario(
        pack=pack.id,
        codename=pack.codename,
        title=pack.title,
        state=word,
        triggered_drill_ms=(known.triggered_ms or 0) if known else 0,
        symptom_drill_ms=(known.symptom_ms or 0) if known else 0,
        symptom=known.measured if known and known.measured else pack.symptom.text,
        herrings=[
            pb.Herring(id=one.id, title=one.title, text=one.text, chaos=_running(pack, one.id, state))
            for one in pack.herrings
        ],
    )


def _running(pack: Pack, herring: str, state: DrillState) -> str:
    """The chaos action that a red herring is, while it is on."""
    for name, item in state.chaos.items():
        if item.ended_ns is None and (item.started.pack, item.started.herring) == (pack.id, herring):
            return name
    return ""


def alert(item: AlertState) -> pb.Alert:
    """An alert, open or past."""
    return pb.Alert(
        id=item.fired.alert,
        title=item.fired.title,
        detail=item.fired.detail,
        severity=item.fired.severity,
        service=item.fired.service,
        fired_ns=item.fired_ns,
        resolved_ns=item.resolved_ns or 0,
        acknowledged_by=item.acknowledged_by,
    )


def alert_rule(rule: AlertRuleSaved) -> pb.AlertRule:
    """An alert rule that somebody made."""
    return pb.AlertRule(
        id=rule.rule,
        title=rule.title,
        series=rule.series,
        op=rule.op,
        value=rule.value,
        for_s=rule.for_s,
        severity=rule.severity,
    )


def services(
    packs: Iterable[Pack], state: DrillState, statuses: Iterable[ServiceStatus], deployed: str
) -> Iterable[pb.Service]:
    """Every service of the packs and what it is doing."""
    now = {status.name: status for status in statuses}
    for spec in (spec for pack in packs for spec in pack.services):
        status = now.get(spec.name)
        yield pb.Service(
            name=spec.name,
            role=spec.role,
            state=status.state if status else "stopped",
            commit=deployed,
            problem=state.failed_services.get(spec.name, ""),
            editable=spec.editable,
            restarts=status.restarts if status else 0,
        )


def deploy(item: DeployState) -> pb.Deploy:
    """A deploy, with the traceback where it failed."""
    failure = item.failure
    return pb.Deploy(
        commit=item.commit,
        title=item.title,
        services=item.services,
        wall_ns=item.wall_ns,
        state="failed" if failure else "running",
        problem=f"{failure.reason}\n{failure.traceback}" if failure else "",
        file=failure.file if failure else "",
        line=failure.line if failure else 0,
    )


def hints(pack: Pack, state: DrillState, unreleased: bool) -> Iterable[pb.Hint]:
    """Released hints, and with `unreleased` the others too."""
    released = {hint.index for hint in state.hints if hint.scenario == pack.codename}
    for index, hint in enumerate(pack.hints):
        if unreleased or index in released:
            yield pb.Hint(
                level=hint.level, text=hint.text, cost=hint.cost, released=index in released, index=index
            )


def verifications(state: DrillState, progress: Mapping[str, Progress]) -> Iterable[pb.Verification]:
    """Every judgement in the order in which it was asked for; the running one with its progress."""
    for item in state.verifications.values():
        proposal = state.proposals.get(item.commit)
        message = pb.Verification(
            id=item.id,
            commit=item.commit,
            title=proposal.title if proposal else item.commit[:8],
            wall_ns=item.requested_ns,
            scenario=item.scenario,
        )
        done = item.finished
        if done is not None:
            message.state, message.verdict, message.probe = "finished", done.verdict, done.probe
            message.measured, message.required, message.seconds = done.measured, done.required, done.seconds
            message.probes.extend(_probe_from_fields(fields) for fields in done.probes)
        elif item.cancelled:
            message.state = "cancelled"
        elif item.id in progress:
            now = progress[item.id]
            message.state, message.step = now.state, now.step
            message.seconds, message.seconds_left = now.seconds, now.seconds_left
            message.probes.extend(probe(result) for result in now.probes)
        else:
            message.state = "queued"
        yield message


def probe(result: ProbeResult) -> pb.Probe:
    """A probe of a judgement under way."""
    return pb.Probe(
        name=result.name,
        asks=result.asks,
        duty=result.duty,
        state=result.state,
        measured=result.measured,
        required=result.required,
        seconds=result.seconds,
        evidence=result.evidence,
    )


def _probe_from_fields(fields: Mapping[str, object]) -> pb.Probe:
    known = {name: value for name, value in fields.items() if name in pb.Probe.DESCRIPTOR.fields_by_name}
    return pb.Probe(**known)  # type: ignore[arg-type]


def chart(pack: Pack, item: Chart) -> pb.Chart:
    """A chart of the Signals stack."""
    return pb.Chart(
        id=f"{pack.codename}.{item.id}",
        title=item.title,
        caption=item.caption,
        unit=item.unit,
        series=[
            pb.ChartSeries(series=line.series, label=line.label, style=line.style, colour=line.colour)
            for line in item.series
        ],
        slo=item.slo,
        slo_label=item.slo_label,
    )
