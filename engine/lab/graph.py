"""The service graph as the proxy and the services see it: pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.packs.records import Edge, Pack, Protocol

CLIENTS = "clients"


def edge_name(edge: Edge) -> str:
    """How an edge is called: `source->target`."""
    return f"{edge.source}->{edge.target}"


def graph_edges(pack: Pack) -> tuple[Edge, ...]:
    """Every edge of the pack, and the one from the clients to the entry if the pack does not list it."""
    entry = Edge(CLIENTS, pack.entry, Protocol.HTTP)
    return pack.edges if entry in pack.edges else (entry, *pack.edges)


def url_variable(target: str) -> str:
    """The variable in which a service finds another: `LEDGER_URL`."""
    return target.upper().replace("-", "_") + "_URL"


def service_environment(
    pack: Pack, service: str, ports: Mapping[str, int], database_url: Callable[[str, int], str]
) -> dict[str, str]:
    """What a service's code sees.

    `ports` are the proxy's by edge name; `database_url` makes a connection URL from a database's name and a port.
    """
    spec = pack.service(service)
    seen = {"WORKERS": str(spec.workers), "CONNECTIONS": str(spec.connections)}
    for edge in graph_edges(pack):
        if edge.source != service:
            continue
        port = ports[edge_name(edge)]
        if edge.protocol is Protocol.HTTP:
            seen[url_variable(edge.target)] = f"http://127.0.0.1:{port}"
        elif spec.database is not None:
            seen["DATABASE_URL"] = database_url(spec.database, port)
    return seen
