"""One stream of the load process: a player, and what it did since the last report."""

from __future__ import annotations

from dataclasses import dataclass

from engine.clock import Clock
from engine.lab.load.ended import EndedRequests
from engine.lab.load.http_client import HttpPool
from engine.lab.load.opening import Opening
from engine.lab.load.player import Player
from engine.lab.load.records import StreamReport
from engine.lab.load.schedule import Due
from engine.lab.load.traffic import opening_of
from engine.packs.api import Traffic
from engine.packs.levels import LoadProfile


@dataclass(frozen=True, slots=True)
class StreamOrder:
    """What to play, and to whom."""

    name: str
    profile: LoadProfile
    seed: int
    first_index: int
    seconds: float | None
    opens: bool = False
    """whether the profile's opening is sent first"""


class Stream:
    """Plays one order and keeps what ended until it is reported. The opening is not counted: it is no load."""

    def __init__(self, order: StreamOrder, traffic: Traffic, pool: HttpPool, clock: Clock) -> None:
        """Raises what traffic.py's opening raises."""
        self._order = order
        profile = order.profile
        self._to_open = opening_of(traffic, profile.asks, order.seed) if order.opens else ()
        self._opening = Opening(pool, profile.timeout_s, self._play)
        self._problem = ""
        self._is_opening = bool(self._to_open)
        self._pool = pool
        self._clock = clock
        self._ended = EndedRequests()
        self._dropped = 0
        self._sent_before = 0
        self.is_finished = False
        self._player = Player(
            pool, traffic, order.profile, order.seed, clock, self._ended.take, self._drop, self._take_finish
        )

    @property
    def name(self) -> str:
        """The stream's name."""
        return self._order.name

    @property
    def is_playing(self) -> bool:
        """True while there are requests to send."""
        return self._is_opening or self._player.is_playing

    def start(self) -> None:
        """Send from now on."""
        self._opening.start(self._to_open)

    def halt(self) -> int:
        """Send nothing more; returns the next index."""
        self._opening.halt()
        if self._is_opening:
            self._is_opening = False
            self._take_finish()
            return self._order.first_index
        return self._player.halt()

    def close(self) -> None:
        """Break off what is in flight."""
        self._opening.halt()
        self._player.halt()
        self._pool.close()

    def report(self, wall_ns: int) -> StreamReport:
        """What happened since the last report; `wall_ns` is the time of this one."""
        player = self._player
        to_wall_ns = wall_ns - self._clock.monotonic_ns()
        completed, unreported = self._ended.hand_over(to_wall_ns)
        dropped, self._dropped = self._dropped, 0
        lateness_ns, player.lateness_ns = player.lateness_ns, []
        sent, self._sent_before = player.sent - self._sent_before, player.sent
        return StreamReport(
            stream=self.name,
            sent=sent,
            completed=completed,
            dropped=dropped,
            in_flight=player.in_flight,
            oldest_in_flight_ms=round(player.oldest_in_flight_ms, 3),
            lateness_p99_ms=_p99_ms(lateness_ns),
            next_index=player.next_index,
            is_playing=self.is_playing,
            problem=player.problem or self._problem,
            unreported=unreported,
        )

    def _play(self, problem: str) -> None:
        """The opening is over: the load begins."""
        self._problem, self._is_opening = problem, False
        self._player.start(self._order.first_index, self._order.seconds)

    def _drop(self, due: Due) -> None:
        self._dropped += 1

    def _take_finish(self) -> None:
        self.is_finished = True
        self._pool.close()


def _p99_ms(lateness_ns: list[int]) -> float:
    if not lateness_ns:
        return 0.0
    ordered = sorted(lateness_ns)
    return round(ordered[(len(ordered) * 99 - 1) // 100] / 1e6, 3)
