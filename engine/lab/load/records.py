"""What the load generator tells its owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field


@dataclass(frozen=True, slots=True)
class Completion:
    """One request that ended. `latency_us` counts from the intended send time `intended_ns` (wall clock)."""

    index: int
    status: int
    """0 when no answer came; `failure` then says why"""
    latency_us: int
    intended_ns: int
    attempt: int = 0
    """1 for a repeat of the same bytes"""
    failure: str = ""
    """empty, `timeout`, `refused`, `closed` or `malformed`"""

    @property
    def is_error(self) -> bool:
        """True unless it was answered with a status below 400."""
        return not 0 < self.status < 400

    @property
    def ended_ns(self) -> int:
        """When it ended, on the wall clock."""
        return self.intended_ns + self.latency_us * 1000


@dataclass(frozen=True, slots=True)
class Completions:
    """Completions as columns of one length: at thousands a second an object each costs as much as the request."""

    indexes: Sequence[int] = ()
    statuses: Sequence[int] = ()
    latencies_us: Sequence[int] = ()
    intended_ns: Sequence[int] = ()
    attempts: Sequence[int] = ()
    failures: Sequence[str] = ()

    @classmethod
    def of(cls, rows: Iterable[Completion]) -> Completions:
        """The columns of these rows."""
        return cls(*zip(*map(astuple, rows), strict=True))

    def columns(self) -> tuple[Sequence[int] | Sequence[str], ...]:
        """All columns, in the order in which they are declared."""
        return (
            self.indexes,
            self.statuses,
            self.latencies_us,
            self.intended_ns,
            self.attempts,
            self.failures,
        )

    def __len__(self) -> int:
        return len(self.indexes)

    def __iter__(self) -> Iterator[Completion]:
        return map(Completion, *self.columns())


@dataclass(frozen=True, slots=True)
class StreamReport:
    """What one stream did since the report before; `in_flight` and `oldest_in_flight_ms` are of now."""

    stream: str
    sent: int
    completed: Completions
    dropped: int
    """due but not sent, because `max_in_flight` was reached"""
    in_flight: int
    oldest_in_flight_ms: float
    lateness_p99_ms: float
    """how long after its intended time a request was sent"""
    next_index: int
    is_playing: bool
    problem: str = ""
    """the traceback of traffic.py, if that ended the stream"""
    unreported: int = 0
    """ended, but not in `completed`, because the owner did not read for too long"""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """A quarter of a second of traffic. A stream that is played again while old requests of it are in flight comes
    twice."""

    wall_ns: int
    streams: tuple[StreamReport, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondOfLoad:
    """One finished second, as values of the series store."""

    second: int
    """since 1970-01-01 UTC"""
    values: Mapping[str, float] = field(default_factory=dict)
