"""What a pack's own Python files (traffic.py, meter.py, probes.py) may import.

Shapes only: the load generator, the meter process and the judge supply the behaviour.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request that a client of the system sends.

    `repeat_after_s`: the same client sends exactly the same bytes again that many seconds after the first send.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    repeat_after_s: float | None = None


class Traffic(Protocol):
    """The interface of a pack's traffic.py: a module with this function, and perhaps `opening`.

    `opening(profile, seed) -> Sequence[Request]` says what the clients of a profile send first, one after the other,
    when it begins in a new system: the import of customers' data, say. It is sent again after a resume, so it must
    be idempotent.

    `request(profile, seed, index)` is pure: the same arguments give the same request, on any machine, so that the
    meter and the judge can recompute what was sent from a stored row.
    """

    def request(self, profile: str, seed: int, index: int) -> Request:
        """The request number `index` (from 0) of the load profile `profile` under `seed`."""
        ...


class Connection(Protocol):
    """A psycopg 3 connection (autocommit), as far as packs use it."""

    def execute(self, query: Any, params: Any = None) -> Any:
        """Run one statement; returns a cursor."""
        ...


class Meter(Protocol):
    """The interface of meter.py: a class `Meter` constructed with the drill's seed.

    Once a second `read` gets one superuser connection for each database and returns the series it measures, by
    name (for example `drift.net_cents`). It computes from rows stored and requests sent, never from the team's own
    metrics or logs.
    """

    def read(self, databases: Mapping[str, Connection]) -> Mapping[str, float]:
        """The values now."""
        ...


class Duty(StrEnum):
    """What it means when a probe does not hold; the verdict follows from it (architecture: judging a fix)."""

    PROMISE = "promise"
    """a promise that held before; broken: wrong"""
    SYMPTOM = "symptom"
    """the live symptom, on the traffic of the incident; still there: wrong, nothing improved"""
    MECHANISM = "mechanism"
    """the mechanism under other seeds, loads, a restart; still there: masked"""
    OPEN = "open"
    """a listed duty (history, idempotency, goodput floor); not met: partial"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a probe measured. `held` is the answer; the rest is shown to people.

    `measured` and `required` are short texts with units, `evidence` the rows, replies or trace ids behind them.
    """

    held: bool
    measured: str
    required: str
    evidence: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer; `status` is 0 when none came within the time-out."""

    status: int
    body: bytes
    latency_ms: float


@dataclass(frozen=True, slots=True)
class LoadResult:
    """A finished burst of profile traffic: one entry a request, in order of index.

    `repeats` has the answers to what clients sent again (`Request.repeat_after_s`), in the same order.
    """

    replies: Sequence[Reply]
    seconds: float
    repeats: Sequence[Reply] = ()

    @property
    def good(self) -> int:
        """Answers with a status below 400, without the repeats."""
        return sum(1 for reply in self.replies if 0 < reply.status < 400)


@dataclass(frozen=True, slots=True)
class EdgeFigures:
    """What the proxy counted on an edge (`a->b`) since the system began; `peak_in_flight` since the last look."""

    requests: int
    answered: int
    statements: int
    """on an edge to PostgreSQL"""
    in_flight: int
    peak_in_flight: int
    traceparents: int
    refused: int
    lost: int
    """requests whose connection ended before their answer"""
    statuses: Mapping[str, int]
    """answers by class: `2xx`, `4xx`, ..."""


@dataclass(frozen=True, slots=True)
class HopSeen:
    """One HTTP request on an edge, numbered from 1; `traceparent` is empty where it had none."""

    number: int
    wall_ns: int
    method: str
    path: str
    traceparent: str


@dataclass(frozen=True, slots=True)
class Pool:
    """What a service runs with: threads for blocking handlers, database connections."""

    workers: int
    connections: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The submission against the pack's own reference, measured in interleaved pairs.

    `ratio` is the median of submitted / reference; `spread` is how far the reference typically is from itself, as a
    ratio of at least 1.
    """

    ratio: float
    spread: float
    pairs: int
    submitted: float
    """the median"""
    reference: float
    """the median"""


class CannotMeasure(Exception):
    """A probe raises it when the machine, not the submission, keeps it from answering: the verdict is not-run."""


class Bench(Protocol):
    """What a probe may do with the submitted system in its isolated environment.

    All probes share one system: the unfixed services, replaced by the submitted ones before any traffic. A probe that
    must not meet what another one left uses keys of its own, or asks for a `fresh` one.
    """

    seed: int
    """hidden from the submitter, other than the live drill's"""
    live_seed: int

    def asks(self, profile: str) -> str:
        """What `traffic.request` is asked for under a profile of the pack, at the level that is judged."""
        ...

    async def send(self, request: Request, timeout_s: float = 10.0) -> Reply:
        """Send one request to the entry service."""
        ...

    async def send_all(
        self, requests: Sequence[Request], at_once: int, timeout_s: float = 10.0
    ) -> LoadResult:
        """Send them with `at_once` in flight; the replies come in the order of `requests`."""
        ...

    async def play(self, profile: str, seed: int, seconds: float, first: int = 0) -> LoadResult:
        """Open-loop traffic of a profile at its rate, indexes from `first`."""
        ...

    async def rows(self, database: str, query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of the submitted system's database, read by the judge's own connection."""
        ...

    async def open_profile(self, profile: str, seed: int) -> None:
        """Send what the clients of a profile send first. Raises CannotMeasure where one of it is refused."""
        ...

    async def counts(self) -> Mapping[str, EdgeFigures]:
        """What the proxy counted, by edge (`a->b`)."""
        ...

    async def hops(self, edge: str, after: int = 0) -> Sequence[HopSeen]:
        """The latest HTTP requests of an edge with a number above `after`, oldest first; a bounded list."""
        ...

    def pool(self, service: str) -> Pool:
        """The pool sizes that a service runs with, as submitted."""
        ...

    async def impair(self, edge: str, latency_ms: float = 0.0, jitter_ms: float = 0.0) -> None:
        """Delay what passes an edge from now on, beside its own latency; 0 is none. `fresh` undoes it."""
        ...

    async def against_reference(
        self, measure: Callable[[Bench], Awaitable[float]], pairs: int = 5, margin: float = 2.0
    ) -> Comparison:
        """Measure the submission and the pack's own reference fix, each in a system of its own, in turn.

        Live traffic is held meanwhile, for at most 20 s: keep a measurement near a second. Raises CannotMeasure where
        the reference is further from itself than half the margin allows: the machine is too noisy.
        """
        ...

    async def restart(self, service: str) -> None:
        """Stop a service and start it again from the submitted source."""
        ...

    async def fresh(self, faulty_history: bool = False) -> None:
        """A system with new databases. With `faulty_history`, the unfixed services first ran the incident's
        traffic on them, then the submitted ones took over, as in the live drill."""
        ...


@dataclass(frozen=True, slots=True)
class Probe:
    """One question to the submitted system. probes.py lists them in `PROBES`, in the order in which they run."""

    name: str
    duty: Duty
    asks: str
    """one sentence for people"""
    run: Callable[[Bench], Awaitable[Reading]]
    is_timed: bool = False
    """a machine that is too busy could make it fail (time-outs, an answer within seconds): beside a live drill, a
    failure is asked for again in quiet, and counts only where the reference fix holds there"""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one fault alone does on the trigger's traffic, everything else being exact.

    A pack may have contributions.py with `contributions(seed) -> Sequence[Contribution]`; the pack check prints them.
    """

    fault: str
    absolute_per_minute: float
    net_per_minute: float
    unit: str
    note: str = ""
