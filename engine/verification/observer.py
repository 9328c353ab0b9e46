"""Whether the submitted services still say what they do: server spans received against requests that passed.

A receiver as in the live run takes what the isolated services export. The proxy's counts need no word of theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.lab.graph import edge_name
from engine.lab.proxy import EdgeCounts
from engine.packs.api import Reading
from engine.packs.topology import CLIENTS, Protocol, Topology
from engine.telemetry.doors.entrance import Entrance, Kind
from engine.telemetry.doors.receiver import Receiver
from engine.telemetry.intake import Parsed
from engine.telemetry.records import SpanKind
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.wire.attributes import service_of
from engine.telemetry.wire.lean_pb2 import Spans

_LEAST_SHARE = 0.98
_SLACK = 2
"""requests whose span was still under way when a service was ended"""


class Observer:
    """Counts the server spans of each service. `start`, run `work` in a task, `stop`."""

    def __init__(self) -> None:
        self.server_spans: Counter[str] = Counter()
        self._entrance = Entrance(self._take, TelemetrySettings())
        self._receiver = Receiver(self._entrance, TelemetrySettings())
        self.work = self._entrance.work

    async def start(self) -> str:
        """Open the port; returns the endpoint for services."""
        await self._receiver.start()
        return f"http://127.0.0.1:{self._receiver.port}"

    async def stop(self) -> None:
        """Close the port; `work` returns once all that was accepted is counted."""
        await self._receiver.stop()
        await self._entrance.close()

    async def _take(self, kind: Kind, parsed: Parsed, payload: bytes) -> None:
        if isinstance(parsed, Spans):
            for group in parsed.resource_spans:
                spans = (span for scope in group.scope_spans for span in scope.spans)
                self.server_spans[service_of(group.resource)] += sum(s.kind == SpanKind.SERVER for s in spans)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one service should have said, and what it said."""

    what: str
    said: int
    needed: int

    @property
    def is_enough(self) -> bool:
        return self.said >= self.needed * _LEAST_SHARE - _SLACK


def coverage(topology: Topology, counts: Mapping[str, EdgeCounts], spans: Mapping[str, int]) -> Reading:
    """Held where every service has a span for each answered request, and hands trace contexts on."""
    seen = [*_spans(topology, counts, spans), *_contexts(topology, counts)]
    missing = [one for one in seen if not one.is_enough]
    required = "a span for every answered request, a trace context on every call"
    if not missing:
        return Reading(True, f"{sum(one.needed for one in seen)} of them seen", required)
    evidence = [f"{one.what}: {one.said} of {one.needed}" for one in missing]
    return Reading(False, evidence[0], required, evidence)


def _spans(topology: Topology, counts: Mapping[str, EdgeCounts], spans: Mapping[str, int]) -> Sequence[_Seen]:
    answered: Counter[str] = Counter()
    for edge in topology.edges:
        if edge.protocol is Protocol.HTTP:
            answered[edge.target] += sum(counts[edge_name(edge)].responses.values())
    return [
        _Seen(f"{name}: spans of answered requests", spans.get(name, 0), n) for name, n in answered.items()
    ]


def _contexts(topology: Topology, counts: Mapping[str, EdgeCounts]) -> Sequence[_Seen]:
    inner = [e for e in topology.edges if e.protocol is Protocol.HTTP and e.source != CLIENTS]
    return [
        _Seen(
            f"{edge_name(e)}: calls with a trace context",
            counts[edge_name(e)].traceparents,
            counts[edge_name(e)].requests,
        )
        for e in inner
    ]
