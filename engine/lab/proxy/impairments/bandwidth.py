"""An edge that carries only so much."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from engine.lab.proxy.impairments.impairment import Impairment, Role

_BURST_S = 0.02
PIECE_BYTES = 1500
"""what a lane asks for at a time, so that connections take turns"""


class Bandwidth(Impairment):
    """`kbit_per_s` in each direction, shared by all connections: a token bucket that holds 20 ms, or one piece."""

    role = Role.PACES

    def __init__(self, intensity: Mapping[str, float], dice: Random, count: Callable[[], None]) -> None:
        super().__init__(intensity, dice, count)
        self._bytes_per_s = intensity["kbit_per_s"] * 125.0
        self._burst_s = max(_BURST_S, PIECE_BYTES / self._bytes_per_s)
        self._paid_until_s = {True: 0.0, False: 0.0}

    def reserve_s(self, is_up: bool, now_s: float, size: int) -> float:
        """The moment at which the bucket holds enough for this piece."""
        paid_s = max(self._paid_until_s[is_up], now_s - self._burst_s) + size / self._bytes_per_s
        self._paid_until_s[is_up] = paid_s
        if paid_s > now_s:
            self.count()
        return max(now_s, paid_s)
