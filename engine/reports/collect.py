"""From a run's log and telemetry to the summary that reports are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.drill import events as e
from engine.drill.agenda import Agenda
from engine.drill.events import Recorded
from engine.drill.state import DeployState, DrillState, VerificationState, fold
from engine.packs import records as packs
from engine.packs.levels import USUAL_LEVEL
from engine.reports.summary import (
    Chart,
    ContributingCondition,
    Entry,
    Figures,
    Fix,
    Gap,
    JudgedProbe,
    Judgement,
    Line,
    Loss,
    Mark,
    Phase,
    ProcessUse,
    Style,
    Summary,
    Unit,
)
from engine.telemetry.metrics.series import SeriesStore
from engine.telemetry.records import TelemetryCounters

THREE_AM_S = 3 * 3600
SEVERITIES = {"critical": Mark.CRITICAL, "warning": Mark.WARNING, "info": Mark.INFO}
MAX_POINTS = 2_000
EVIDENCE = 3
"""lines of evidence a probe in a report"""


class Measured(Protocol):
    """The telemetry of a run, live or recorded."""

    series: SeriesStore

    def counters(self) -> TelemetryCounters:
        """What was received, refused and dropped."""
        ...


def collect(
    pack: packs.Pack,
    agenda: Agenda,
    log: Sequence[Recorded],
    telemetry: Measured,
    run_name: str,
    diff_of: dict[str, str],
) -> Summary:
    """The summary of one incident. `diff_of` has the unified diff of each deployed commit."""
    return _Collector(pack, agenda, tuple(log), telemetry, run_name, diff_of).summary()


class _Collector:
    def __init__(
        self,
        pack: packs.Pack,
        agenda: Agenda,
        log: tuple[Recorded, ...],
        telemetry: Measured,
        run_name: str,
        diff_of: dict[str, str],
    ) -> None:
        self._pack = pack
        self._agenda = agenda
        self._log = log
        self._telemetry = telemetry
        self._run_name = run_name
        self._diff_of = diff_of
        self._state: DrillState = fold(agenda, log)
        self._start_ns = self._state.opened_ns
        self._end_ns = log[-1].wall_ns

    def summary(self) -> Summary:
        opened = self._state.opened
        fix, judgement = self._fix(), self._judgement()
        return Summary(
            title=self._pack.title,
            codename=self._pack.codename,
            severity=self._pack.severity,
            story=self._pack.story,
            started=datetime.fromtimestamp(self._start_ns / 1e9).astimezone(),
            run_name=self._run_name,
            seed=opened.seed if opened else 0,
            level=opened.level if opened else USUAL_LEVEL,
            figures=self._figures(),
            clock_zero_s=self._clock_zero_s(),
            phases=tuple(self._phases()),
            entries=tuple(self._entries()),
            charts=tuple(self._charts()),
            conditions=(ContributingCondition(self._pack.answer.component, self._pack.answer.mechanism),),
            fix=fix,
            judgement=judgement,
            processes=tuple(self._processes()),
            losses=tuple(self._losses()),
            gaps=tuple(self._gaps(fix, judgement)),
        )

    def _at(self, wall_ns: int) -> float:
        return (wall_ns - self._start_ns) / 1e9

    def _clock_zero_s(self) -> float:
        """The drill clock's reading at second 0, if it had run from there."""
        three_am_ms = self._state.clock.three_am_ms
        started = next((r for r in self._log if isinstance(r.event, e.PhaseStarted)), None)
        planned_ms = self._agenda.planned_ms(self._agenda.three_am)
        offset_s = (planned_ms if three_am_ms is None else three_am_ms) / 1000
        return THREE_AM_S - offset_s - (self._at(started.wall_ns) if started else 0.0)

    def _clock(self, recorded: Recorded) -> str:
        three_am_ms = self._state.clock.three_am_ms
        offset_ms = self._agenda.planned_ms(self._agenda.three_am) if three_am_ms is None else three_am_ms
        seconds = int(THREE_AM_S + (recorded.drill_ms - offset_ms) / 1000) % 86_400
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"

    def _figures(self) -> Figures:
        scenario = self._state.scenarios.get(self._pack.id)
        triggered = scenario.triggered_wall_ns if scenario else 0
        symptom, measure = self._pack.symptom, self._pack.symptom.condition.series
        p95 = f"client.{self._pack.profile('base').clients}.latency.p95_ms"
        right = next((v for v in self._verifications() if v.finished and _is_right(v.finished)), None)
        deployed = self._deployed()
        fixed_ns = deployed.wall_ns if deployed else 0
        until_fix = self._proposed_ns(deployed.commit) if deployed else self._end_ns
        return Figures(
            symptom_name=symptom.title or symptom.condition.series,
            symptom_unit=Unit(symptom.unit),
            symptom_before=_worst(symptom.condition, self._values(measure, self._start_ns, until_fix)),
            symptom_after=_last(self._values(measure, fixed_ns, self._end_ns)) if fixed_ns else None,
            symptom_at_s=self._at(scenario.symptom_wall_ns)
            if scenario and scenario.symptom_ms is not None
            else None,
            fixed_at_s=self._at(right.finished_ns) if right else None,
            p95_before_ms=_median(self._values(p95, self._start_ns, triggered)) if triggered else None,
            p95_during_ms=_median(self._values(p95, triggered, until_fix)) if triggered else None,
            p95_after_ms=_median(self._values(p95, fixed_ns, self._end_ns)) if fixed_ns else None,
        )

    def _verifications(self) -> list[VerificationState]:
        """The judgements of this scenario's fixes, in the order in which they were asked for."""
        return [v for v in self._state.verifications.values() if v.scenario == self._pack.codename]

    def _deployed(self) -> DeployState | None:
        """The newest deploy that changed a service of this scenario."""
        names = {service.name for service in self._pack.services}
        own = [d for d in self._state.deploys if d.failure is None and names & set(d.services)]
        return own[-1] if own else None

    def _proposed_ns(self, commit: str) -> int:
        proposed = (r for r in self._log if isinstance(r.event, e.FixProposed) and r.event.commit == commit)
        return next((r.wall_ns for r in proposed), self._end_ns)

    def _values(self, name: str, from_ns: int, to_ns: int) -> NDArray[np.float64]:
        values = self._telemetry.series.values(name, from_ns // 10**9, max(from_ns, to_ns) // 10**9 + 1)
        return values[~np.isnan(values)]

    def _phases(self) -> Iterator[Phase]:
        starts = [r for r in self._log if isinstance(r.event, e.PhaseStarted | e.WorkshopEnded)]
        for recorded, following in zip(starts, [*starts[1:], None], strict=True):
            if isinstance(recorded.event, e.PhaseStarted):
                segment = self._agenda.segment(recorded.event.phase)
                end_ns = following.wall_ns if following else self._end_ns
                name = segment.name if segment else recorded.event.phase
                yield Phase(name, self._at(recorded.wall_ns), self._at(end_ns))

    def _entries(self) -> Iterator[Entry]:
        labelled: set[str] = set()
        for recorded in self._log:
            told = _told(recorded.event, self._state) if self._is_own(recorded.event) else None
            if told:
                mark, text, label = told
                if isinstance(recorded.event, e.AlertFired) and recorded.event.alert not in labelled:
                    labelled.add(recorded.event.alert)
                    label = recorded.event.title
                yield Entry(self._at(recorded.wall_ns), self._clock(recorded), mark, text, label)

    def _is_own(self, event: e.Event) -> bool:
        """Whether an event is of this scenario, or of the whole run."""
        names = {service.name for service in self._pack.services}
        match event:
            case e.ScenarioTriggered() | e.ScenarioStopped() | e.SymptomConfirmed():
                return event.pack == self._pack.id
            case e.AlertFired() | e.AlertResolved() | e.AlertAcknowledged():
                return event.alert.startswith(f"{self._pack.codename}.")
            case e.HintReleased() | e.StressStarted() | e.StressFinished():
                return event.scenario == self._pack.codename
            case e.FixDeployed():
                return bool(names & set(event.services))
            case e.VerificationFinished():
                return self._state.verifications[event.verification].scenario == self._pack.codename
            case e.DeployFailed():
                return event.service in names
            case _:
                return True

    def _charts(self) -> Iterator[Chart]:
        end_s = self._end_ns // 10**9 + 1
        for chart in self._pack.charts:
            drawn = [one for one in chart.series if one.style in ("line", "area")]
            if chart.unit not in (Unit.MS, Unit.CENTS) or not drawn:
                continue
            found = self._telemetry.series.read(
                [one.series for one in drawn], self._start_ns // 10**9, end_s, MAX_POINTS
            )
            lines = tuple(
                Line(
                    one.label,
                    one.colour,
                    tuple(float(at) - self._start_ns / 1e9 for at in found[one.series].at_s),
                    tuple(float(value) for value in found[one.series].values),
                    Style.AREA if one.style == "area" else Style.LINE,
                )
                for one in drawn
            )
            yield Chart(chart.title, chart.caption, Unit(chart.unit), lines, chart.slo, chart.slo_label)

    def _fix(self) -> Fix | None:
        deployed = self._deployed()
        if deployed is None:
            return None
        return Fix(deployed.title, deployed.commit, self._diff_of.get(deployed.commit, ""))

    def _judgement(self) -> Judgement | None:
        done = [v.finished for v in self._verifications() if v.finished]
        if not done:
            return None
        last = done[-1]
        probes = tuple(
            JudgedProbe(
                str(probe["name"]),
                str(probe["asks"]),
                {"held": True, "failed": False}.get(str(probe["state"])),
                str(probe["measured"]),
                str(probe["required"]),
                _first(tuple(str(item) for item in probe["evidence"])),
            )
            for probe in last.probes
        )
        verdict = packs.Verdict(last.verdict)
        return Judgement(verdict, probes, last.probe, last.measured, last.required, last.seconds)

    def _processes(self) -> Iterator[ProcessUse]:
        for name in [*(service.name for service in self._pack.services), "postgres"]:
            cpu = self._values(f"process.{name}.cpu_percent", self._start_ns, self._end_ns)
            memory = self._values(f"process.{name}.memory_mb", self._start_ns, self._end_ns)
            restarts = sum(
                isinstance(r.event, e.ServiceRecovered) and r.event.service == name for r in self._log
            )
            yield ProcessUse(name, _highest(cpu), _highest(memory), restarts)

    def _losses(self) -> Iterator[Loss]:
        counters = self._telemetry.counters()
        refused = counters.refused_malformed + counters.refused_too_large + counters.refused_busy
        yield Loss("Exports refused", refused, "Traces, logs and metrics in them are missing.")
        yield Loss("Spans dropped", counters.dropped_spans, "They had no usable id.")
        yield Loss("Log lines dropped", counters.dropped_log_lines, "They are missing from searches.")
        yield Loss("Batches not written", counters.not_written_batches, "The disk did not take them.")

    def _gaps(self, fix: Fix | None, judgement: Judgement | None) -> Iterator[Gap]:
        if fix is None:
            yield Gap("Effect of a fix", "No fix was deployed in this run.")
        if judgement is None:
            yield Gap("Verdict", "No fix was judged in this run.")
        yield Gap("Time to a named root cause", "Hypotheses are not recorded in this version.")
        yield Gap("Assistance accuracy", "No assistant was used.")


def _first(evidence: tuple[str, ...]) -> tuple[str, ...]:
    """What a reader needs to look it up; the run's log has all of it."""
    left = len(evidence) - EVIDENCE
    return (*evidence[:EVIDENCE], f"and {left} more") if left > 0 else evidence


def _is_right(finished: e.VerificationFinished) -> bool:
    return finished.verdict == packs.Verdict.RIGHT


def _worst(condition: packs.Condition, values: NDArray[np.float64]) -> float | None:
    """The highest value, or the lowest where less is worse."""
    return _highest(values) if condition.op.startswith(">") else _lowest(values)


def _lowest(values: NDArray[np.float64]) -> float | None:
    return float(values.min()) if len(values) else None


def _highest(values: NDArray[np.float64]) -> float | None:
    return float(values.max()) if len(values) else None


def _last(values: NDArray[np.float64]) -> float | None:
    return float(values[-1]) if len(values) else None


def _median(values: NDArray[np.float64]) -> float | None:
    return float(np.median(values)) if len(values) else None


def _told(event: e.Event, state: DrillState) -> tuple[Mark, str, str] | None:
    """How the timeline tells an event: mark, sentence, and a short label where it stands beside the charts."""
    match event:
        case e.RunOpened():
            return Mark.IDLE, "The run was opened.", ""
        case e.RunResumed():
            return Mark.IDLE, "The engine was started again and went on with the run.", ""
        case e.ScenarioTriggered():
            return Mark.INFO, "The incident's traffic began.", "Trigger"
        case e.ScenarioStopped():
            return Mark.IDLE, "The incident's traffic was stopped.", ""
        case e.SymptomConfirmed():
            return Mark.CRITICAL, f"The symptom was measured: {event.measured}.", "Symptom"
        case e.ChaosStarted():
            place = f" on {event.target}" if event.target else ""
            return Mark.INFO, f"{event.title}{place} began.", "Herring" if event.herring else "Chaos"
        case e.ChaosEnded():
            title = state.chaos[event.chaos].started.title
            return Mark.IDLE, f"{title} is over: {event.how}.", ""
        case e.StressFinished():
            return Mark.INFO, f"Stress test: {event.measured}.", ""
        case e.AlertFired():
            mark = SEVERITIES.get(event.severity, Mark.WARNING)
            return mark, f"Alert: {event.title}. {event.detail}", ""
        case e.AlertResolved():
            title = next((a.fired.title for a in state.alerts if a.fired.alert == event.alert), event.alert)
            return Mark.OK, f"Alert over: {title}.", ""
        case e.HintReleased():
            return Mark.INFO, f"Hint released ({event.level}, {event.cost} points): {event.text}", ""
        case e.MomentMarked():
            return Mark.INFO, f"Marked: {event.text}", ""
        case e.ServiceFailed():
            return Mark.WARNING, event.problem, ""
        case e.FixProposed():
            return Mark.INFO, f"Fix proposed: {event.title} (+{event.added} −{event.removed}).", ""
        case e.FixDeployed():
            title = (
                state.proposals[event.commit].title if event.commit in state.proposals else event.commit[:8]
            )
            return Mark.INFO, f"Deployed to {', '.join(event.services)}: {title}.", "Fix"
        case e.DeployFailed():
            return (
                Mark.WARNING,
                f"{event.service} did not start with the new version; the old one went on.",
                "",
            )
        case e.VerificationFinished():
            right = event.verdict == packs.Verdict.RIGHT
            by = f", decided by {event.probe}" if event.probe else ""
            return (Mark.OK if right else Mark.WARNING), f"Verdict: {event.verdict}{by}.", "Verdict"
        case _:
            return None
