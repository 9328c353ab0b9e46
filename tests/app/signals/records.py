"""Records as the engine sends them, for the tests of Signals."""

from __future__ import annotations

from protos.drill.v1.records import (
    Alert,
    Chart,
    ChartSeries,
    Clock,
    Deploy,
    Event,
    Mark,
    Segment,
    Service,
    ServiceEdge,
    ServiceMap,
    ServiceNode,
    Snapshot,
)

NS = 1_000_000_000
NOW_S = 1_000_000
CHARTS = (
    Chart(
        "latency",
        "Latency",
        "from sending",
        "ms",
        (ChartSeries("client.p99", "P99", "line", "p99"),),
        400.0,
        "SLO 400 ms",
    ),
    Chart(
        "rate",
        "Throughput",
        "per second",
        "per_s",
        (
            ChartSeries("client.rate", "requests", "area", "rate"),
            ChartSeries("client.errors", "errors", "errors", "crit"),
        ),
        None,
        "",
    ),
    Chart(
        "pools",
        "Pools",
        "in use",
        "percent",
        (ChartSeries("pool.billing", "billing", "line", "billing"),),
        None,
        "",
    ),
    Chart(
        "cpu",
        "CPU",
        "of one core",
        "percent",
        (
            ChartSeries("cpu.gateway", "gateway", "heat", "gateway"),
            ChartSeries("cpu.billing", "billing", "heat", "billing"),
        ),
        None,
        "",
    ),
)
SERVICES = tuple(
    Service(name, "", "running", "4f1c2ab", "", True, 0) for name in ("gateway", "billing", "ledger")
)


def alert(
    name: str, fired_s: float, resolved_s: float = 0, severity: str = "warning", taken_by: str = ""
) -> Alert:
    """An alert of billing."""
    return Alert(
        name,
        name.title(),
        "18 cents",
        severity,
        "billing",
        round(fired_s * NS),
        round(resolved_s * NS),
        taken_by,
    )


def snapshot(
    alerts: tuple[Alert, ...] = (), deploys: tuple[Deploy, ...] = (), marks: tuple[Mark, ...] = ()
) -> Snapshot:
    """A run that began 15 minutes ago; its drill clock shows 03:10:00 at `NOW_S`."""
    return Snapshot(
        number=1,
        run="run",
        codename="copper",
        title="Month-end close",
        story="",
        severity="SEV-2",
        clock=Clock(False, 900_000, NOW_S * NS, "phase-1", 300_000, 2_700_000, 300_000),
        agenda=(Segment("phase-1", "Phase 1: Dark Room", "", "", 2_700_000, "now", False),),
        scenarios=(),
        alerts=alerts,
        services=SERVICES,
        deploys=deploys,
        marks=marks,
        hints=(),
        verifications=(),
        charts=CHARTS,
        entry="gateway",
        started_ns=(NOW_S - 900) * NS,
        level=0,
        chaos=(),
        stress=(),
        alert_rules=(),
    )


def event(kind: str, at_s: float, **fields: object) -> Event:
    """An event of the engine."""
    return Event(1, round(at_s * NS), 0, "engine", "engine", kind, fields)


def measured(queries_a_request: float = 3.1) -> ServiceMap:
    """The map of clients, gateway, billing, ledger and their database."""
    return ServiceMap(
        nodes=(
            *(ServiceNode(name, 20.0, 40.0, 0.0, "ok") for name in ("ledger", "gateway", "billing")),
            ServiceNode("postgres", 100.0, 3.0, 0.0, "ok"),
        ),
        edges=(
            ServiceEdge("clients", "gateway", 20.0, 40.0, 0.0, 0.0),
            ServiceEdge("gateway", "billing", 20.0, 40.0, 0.0, 1.0),
            ServiceEdge("billing", "ledger", 20.0, 40.0, 0.0, 1.0),
            ServiceEdge("billing", "postgres", 62.0, 3.0, 0.0, queries_a_request),
            ServiceEdge("ledger", "postgres", 40.0, 3.0, 0.0, 2.0),
        ),
    )
