"""The ways that requests take between services, from what the proxy saw of their trace contexts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.packs.api import Bench
from engine.packs.reader import read_pack
from engine.packs.topology import CLIENTS, Protocol

_PACK = read_pack(Path(__file__).parent)

INNER_EDGES = tuple(
    f"{edge.source}->{edge.target}"
    for edge in _PACK.edges
    if edge.protocol is Protocol.HTTP and edge.source != CLIENTS
)
HTTP_EDGES = (f"{CLIENTS}->{_PACK.entry}", *INNER_EDGES)

Trace = Sequence[str]
"""the inner edges that one request from outside led over, each as often as it was used"""


@dataclass(frozen=True, slots=True)
class Paths:
    """What some orders did between services."""

    traces: tuple[Trace, ...]

    @property
    def reentering(self) -> int:
        """Traces in which a service is called again while it waits for the answer: their edges hold a circle."""
        return sum(has_circle(set(trace)) for trace in self.traces)

    @property
    def calls_a_trace(self) -> float:
        """Calls between services for one request from outside, on average."""
        return sum(map(len, self.traces)) / max(1, len(self.traces))


class Watch:
    """Remembers where each edge is now; `paths` are of what came after."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._seen: dict[str, int] = {}

    async def begin(self) -> None:
        """What passed before does not count."""
        for edge in INNER_EDGES:
            hops = await self._bench.hops(edge)
            self._seen[edge] = hops[-1].number if hops else 0

    async def paths(self) -> Paths:
        """The ways of all requests that began at the entry since then."""
        traces: defaultdict[str, list[str]] = defaultdict(list)
        for edge in INNER_EDGES:
            for hop in await self._bench.hops(edge, self._seen[edge]):
                traces[hop.traceparent.split("-")[1] if hop.traceparent else ""].append(edge)
        first = f"{_PACK.entry}->"
        return Paths(tuple(tuple(used) for used in traces.values() if any(e.startswith(first) for e in used)))


def has_circle(edges: set[str]) -> bool:
    """Whether one can come back to a service along these edges (`a->b`)."""
    leads_to: Mapping[str, set[str]] = _targets(edges)
    return any(source in _reached(source, leads_to) for source in leads_to)


def _targets(edges: set[str]) -> Mapping[str, set[str]]:
    leads_to: defaultdict[str, set[str]] = defaultdict(set)
    for edge in edges:
        source, _, target = edge.partition("->")
        leads_to[source].add(target)
    return dict(leads_to)


def _reached(source: str, leads_to: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    open_ends = set(leads_to.get(source, ()))
    while open_ends:
        service = open_ends.pop()
        if service not in found:
            found.add(service)
            open_ends |= leads_to.get(service, set())
    return found
