"""What of packs the lab needs: services, the edges between them, and both of several packs together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

CLIENTS = "clients"
"""the source of the edges by which requests come in"""


class Protocol(StrEnum):
    """What travels on an edge of the service graph."""

    HTTP = "http"
    POSTGRES = "postgres"


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """One service: `folder` is `<pack>/services/<name>`; `database` is None for a service without one."""

    name: str
    folder: Path
    editable: bool
    database: str | None
    workers: int
    """threads that serve blocking handlers (the contract's limit is `max_workers`)"""
    connections: int
    max_workers: int
    max_connections: int
    memory_mb: int
    role: str
    """one sentence that participants read"""
    stub: bool = False
    """stands for a company outside; its source alone may wait for a stated service time"""


@dataclass(frozen=True, slots=True)
class Edge:
    """One arrow of the service graph; every edge passes through the chaos proxy.

    `source` is a service or `clients`; `target` is a service or `postgres`. The source finds the target's address
    in `<TARGET>_URL` (HTTP) or `DATABASE_URL` (PostgreSQL), which name the proxy's port, never the target's.
    """

    source: str
    target: str
    protocol: Protocol
    latency_ms: float = 0.0
    """what the proxy adds to everything on its way from source to target"""


@dataclass(frozen=True, slots=True)
class Topology:
    """The services of one pack or several, and every edge between them and their clients."""

    services: tuple[ServiceSpec, ...]
    edges: tuple[Edge, ...]

    def service(self, name: str) -> ServiceSpec:
        """The service of that name. Raises KeyError."""
        for spec in self.services:
            if spec.name == name:
                return spec
        raise KeyError(name)

    @property
    def databases(self) -> tuple[str, ...]:
        """The names of the databases, in the order of their services, each once."""
        return tuple(dict.fromkeys(s.database for s in self.services if s.database))


def joined(topologies: Sequence[Topology]) -> Topology:
    """One topology of all of them; their services have different names."""
    services = tuple(spec for topology in topologies for spec in topology.services)
    return Topology(services, tuple(edge for topology in topologies for edge in topology.edges))
