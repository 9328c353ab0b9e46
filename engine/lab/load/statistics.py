"""Load reports turned into the client's series, one value a second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

from engine.lab.load.histogram import LogHistogram
from engine.lab.load.records import Completions, LoadReport, SecondOfLoad, StreamReport

_NS_PER_S = 1_000_000_000
_LONGEST_GAP_S = 60
"""of a longer silence (a laptop that slept) only the last minute is given out"""


class ClientStatistics:
    """Folds the reports of one group of clients, whose series are `client.<group>.*`; a second is given out once,
    when the report that closes it has come.

    A request counts in the second in which it ended. Percentiles are of requests that were answered or timed out (a
    time-out lasted at least that long); where there are none they are NaN, a gap. Requests that could not be sent
    count as errors.
    """

    def __init__(self, group: str) -> None:
        self._group = group
        self._open: dict[int, _Second] = {}
        self._next: int | None = None

    def add(self, report: LoadReport) -> tuple[SecondOfLoad, ...]:
        """The seconds that are finished with this report, oldest first."""
        now = report.wall_ns // _NS_PER_S
        if self._next is None:
            self._next = (report.wall_ns - 1) // _NS_PER_S
        for stream in report.streams:
            self._count(stream.completed)
        self._second((report.wall_ns - 1) // _NS_PER_S).take_state(report.streams)
        finished = range(max(self._next, now - _LONGEST_GAP_S), now)
        self._next = max(self._next, now)
        return tuple(self._closed(second) for second in finished)

    def _closed(self, second: int) -> SecondOfLoad:
        values = self._open.pop(second, _Second()).values()
        return SecondOfLoad(second, {f"client.{self._group}.{name}": value for name, value in values.items()})

    def _count(self, completed: Completions) -> None:
        """Column by column, and not request by request: a load generator that counts slowly sends late."""
        times = zip(completed.intended_ns, completed.latencies_us, strict=True)
        seconds = [(intended_ns + latency_us * 1000) // _NS_PER_S for intended_ns, latency_us in times]
        for second in set(seconds):
            is_in = [ended == second for ended in seconds]
            self._second(second).count(
                list(compress(completed.statuses, is_in)),
                list(compress(completed.failures, is_in)),
                list(compress(completed.latencies_us, is_in)),
            )

    def _second(self, second: int) -> _Second:
        """What is late, because a clock was set back, counts in the oldest second that is still open."""
        assert self._next is not None
        return self._open.setdefault(max(second, self._next), _Second())


@dataclass(slots=True)
class _Second:
    latencies_ms: LogHistogram = field(default_factory=LogHistogram)
    ended: int = 0
    errors: int = 0
    dropped: int = 0
    in_flight: int = 0
    oldest_in_flight_ms: float = 0.0

    def count(self, statuses: Sequence[int], failures: Sequence[str], latencies_us: Sequence[int]) -> None:
        self.ended += len(statuses)
        by_status = Counter(statuses)
        self.errors += sum(times for status, times in by_status.items() if not 0 < status < 400)
        if 0 in by_status:
            ends = zip(latencies_us, statuses, failures, strict=True)
            latencies_us = [us for us, status, failure in ends if status or failure == "timeout"]
        for latency_us, times in Counter(latencies_us).items():
            self.latencies_ms.add(latency_us / 1000, times)

    def take_state(self, streams: tuple[StreamReport, ...]) -> None:
        self.dropped += sum(stream.dropped for stream in streams)
        self.in_flight = sum(stream.in_flight for stream in streams)
        self.oldest_in_flight_ms = max((stream.oldest_in_flight_ms for stream in streams), default=0.0)

    def values(self) -> dict[str, float]:
        return {
            "latency.p50_ms": self.latencies_ms.percentile(0.50),
            "latency.p95_ms": self.latencies_ms.percentile(0.95),
            "latency.p99_ms": self.latencies_ms.percentile(0.99),
            "requests_per_s": float(self.ended),
            "good_per_s": float(self.ended - self.errors),
            "errors_per_s": float(self.errors + self.dropped),
            "in_flight": float(self.in_flight),
            "oldest_in_flight_ms": self.oldest_in_flight_ms,
            "dropped_per_s": float(self.dropped),
        }
