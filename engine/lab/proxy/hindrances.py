"""All that is on one edge at the moment, asked as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from random import Random

from engine.lab.proxy.impairments import KINDS, Impairment, Role, Treatment
from engine.lab.proxy.impairments.bandwidth import PIECE_BYTES
from engine.lab.proxy.impairments.impairment import Breakable
from engine.lab.proxy.impairments.latency import Latency

_WHOLE = 1 << 30


class Hindrances:
    """The impairments of an edge by kind, and the constant latency that belongs to its topology."""

    def __init__(self, injected: Counter[str], latency_ms: float, dice: Random | None = None) -> None:
        self._injected = injected
        self._dice = dice or Random()
        self._on: dict[str, Impairment] = {}
        constant = Latency({"delay_ms": latency_ms}, self._dice, lambda: None)
        self._constant: tuple[Impairment, ...] = (constant,) if latency_ms else ()
        self._sort()

    def put(self, kind: str, intensity: Mapping[str, float]) -> Impairment:
        """Put a kind on the edge; one that is there already is replaced."""
        self._on[kind] = KINDS[kind](intensity, self._dice, partial(self.count, kind))
        self._sort()
        return self._on[kind]

    def take_away(self, kind: str) -> bool:
        """Take a kind away; False where it was not there."""
        found = self._on.pop(kind, None)
        self._sort()
        return found is not None

    def intensities(self) -> Mapping[str, Mapping[str, float]]:
        """What is on the edge, by kind."""
        return {kind: dict(impairment.intensity) for kind, impairment in self._on.items()}

    def count(self, kind: str) -> None:
        """Note that a kind acted once."""
        self._injected[kind] += 1

    def joined(self, connection: Breakable) -> None:
        """A client has connected."""
        for impairment in self._breaking:
            impairment.joined(connection)

    def round(self, connections: Iterable[Breakable]) -> None:
        """A second has passed for the connections in use."""
        if self._breaking:
            in_use = tuple(connections)
            for impairment in self._breaking:
                impairment.round(in_use)

    def delay_s(self, is_up: bool) -> float:
        """How much later a chunk is passed on."""
        return sum(impairment.delay_s(is_up) for impairment in self._delaying)

    def reserve_s(self, is_up: bool, now_s: float, size: int) -> float:
        """When a piece may leave."""
        return max((pace.reserve_s(is_up, now_s, size) for pace in self._pacing), default=now_s)

    def treat(self) -> Treatment:
        """What befalls the next HTTP request."""
        treatment = Treatment()
        for impairment in self._treating:
            impairment.treat(treatment)
        return treatment

    def _sort(self) -> None:
        present = [*self._constant, *(self._on[kind] for kind in KINDS if kind in self._on)]
        self._breaking = [one for one in present if one.role is Role.BREAKS]
        self._delaying = [one for one in present if one.role is Role.DELAYS]
        self._pacing = [one for one in present if one.role is Role.PACES]
        self._treating = [one for one in present if one.role is Role.TREATS]
        self.piece_bytes = PIECE_BYTES if self._pacing else _WHOLE
        self.swallows = any(one.role is Role.SWALLOWS for one in present)
        self.treats = bool(self._treating)
        self.is_in_the_way = len(present) > len(self._breaking)
        """False: bytes go straight through"""
