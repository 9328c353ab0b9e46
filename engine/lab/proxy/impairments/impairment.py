"""The one interface of everything that can be put on an edge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from random import Random
from typing import ClassVar, Protocol

from engine.lab.proxy.http_answers import LocalAnswer


class Role(Enum):
    """Which of an impairment's questions are asked."""

    BREAKS = auto()
    """`round` and `joined`"""
    DELAYS = auto()
    """`delay_s`"""
    PACES = auto()
    """`reserve_s`"""
    SWALLOWS = auto()
    """nothing passes"""
    TREATS = auto()
    """`treat`"""


class Breakable(Protocol):
    """A client's connection, as far as an impairment may break it."""

    def close(self) -> None:
        """End it on both sides."""
        ...

    def reset(self) -> None:
        """End it with a reset."""
        ...


@dataclass(slots=True)
class Treatment:
    """What befalls one HTTP request: answered here, delayed, its answer spoiled, or nothing."""

    answer: LocalAnswer | None = None
    delay_s: float = 0.0
    spoiled: Callable[[], None] | None = None
    """call it when the answer was spoiled, to count it"""


class Impairment:
    """One kind on one edge. A kind overrides what it does; `count` notes each time that it acted."""

    role: ClassVar[Role]

    def __init__(self, intensity: Mapping[str, float], dice: Random, count: Callable[[], None]) -> None:
        self.intensity = intensity
        self.dice = dice
        self.count = count

    def hits(self) -> bool:
        """Whether this time is one of the `percent`."""
        return self.dice.random() * 100.0 < self.intensity["percent"]

    def joined(self, connection: Breakable) -> None:
        """A client has connected."""

    def round(self, connections: Iterable[Breakable]) -> None:
        """At the begin for all connections, then once a second for those in use."""

    def delay_s(self, is_up: bool) -> float:
        """How much later a chunk is passed on."""
        return 0.0

    def reserve_s(self, is_up: bool, now_s: float, size: int) -> float:
        """When a piece of `size` bytes may leave."""
        return now_s

    def treat(self, treatment: Treatment) -> None:
        """Change what befalls the next request."""
