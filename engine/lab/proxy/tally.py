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
    traceparents: int = 0
    queries: int = 0
    executes: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    unparsed: int = 0
    exchanges: int = 0
    waited_ms: float = 0.0
    peak_in_flight: int = 0
    injected: Counter[str] = field(default_factory=Counter)

    def request_began(self) -> None:
        """One more request in flight."""
        self.in_flight += 1
        if self.in_flight > self.peak_in_flight:
            self.peak_in_flight = self.in_flight

    def as_message(self) -> Mapping[str, Any]:
        """The fields of an `EdgeCounts`."""
        return {**asdict(self), "responses": dict(self.responses), "injected": dict(self.injected)}


class Peaks:
    """The highest number of requests in flight of one edge, for each of its readers since it last asked."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._by_reader: dict[str, int] = {}
        self._ever = 0

    def take(self, reader: str) -> int:
        """The peak since this reader's last call; the first time, since the edge was opened."""
        peak, self._tally.peak_in_flight = self._tally.peak_in_flight, self._tally.in_flight
        self._ever = max(self._ever, peak)
        for other in self._by_reader:
            self._by_reader[other] = max(self._by_reader[other], peak)
        found = self._by_reader.get(reader, self._ever)
        self._by_reader[reader] = self._tally.in_flight
        return found


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
