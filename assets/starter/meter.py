"""How many rides are stored under a wrong day, once a second: in all, and of those that came in lately.

What must be stored is computed from the request that brought a ride in, never from what the services say. New rows
are read as they come; of the older ones only those that were wrong are looked at again, so that a reading stays cheap
however long the drill is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from engine.packs.api import Connection

from . import traffic

_LATELY = 10
"""readings, a second each"""
_OVERLAP = 200
"""the newest rows are read again each time: a transaction with an earlier id may commit late"""

_NEW_QUERY = "SELECT id, number, day::text FROM rides WHERE id > %s ORDER BY id LIMIT 20000"
_AGAIN_QUERY = "SELECT id, number, day::text FROM rides WHERE id = ANY(%s)"


class Meter:
    """The pack's meter for the seed of one drill."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._off: set[int] = set()
        self._last = 0
        self._new: deque[Sequence[int]] = deque(maxlen=_LATELY)

    def read(self, databases: Mapping[str, Connection]) -> Mapping[str, float]:
        """The series now; none before the table is there, no share while no ride comes in."""
        rides = databases["rides"]
        if rides.execute("SELECT to_regclass('public.rides')").fetchone() == (None,):
            return {}
        again = rides.execute(_AGAIN_QUERY, (sorted(self._off),)).fetchall()
        new = rides.execute(_NEW_QUERY, (self._last - _OVERLAP,)).fetchall()
        rows = {id_: (number, day) for id_, number, day in (*again, *new)}
        self._off = {id_ for id_, (number, day) in rows.items() if self._is_off(number, day)}
        self._new.append([id_ for id_ in rows if id_ > self._last])
        self._last = max(rows, default=self._last)
        lately = [id_ for ids in self._new for id_ in ids]
        total = {"days.rides_off": float(len(self._off))}
        if not lately:
            return total
        return total | {"days.off_percent": 100 * len(self._off.intersection(lately)) / len(lately)}

    def _is_off(self, number: str, day: str) -> bool:
        sent = traffic.sent_as(number, self._seed)
        return sent is not None and day != sent.day
