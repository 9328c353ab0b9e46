"""Plays one stream: takes what is due from the schedule, sends it, and says how each request ended."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable

from engine.clock import Clock
from engine.lab.load.exchange import Exchange
from engine.lab.load.http_client import HttpPool
from engine.lab.load.schedule import NS_PER_S, Due, Schedule
from engine.packs.api import Traffic
from engine.packs.levels import LoadProfile

_TICK_S = 0.001


class Player:
    """An open loop on a pool of its own.

    Its one timer is never less than a tick away, so that a high rate does not spin.
    For every request that was due, `on_ended` is called with its exchange when that ends, or `on_dropped` where there
    was no room for it; `on_finished` is called once, when the last of them has ended.
    """

    def __init__(
        self,
        pool: HttpPool,
        traffic: Traffic,
        profile: LoadProfile,
        seed: int,
        clock: Clock,
        on_ended: Callable[[Exchange], None],
        on_dropped: Callable[[Due], None],
        on_finished: Callable[[], None],
    ) -> None:
        self._pool = pool
        self._traffic = traffic
        self._profile = profile
        self._wait_ns = round(profile.timeout_s * NS_PER_S)
        self._seed = seed
        self._now_ns = clock.monotonic_ns
        self._on_ended = on_ended
        self._on_dropped = on_dropped
        self._on_finished = on_finished
        self._schedule = Schedule(0, 1.0, 0, 0.0)
        self._timer: asyncio.TimerHandle | None = None
        self._is_finished = False
        self.sent = 0
        self.lateness_ns: list[int] = []
        """of each request sent, until somebody empties it"""
        self.problem = ""
        """the traceback of traffic.py, if that ended the stream"""

    def start(self, first_index: int = 0, seconds: float | None = None) -> None:
        """Send the first request now, and the others at the profile's rate."""
        now_ns = self._now_ns()
        self._schedule = Schedule(now_ns, self._profile.rate_per_s, first_index, seconds)
        self._tick()

    def halt(self) -> int:
        """Send nothing more; returns the first index that was not sent."""
        self._schedule.halt()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._finish_if_done()
        return self._schedule.next_index

    @property
    def is_playing(self) -> bool:
        """True while first attempts are still to come."""
        return self._schedule.is_playing

    @property
    def next_index(self) -> int:
        """The first index that has not been sent yet."""
        return self._schedule.next_index

    @property
    def in_flight(self) -> int:
        """Requests sent and not ended."""
        return self._pool.under_way_count

    @property
    def oldest_in_flight_ms(self) -> float:
        """The age of the oldest request in flight, or 0."""
        now_ns = self._now_ns()
        return max((now_ns - exchange.intended_ns for exchange in self._pool.under_way()), default=0) / 1e6

    def _tick(self) -> None:
        self._timer = None
        for due in self._schedule.due(self._now_ns()):
            if not self._send(due):
                self._schedule.halt()
        next_ns = self._schedule.next_ns
        if next_ns is not None:
            delay_s = (next_ns - self._now_ns()) / NS_PER_S
            self._timer = asyncio.get_running_loop().call_later(max(delay_s, _TICK_S), self._tick)
        self._finish_if_done()

    def _send(self, due: Due) -> bool:
        """False if traffic.py failed, which is the pack's own code and may fail in any way."""
        if self._pool.under_way_count >= self._profile.max_in_flight:
            self._on_dropped(due)
            return True
        try:
            data = due.data or self._first_data(due)
        except Exception:
            self.problem = traceback.format_exc()
            return False
        exchange = Exchange(data, self._ended, due.index, due.intended_ns, due.attempt)
        self.sent += 1
        self._pool.send(exchange, self._wait_ns)
        self.lateness_ns.append(exchange.sent_ns - due.intended_ns)
        return True

    def _first_data(self, due: Due) -> bytes:
        request = self._traffic.request(self._profile.asks, self._seed, due.index)
        data = self._pool.encode(request)
        if request.repeat_after_s is not None:
            self._schedule.repeat(due, data, request.repeat_after_s)
        return data

    def _ended(self, exchange: Exchange) -> None:
        self._on_ended(exchange)
        self._finish_if_done()

    def _finish_if_done(self) -> None:
        is_done = self._timer is None and not self._pool.under_way_count and self._schedule.next_ns is None
        if is_done and not self._is_finished:
            self._is_finished = True
            self._on_finished()
