"""What ended since the last report."""

from __future__ import annotations

from engine.lab.load.exchange import Exchange
from engine.lab.load.records import Completions

_KEPT_COMPLETIONS = 100_000


class EndedRequests:
    """Collects what ended until it is handed over; bounded, and it counts what it had no room for.

    It keeps columns of plain values: a hundred thousand live objects would be searched for garbage again and again.
    """

    def __init__(self) -> None:
        self._begin_anew()

    def take(self, exchange: Exchange) -> None:
        """Keep one request that has ended."""
        if len(self._indexes) >= _KEPT_COMPLETIONS:
            self._unreported += 1
            return
        intended_ns = exchange.intended_ns
        self._indexes.append(exchange.index)
        self._statuses.append(exchange.status)
        self._latencies_us.append((exchange.ended_ns - intended_ns) // 1000)
        self._intended_ns.append(intended_ns)
        self._attempts.append(exchange.attempt)
        self._failures.append(exchange.failure)

    def hand_over(self, to_wall_ns: int) -> tuple[Completions, int]:
        """What was kept, with intended times moved by `to_wall_ns`, and how many were not; both begin anew."""
        completed = Completions(
            self._indexes,
            self._statuses,
            self._latencies_us,
            [intended_ns + to_wall_ns for intended_ns in self._intended_ns],
            self._attempts,
            self._failures,
        )
        unreported = self._unreported
        self._begin_anew()
        return completed, unreported

    def _begin_anew(self) -> None:
        self._indexes: list[int] = []
        self._statuses: list[int] = []
        self._latencies_us: list[int] = []
        self._intended_ns: list[int] = []
        self._attempts: list[int] = []
        self._failures: list[str] = []
        self._unreported = 0
