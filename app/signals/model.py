"""What Signals shows, computed from the snapshot and the events: no widgets here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from app.scenario_titles import scenario_titles
from app.theme import Status, Token
from app.time_axis import Span, format_ago, format_clock, format_clock_seconds
from app.widgets.charts import (
    ChartEvent,
    ChartSpec,
    EventKind,
    HeatRowSpec,
    HeatSpec,
    SeriesKind,
    SeriesSpec,
    Threshold,
    Unit,
)
from protos.drill.v1.records import Alert, Chart, ChartSeries, Event, Mark, Segment, Snapshot

NS = 1_000_000_000
YOUNG_RUN_S = 600.0
SHORTEST_RUN_S = 60.0
ERRORS_MAGNIFIED = 4.0
WAVE_S = 180
_SHARES = {Unit.MILLISECONDS: 130, Unit.PER_SECOND: 105, Unit.CENTS: 95}
_LEAST_TOPS = {Unit.MILLISECONDS: 100.0, Unit.PERCENT: 100.0, Unit.CENTS: 10.0, Unit.PER_SECOND: 5.0}
_KINDS = {
    "area": SeriesKind.AREA,
    "bars": SeriesKind.BARS,
    "errors": SeriesKind.BELOW,
}


class Range(IntEnum):
    """How much time is shown; the number is the option's place."""

    SHORT = 0
    LONG = 1
    RUN = 2


RANGES = ("5 m", "20 m", "Run")
_LENGTHS_S = {Range.SHORT: 300.0, Range.LONG: 1200.0}


def range_length_s(chosen: Range, started_s: float, now_s: float) -> float:
    """How many seconds a range shows at `now_s` of a run that began at `started_s`."""
    return _LENGTHS_S.get(chosen, max(now_s - started_s, SHORTEST_RUN_S))


def first_range(started_s: float, now_s: float) -> Range:
    """What to show first: a young run would be a thin strip in 20 minutes."""
    return Range.SHORT if now_s - started_s < YOUNG_RUN_S else Range.LONG


def range_text(span: Span, offset_s: float) -> str:
    """A stretch of time on the drill's clock; with seconds if it is short."""
    write = format_clock_seconds if span.length_s < 300 else format_clock
    return f"{write(span.start_s, offset_s)} – {write(span.end_s, offset_s)}"


# charts


def chart_specs(charts: Sequence[Chart], services: Iterable[str]) -> tuple[ChartSpec | HeatSpec, ...]:
    """The charts of the run. `services` are the names whose words stay as they are."""
    names = frozenset(services)
    return tuple(_heat(chart) if _is_heat(chart) else _chart(chart, names) for chart in charts)


@dataclass(frozen=True, slots=True)
class ChartGroup:
    """The charts of one scenario: how many, and the worst alert that fires there now."""

    codename: str
    title: str
    charts: int
    status: Status | None
    alerts: int


def chart_groups(snapshot: Snapshot) -> tuple[ChartGroup, ...]:
    """The groups of the charts; none where one scenario has them all."""
    codenames = [group_of(chart.id) for chart in snapshot.charts]
    if len(set(codenames)) < 2:
        return ()
    titles = scenario_titles(snapshot)
    return tuple(
        ChartGroup(
            codename=codename,
            title=titles.get(codename, codename),
            charts=codenames.count(codename),
            status=_worst(open_of(snapshot.alerts, codename)),
            alerts=len(open_of(snapshot.alerts, codename)),
        )
        for codename in dict.fromkeys(codenames)
    )


def hidden_services(snapshot: Snapshot, hidden: Collection[str]) -> frozenset[str]:
    """The services that only charts of hidden groups tell of."""
    names = {service.name for service in snapshot.services}
    told: dict[bool, set[str]] = {True: set(), False: set()}
    for chart in snapshot.charts:
        lines = {word for series in chart.series for word in (series.label, series.colour)}
        told[group_of(chart.id) in hidden] |= names & lines
    return frozenset(told[True] - told[False])


def service_of(series: str, snapshot: Snapshot) -> str:
    """The service that a series measures, or whose calls it measures; empty for those of clients and of the host."""
    _, _, rest = series.partition(".")
    names = (service.name for service in snapshot.services)
    return next((name for name in names if rest.startswith((f"{name}.", f"{name}-to-"))), "")


def group_of(name: str) -> str:
    """The codename of the scenario that a chart or an alert belongs to: its id begins with it. Empty without one."""
    codename, dot, _ = name.partition(".")
    return codename if dot else ""


