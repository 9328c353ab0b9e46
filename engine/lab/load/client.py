"""The load generator's HTTP client as a library: for whoever needs the answers, such as the judge."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.clock import Clock, SystemClock
from engine.lab.load.exchange import Exchange
from engine.lab.load.http_client import HttpPool
from engine.lab.load.player import Player
from engine.lab.load.schedule import Due
from engine.lab.load.traffic import load_traffic
from engine.packs.api import LoadResult, Reply, Request
from engine.packs.levels import LoadProfile

_DROPPED = Reply(0, b"", 0.0)


@dataclass(frozen=True, slots=True)
class Played:
    """A finished open-loop run.

    A request that was dropped (the profile's `max_in_flight` was reached) has a reply with status 0.
    """

    result: LoadResult
    dropped: int = 0


class TrafficFailed(Exception):
    """The pack's traffic.py raised; the text is its traceback."""


class LoadClient:
    """Clients of one target, in this process: `async with LoadClient(target_url) as client:`.

    Leaving the block breaks off whatever is still under way.
    """

    def __init__(self, target_url: str, clock: Clock | None = None) -> None:
        self._target_url = target_url
        self._clock = clock or SystemClock()
        self._tasks = asyncio.TaskGroup()
        self._pool: HttpPool | None = None

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        self._pool = HttpPool(self._target_url, self._tasks, self._clock, keeps_bodies=True)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open_pool().close()
        await self._tasks.__aexit__(
            None, None, None
        )  # an error of the block is passed on as it is, in no group

    async def send(self, request: Request, timeout_s: float = 10.0) -> Reply:
        """Send one request now; `repeat_after_s` is not followed."""
        return (await self.send_all([request], 1, timeout_s)).replies[0]

    async def send_all(
        self, requests: Sequence[Request], at_once: int, timeout_s: float = 10.0
    ) -> LoadResult:
        """Send them with `at_once` in flight; replies in the order of `requests`."""
        pool = self._open_pool()
        burst = _Burst(pool, [pool.encode(request) for request in requests], timeout_s, self._clock)
        return await burst.run(at_once)

    async def play(
        self, pack_folder: Path, profile: LoadProfile, seed: int, seconds: float, first: int = 0
    ) -> Played:
        """Open-loop traffic of a profile for `seconds`, then wait until every request (and repeat) has ended.

        Latency counts from the intended send time. Raises what loading traffic.py raises, and TrafficFailed.
        """
        pool = HttpPool(self._target_url, self._tasks, self._clock, keeps_bodies=True)
        run = _Run(self._clock, asyncio.get_running_loop().create_future())
        traffic = load_traffic(pack_folder)
        player = Player(
            pool,
            traffic,
            profile,
            seed,
            self._clock,
            run.take_end,
            run.take_drop,
            run.take_finish,
        )
        try:
            player.start(first, seconds)
            await run.finished
        finally:
            player.halt()
            pool.close()
        if player.problem:
            raise TrafficFailed(player.problem)
        return run.played()

    def _open_pool(self) -> HttpPool:
        assert self._pool is not None, "use `async with`"
        return self._pool


class _Burst:
    """A list of requests, the next one sent whenever one ends; no task a request."""

    def __init__(self, pool: HttpPool, datas: Sequence[bytes], timeout_s: float, clock: Clock) -> None:
        self._pool = pool
        self._to_send: Iterator[tuple[int, bytes]] = iter(enumerate(datas))
        self._wait_ns = round(timeout_s * 1e9)
        self._clock = clock
        self._replies: list[Reply] = [_DROPPED] * len(datas)
        self._open = len(datas)
        self._under_way: dict[Exchange, None] = {}
        self._finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._is_abandoned = False

    async def run(self, at_once: int) -> LoadResult:
        start_ns = self._clock.monotonic_ns()
        for _ in range(at_once):
            self._send_next()
        try:
            if self._open:
                await self._finished
        finally:
            self._abandon()
        return LoadResult(tuple(self._replies), (self._clock.monotonic_ns() - start_ns) / 1e9)

    def _send_next(self) -> None:
        following = next(self._to_send, None)
        if following is None or self._is_abandoned:
            return
        number, data = following
        exchange = Exchange(data, self._take_end, number)
        self._under_way[exchange] = None
        self._pool.send(exchange, self._wait_ns)

    def _take_end(self, exchange: Exchange) -> None:
        del self._under_way[exchange]
        self._replies[exchange.index] = _reply(exchange)
        self._open -= 1
        if self._open == 0 and not self._finished.done():
            self._finished.set_result(None)
        self._send_next()

    def _abandon(self) -> None:
        self._is_abandoned = True
        for exchange in tuple(self._under_way):
            self._pool.give_up(exchange, "closed")


class _Run:
    """Collects what a player sends."""

    def __init__(self, clock: Clock, finished: asyncio.Future[None]) -> None:
        self._clock = clock
        self._start_ns = clock.monotonic_ns()
        self._replies: dict[int, Reply] = {}
        self._repeats: dict[int, Reply] = {}
        self._dropped = 0
        self.finished = finished

    def take_end(self, exchange: Exchange) -> None:
        self._take(exchange.attempt, exchange.index, _reply(exchange))

    def take_drop(self, due: Due) -> None:
        self._dropped += 1
        self._take(due.attempt, due.index, _DROPPED)

    def _take(self, attempt: int, index: int, reply: Reply) -> None:
        (self._repeats if attempt else self._replies)[index] = reply

    def take_finish(self) -> None:
        if not self.finished.done():
            self.finished.set_result(None)

    def played(self) -> Played:
        seconds = (self._clock.monotonic_ns() - self._start_ns) / 1e9
        replies, repeats = (
            tuple(found[index] for index in sorted(found)) for found in (self._replies, self._repeats)
        )
        return Played(LoadResult(replies, seconds, repeats), self._dropped)


def _reply(exchange: Exchange) -> Reply:
    body = b"".join(exchange.body or ())
    return Reply(exchange.status, body, (exchange.ended_ns - exchange.intended_ns) / 1e6)
