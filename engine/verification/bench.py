"""What a probe sees of the isolated system: the real `engine.packs.api.Bench`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import psycopg

from engine.lab.environment import Environment
from engine.lab.load.client import LoadClient
from engine.lab.proxy import EdgeCounts
from engine.packs.api import (
    Bench,
    CannotMeasure,
    Comparison,
    EdgeFigures,
    HopSeen,
    LoadResult,
    Pool,
    Reply,
    Request,
)
from engine.packs.records import Pack
from engine.verification.comparison import LEAST_PAIRS, compare
from engine.verification.session import MachineFailed

_OPTIONS = "-c statement_timeout=15000 -c default_transaction_read_only=on"
_SERVER_TROUBLE = ("08", "53", "57P", "58", "XX")
"""Classes of PostgreSQL's error codes that no submission brings about."""


class System(Protocol):
    """The submitted system, made fresh where the running probe has not looked at it yet."""

    @property
    def environment(self) -> Environment:
        """The lab's environment, for what is only looked at."""
        ...

    async def ready(self) -> LoadClient:
        """Its clients."""
        ...

    async def restart(self, service: str) -> None:
        """Stop a service and start it again."""
        ...

    async def fresh(self, faulty_history: bool) -> None:
        """New databases."""
        ...

    async def open_profile(self, profile: str, seed: int) -> LoadResult:
        """What a profile's clients send first."""
        ...

    async def impair(self, edge: str, latency_ms: float, jitter_ms: float) -> None:
        """Delay what passes an edge."""
        ...

    async def reference(self) -> System:
        """The same with the pack's own reference fix, in an environment of its own."""
        ...

    @property
    def bench(self) -> Bench:
        """What probes see of it."""
        ...

    def quiet(self) -> AbstractContextManager[None]:
        """Live traffic stands still inside of it, for a bounded while."""
        ...

    def database_dsn(self, name: str) -> str:
        """The judge's own way to a database."""
        ...


class LabBench:
    """A bench on the lab's environment; see `engine.packs.api.Bench`."""

    def __init__(self, system: System, pack: Pack, seed: int, live_seed: int) -> None:
        self._system = system
        self._pack = pack
        self.seed = seed
        self.live_seed = live_seed

    async def send(self, request: Request, timeout_s: float = 10.0) -> Reply:
        """Send one request to the entry service."""
        return await (await self._system.ready()).send(request, timeout_s)

    async def send_all(
        self, requests: Sequence[Request], at_once: int, timeout_s: float = 10.0
    ) -> LoadResult:
        """Send them with `at_once` in flight; the replies come in the order of `requests`."""
        return await (await self._system.ready()).send_all(requests, at_once, timeout_s)

    def asks(self, profile: str) -> str:
        """What `traffic.request` is asked for under a profile, at this level."""
        return self._pack.profile(profile).asks

    async def play(self, profile: str, seed: int, seconds: float, first: int = 0) -> LoadResult:
        """Open-loop traffic of a profile at its rate, indexes from `first`."""
        client = await self._system.ready()
        played = await client.play(self._pack.folder, self._pack.profile(profile), seed, seconds, first)
        return played.result

    async def rows(self, database: str, query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a database, read only, by a connection that no service shares.

        Raises MachineFailed where the server is in trouble, and psycopg's error where the query cannot be answered.
        """
        await self._system.ready()
        try:
            return await asyncio.to_thread(_rows, self._system.database_dsn(database), query, params)
        except psycopg.Error as error:
            if error.sqlstate is None or error.sqlstate.startswith(_SERVER_TROUBLE):
                raise MachineFailed(f"the judge's database {database} failed: {error}") from error
            raise

    async def open_profile(self, profile: str, seed: int) -> None:
        """Send what the clients of a profile send first. Raises CannotMeasure where one of it is refused."""
        result = await self._system.open_profile(profile, seed)
        if result.good < len(result.replies):
            refused = len(result.replies) - result.good
            raise CannotMeasure(
                f"{refused} of {len(result.replies)} opening requests of {profile} were refused"
            )

    async def counts(self) -> Mapping[str, EdgeFigures]:
        """What the proxy counted, by edge (`a->b`)."""
        counts = await self._system.environment.edge_counts("probes")
        return {name: _figures(edge) for name, edge in counts.items()}

    async def hops(self, edge: str, after: int = 0) -> Sequence[HopSeen]:
        """The latest HTTP requests of an edge with a number above `after`."""
        found = await self._system.environment.hops(edge, after)
        return [HopSeen(hop.number, hop.wall_ns, hop.method, hop.path, hop.traceparent) for hop in found]

    def pool(self, service: str) -> Pool:
        """The pool sizes that a service runs with."""
        found = self._system.environment.pool(service)
        return Pool(found.workers, found.connections)

    async def impair(self, edge: str, latency_ms: float = 0.0, jitter_ms: float = 0.0) -> None:
        """Delay what passes an edge from now on; `fresh` undoes it."""
        await self._system.impair(edge, latency_ms, jitter_ms)

    async def against_reference(
        self, measure: Callable[[Bench], Awaitable[float]], pairs: int = LEAST_PAIRS, margin: float = 2.0
    ) -> Comparison:
        """Reference and submission in turn, the reference first and last; live traffic stands still meanwhile."""
        await self._system.ready()
        reference = (await self._system.reference()).bench
        with self._system.quiet():
            references, submitted = [await measure(reference)], []
            for _ in range(pairs):
                submitted.append(await measure(self))
                references.append(await measure(reference))
        return compare(references, submitted, margin)

    async def restart(self, service: str) -> None:
        """Stop a service and start it again from the submitted source."""
        await self._system.restart(service)

    async def fresh(self, faulty_history: bool = False) -> None:
        """A system with new databases; with `faulty_history` the unfixed services ran the incident on them first."""
        await self._system.fresh(faulty_history)


def _figures(counts: EdgeCounts) -> EdgeFigures:
    return EdgeFigures(
        requests=counts.requests,
        answered=sum(counts.responses.values()),
        statements=counts.statements,
        in_flight=counts.in_flight,
        peak_in_flight=counts.peak_in_flight,
        traceparents=counts.traceparents,
        refused=counts.refused,
        lost=counts.lost,
        statuses=counts.responses,
    )


def _rows(dsn: str, query: Any, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn, autocommit=True, connect_timeout=5, options=_OPTIONS) as connection:
        return connection.execute(query, params).fetchall()
