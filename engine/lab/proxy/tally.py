"""The counters of one edge, while they count."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.lab.proxy.records import Hop

_KEPT_HOPS = 8192


@dataclass(slots=True)
class Tally:
    """The same fields as `EdgeCounts`, changed in place, and the edge's latest hops."""

    connections: int = 0
    open_connections: int = 0
    refused: int = 0
    moved: int = 0
    requests: int = 0
    responses: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0
    traceparents: int = 0
    queries: int = 0
    executes: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    unparsed: int = 0

    def as_message(self) -> Mapping[str, Any]:
        """The fields of an `EdgeCounts`; the peak begins anew."""
        message = {**asdict(self), "responses": dict(self.responses)}
        self.peak_in_flight = self.in_flight
        return message


class Hops:
    """The latest requests of an edge, numbered from 1; older ones are forgotten."""

    def __init__(self) -> None:
        self._rows: deque[Hop] = deque(maxlen=_KEPT_HOPS)
        self._last = 0

    def add(self, wall_ns: int, method: str, path: str, traceparent: str) -> None:
        """Keep one request."""
        self._last += 1
        self._rows.append(Hop(self._last, wall_ns, method, path, traceparent))

    def after(self, number: int) -> list[Hop]:
        """Those with a higher number, oldest first."""
        return [hop for hop in self._rows if hop.number > number]
