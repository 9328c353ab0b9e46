"""The words and figures of the service map: what was measured, what monitoring says, nothing about causes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from app.theme import Status
from app.time_axis import THIN, format_duration, format_number, format_percent, format_short
from protos.drill.v1.records import Alert, Service, ServiceEdge, ServiceMap, ServiceNode

CLIENTS = "clients"
NOTABLE_CALLS = 5.0
_NODE_STATES = {"ok": Status.OK, "warning": Status.WARNING, "critical": Status.CRITICAL}
_SEVERITIES = {"critical": Status.CRITICAL, "warning": Status.WARNING}
_ORDER = (Status.IDLE, Status.OK, Status.WARNING, Status.CRITICAL)


@dataclass(frozen=True, slots=True)
class NodeCard:
    """A node's card: its figures as they are written."""

    name: str
    status: Status
    rate: str
    p95: str
    errors: str
    has_errors: bool
    is_service: bool
    why: str

    @property
    def spoken(self) -> str:
        """The card as one sentence."""
        return f"{self.name}: {self.rate}, P95 {self.p95}, {self.errors} errors. {self.why}"


@dataclass(frozen=True, slots=True)
class EdgeLabel:
    """An edge's words: `long` if there is room, else `short`; `notable` when many calls belong to one request."""

    source: str
    target: str
    long: str
    short: str
    notable: bool
    spoken: str


@dataclass(frozen=True, slots=True)
class MapFacts:
    """All that the map shows."""

    nodes: tuple[NodeCard, ...] = ()
    edges: tuple[EdgeLabel, ...] = ()

    @property
    def databases(self) -> frozenset[str]:
        """What is called but is no service of the drill."""
        return frozenset(node.name for node in self.nodes if not node.is_service and node.name != CLIENTS)

    def node(self, name: str) -> NodeCard | None:
        """The card of that name."""
        return next((node for node in self.nodes if node.name == name), None)


def without(measured: ServiceMap, hidden: Collection[str]) -> ServiceMap:
    """The map without some services, and without what only they use."""
    if not hidden:
        return measured
    edges = tuple(edge for edge in measured.edges if not {edge.source, edge.target} & set(hidden))
    used = {name for edge in measured.edges for name in (edge.source, edge.target)}
    kept = {name for edge in edges for name in (edge.source, edge.target)}
    nodes = [node for node in measured.nodes if node.name in kept or node.name not in used]
    return ServiceMap(tuple(node for node in nodes if node.name not in hidden), edges)


def with_known(measured: ServiceMap, known: ServiceMap | None) -> ServiceMap:
    """The map with the edges that there were before, without calls: who waits for ever calls nobody, and a map that
    falls apart just then would hide where it hangs."""
    if known is None:
        return measured
    edges = {(edge.source, edge.target) for edge in measured.edges}
    nodes = {node.name for node in measured.nodes}
    silent = (
        replace(edge, calls_per_s=0.0, p95_ms=0.0, error_percent=0.0, calls_per_request=0.0)
        for edge in known.edges
    )
    gone = (replace(node, requests_per_s=0.0, p95_ms=0.0, error_percent=0.0) for node in known.nodes)
    return ServiceMap(
        (*measured.nodes, *(node for node in gone if node.name not in nodes)),
        (*measured.edges, *(edge for edge in silent if (edge.source, edge.target) not in edges)),
    )


def map_facts(measured: ServiceMap, services: Sequence[Service], alerts: Sequence[Alert]) -> MapFacts:
    """What was measured, together with how the services stand and which alerts are open."""
    known = {service.name: service for service in services}
    order = {name: place for place, name in enumerate(known)}
    nodes = sorted(measured.nodes, key=lambda node: (order.get(node.name, len(order)), node.name))
    cards = [_card(node, known.get(node.name), alerts) for node in nodes]
    databases = frozenset(node.name for node in nodes if node.name not in known)
    edges = tuple(_label(edge, edge.target in databases) for edge in measured.edges)
    if any(edge.source == CLIENTS for edge in measured.edges):
        cards.insert(0, NodeCard(CLIENTS, Status.IDLE, "", "", "", False, False, ""))
    return MapFacts(tuple(cards), edges)


def _card(node: ServiceNode, service: Service | None, alerts: Sequence[Alert]) -> NodeCard:
    states = [(_NODE_STATES.get(node.state, Status.IDLE), "")]
    for alert in alerts:
        if alert.service == node.name and not alert.resolved_ns:
            states.append((_SEVERITIES.get(alert.severity, Status.OK), alert.title))
    if service is not None and service.state in ("failed", "stopped"):
        states.append((Status.CRITICAL, service.problem or service.state))
    elif service is not None and service.state in ("starting", "restarting"):
        states.append((Status.WARNING, service.state))
    status = max((state for state, _ in states), key=_ORDER.index)
    unit = "rps" if service is not None else "q/s"
    return NodeCard(
        name=node.name,
        status=status,
        rate=f"{format_short(node.requests_per_s)}{THIN}{unit}",
        p95=format_duration(node.p95_ms) if node.requests_per_s else "–",
        errors=format_percent(node.error_percent, 1 if node.error_percent < 9.95 else 0),
        has_errors=node.error_percent >= 0.05,
        is_service=service is not None,
        why="; ".join(dict.fromkeys(why for _, why in states if why)),
    )


def _label(edge: ServiceEdge, to_database: bool) -> EdgeLabel:
    rate = f"{format_short(edge.calls_per_s)}{THIN}/s"
    what = "queries" if to_database else "calls"
    times = edge.calls_per_request
    notable = times >= NOTABLE_CALLS
    figure = format_number(times, 0 if times >= 9.95 or notable else 1)
    if notable:
        long, short = f"{rate} · {figure}× {what} a request", f"{figure}× a request"
    elif times >= 1.5:
        long, short = f"{rate} · {figure}× a request", rate
    else:
        long, short = rate, rate
    p95 = f", P95 {format_duration(edge.p95_ms)}" if edge.calls_per_s else ""
    spoken = f"{edge.source} to {edge.target}: {rate}{p95}"
    if times:
        spoken += f", {format_number(times, 1)} {what} a request"
    if edge.error_percent >= 0.05:
        spoken += f", {format_percent(edge.error_percent, 1)} errors"
    return EdgeLabel(edge.source, edge.target, long, short, notable, spoken)