def open_of(alerts: Iterable[Alert], codename: str) -> tuple[Alert, ...]:
    """The alerts of a scenario that fire now."""
    return tuple(one for one in alerts if not one.resolved_ns and group_of(one.id) == codename)


def _worst(alerts: Iterable[Alert]) -> Status | None:
    severities = {alert.severity for alert in alerts}
    return next((status for severity, status in _SEVERITIES.items() if severity in severities), None)


def _is_heat(chart: Chart) -> bool:
    return bool(chart.series) and all(series.style == "heat" for series in chart.series)


def _heat(chart: Chart) -> HeatSpec:
    rows = tuple(HeatRowSpec(series.series, series.label) for series in chart.series)
    return HeatSpec(chart.title, chart.caption, rows, _unit(chart))


def _chart(chart: Chart, services: frozenset[str]) -> ChartSpec:
    unit = _unit(chart)
    threshold = Threshold(chart.slo, chart.slo_label) if chart.slo is not None else None
    if threshold is None and unit is Unit.PERCENT:
        threshold = Threshold(100.0, "", Status.CRITICAL)
    return ChartSpec(
        title=chart.title,
        caption=chart.caption,
        unit=unit,
        series=tuple(_series(series, services) for series in chart.series),
        threshold=threshold,
        at_least=_LEAST_TOPS.get(unit, 1.0),
        share=_SHARES.get(unit, 85) if len(chart.series) > 1 else 70,
    )


def _series(series: ChartSeries, services: frozenset[str]) -> SeriesSpec:
    kind = _KINDS.get(series.style, SeriesKind.LINE)
    tokens = {token.value for token in Token}
    label = series.label if series.label in services else series.label[:1].upper() + series.label[1:]
    return SeriesSpec(
        key=series.series,
        name=label,
        colour=Token(series.colour) if series.colour in tokens else series.colour,
        kind=kind,
        dashed=series.style == "dashed",
        magnified=ERRORS_MAGNIFIED if kind is SeriesKind.BELOW else 1.0,
        suffix="err" if kind is SeriesKind.BELOW else "",
    )


def _unit(chart: Chart) -> Unit:
    known = {unit.value: unit for unit in Unit}
    return known.get(chart.unit, Unit.COUNT)


# alerts


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert as the feed shows it. `key` tells firings of one alert apart."""

    key: str
    alert_id: str
    status: Status
    severity: str
    title: str
    detail: str
    service: str
    note: str
    clock: str
    clock_exact: str
    fired_s: float
    is_open: bool
    needs_somebody: bool

    @property
    def spoken(self) -> str:
        """The row as one sentence for screen readers."""
        wanted = ", press A to acknowledge" if self.needs_somebody else ""
        return f"{self.severity}: {self.title}, {self.service}, {self.clock}, {self.note}{wanted}"


_ROLES = {"participant": "the team", "facilitator": "the facilitator"}
"""Where nobody gave a name, the engine has the role."""
_SEVERITIES = {"critical": Status.CRITICAL, "warning": Status.WARNING}


def alert_rows(alerts: Sequence[Alert], offset_s: float, now_ns: int) -> tuple[AlertRow, ...]:
    """Open alerts first, then those that are over, the newest on top; one row for one that came and went."""
    open_alerts = sorted((one for one in alerts if not one.resolved_ns), key=lambda one: -one.fired_ns)
    over: dict[str, list[Alert]] = {}
    for alert in sorted((one for one in alerts if one.resolved_ns), key=lambda one: -one.fired_ns):
        over.setdefault(alert.id, []).append(alert)
    return (
        *(_alert_row(alert, offset_s, now_ns, 1) for alert in open_alerts),
        *(_alert_row(often[0], offset_s, now_ns, len(often)) for often in over.values()),
    )


def open_count(alerts: Sequence[Alert]) -> int:
    """How many alerts fire now."""
    return sum(not alert.resolved_ns for alert in alerts)


def _alert_row(alert: Alert, offset_s: float, now_ns: int, times: int) -> AlertRow:
    fired_s = alert.fired_ns / NS
    is_open = not alert.resolved_ns
    return AlertRow(
        key=f"{alert.id}@{alert.fired_ns}",
        alert_id=alert.id,
        status=_SEVERITIES.get(alert.severity, Status.INFO) if is_open else Status.OK,
        severity=alert.severity,
        title=alert.title,
        detail=alert.detail,
        service=alert.service,
        note=_note(alert, now_ns, times),
        clock=format_clock(fired_s, offset_s),
        clock_exact=format_clock_seconds(fired_s, offset_s),
        fired_s=fired_s,
        is_open=is_open,
        needs_somebody=is_open and not alert.acknowledged_by,
    )


def _note(alert: Alert, now_ns: int, times: int) -> str:
    if alert.resolved_ns:
        lasted = f"over after {format_ago((alert.resolved_ns - alert.fired_ns) / NS)}"
        return f"{times} times, last {lasted}" if times > 1 else lasted
    if alert.acknowledged_by:
        return f"acknowledged by {_ROLES.get(alert.acknowledged_by, alert.acknowledged_by)}"
    minutes = (now_ns - alert.fired_ns) // NS // 60
    return f"for {format_ago(minutes * 60)}" if minutes > 0 else "just now"


# marks


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One marked moment."""

    text: str
    actor: str
    clock: str
    at_s: float


