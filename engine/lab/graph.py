"""The service graph as the proxy and the services see it: pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.packs.service_settings import ServiceSettings
from engine.packs.topology import Edge, Protocol, ServiceSpec, Topology


def edge_name(edge: Edge) -> str:
    """How an edge is called: `source->target`."""
    return f"{edge.source}->{edge.target}"


def series_of(edge: str) -> str:
    """How an edge's series begin: `edge.billing-to-ledger`."""
    return "edge." + edge.replace("->", "-to-")


def url_variable(target: str) -> str:
    """The variable in which a service finds another: `LEDGER_URL`."""
    return target.upper().replace("-", "_") + "_URL"


def service_environment(
    topology: Topology,
    spec: ServiceSpec,
    settings: ServiceSettings,
    ports: Mapping[str, int],
    database_url: Callable[[str, int], str],
) -> dict[str, str]:
    """What a service's code sees.

    `ports` are the proxy's by edge name; `database_url` makes a connection URL from a database's name and a port.
    """
    seen = {"WORKERS": str(settings.workers), "CONNECTIONS": str(settings.connections)}
    for edge in topology.edges:
        if edge.source != spec.name:
            continue
        port = ports[edge_name(edge)]
        if edge.protocol is Protocol.HTTP:
            seen[url_variable(edge.target)] = f"http://127.0.0.1:{port}"
        elif spec.database is not None:
            seen["DATABASE_URL"] = database_url(spec.database, port)
    return seen