def mark_rows(marks: Sequence[Mark], offset_s: float) -> tuple[MarkRow, ...]:
    """The marks by their moment, the latest on top."""
    ordered = sorted(marks, key=lambda mark: -mark.wall_ns)
    return tuple(
        MarkRow(
            mark.text,
            "" if mark.actor in _ROLES else mark.actor,
            format_clock(mark.wall_ns / NS, offset_s),
            mark.wall_ns / NS,
        )
        for mark in ordered
    )


# markers


@dataclass(frozen=True, slots=True)
class Happening:
    """What only events tell: a phase that began, a service that ended or runs again."""

    at_s: float
    kind: EventKind
    what: str


def happenings(events: Iterable[Event]) -> tuple[Happening, ...]:
    """The events that get a marker of their own; all others are left out."""
    found = []
    for event in events:
        if event.kind == "PhaseStarted":
            found.append(Happening(event.wall_ns / NS, EventKind.INFRASTRUCTURE, str(event.fields["phase"])))
        elif event.kind == "ServiceFailed":
            what = f"{event.fields['service']} stopped"
            found.append(Happening(event.wall_ns / NS, EventKind.PAGE, what))
        elif event.kind == "ServiceRecovered":
            what = f"{event.fields['service']} runs again"
            found.append(Happening(event.wall_ns / NS, EventKind.RECOVERY, what))
    return tuple(found)


def chart_events(snapshot: Snapshot, happened: Iterable[Happening]) -> tuple[ChartEvent, ...]:
    """The markers of the event lane: alerts, deploys, marks, failures, phases."""
    found = [_alert_event(often) for often in _waves(snapshot.alerts)]
    for deploy in snapshot.deploys:
        name = deploy.title or deploy.commit[:7]
        failed = deploy.state == "failed"
        label = f"{name}: did not start" if failed else name
        kind = EventKind.PAGE if failed else EventKind.DEPLOY
        found.append(ChartEvent(deploy.wall_ns / NS, kind, label, f"deploy {deploy.commit}"))
    found += [
        ChartEvent(mark.wall_ns / NS, EventKind.MARK, mark.text, f"mark {mark.wall_ns}")
        for mark in snapshot.marks
    ]
    phases = {segment.id: phase_label(segment) for segment in snapshot.agenda}
    found += [ChartEvent(one.at_s, one.kind, phases.get(one.what, one.what)) for one in happened]
    return tuple(sorted(found, key=lambda event: event.at_s))


def _waves(alerts: Sequence[Alert]) -> list[list[Alert]]:
    """Firings of one alert that follow each other closely belong to one marker: an alert that flaps is one thing."""
    waves: list[list[Alert]] = []
    newest: dict[str, list[Alert]] = {}
    for alert in sorted(alerts, key=lambda one: one.fired_ns):
        wave = newest.get(alert.id)
        if wave is not None and alert.fired_ns - wave[-1].fired_ns < WAVE_S * NS:
            wave.append(alert)
        else:
            newest[alert.id] = [alert]
            waves.append(newest[alert.id])
    return waves


def _alert_event(wave: Sequence[Alert]) -> ChartEvent:
    first = wave[0]
    kind = EventKind.PAGE if first.severity == "critical" else EventKind.ALERT
    label = f"{first.title} ×{len(wave)}" if len(wave) > 1 else first.title
    return ChartEvent(first.fired_ns / NS, kind, label, f"alert {first.id}@{first.fired_ns}")


def phase_label(segment: Segment) -> str:
    """A segment's name, short enough for a marker."""
    return segment.name.split(":", 1)[0]
