"""What the readers ask. Pure: a profile, a seed and an index give the same request on every machine and for ever.

base: short rides in town, many different ones, each asked now and then; and what the harbour line reports of itself.
trigger: the day of the final: many readers ask for the same few long rides, all to the arena.
trigger-from-afar (level 1): from further away, so that a ride has more legs.
trigger-mixed (level 3): beside them readers of long rides that hardly anybody else asks for.
stress (the judge's): long rides to the fairground. The live drill never sends these.

This file stands alone: the load generator runs it without the pack's other files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from engine.packs.api import Request

_FIRST = ("Ash", "Birch", "Cedar", "Dale", "Elm", "Fern", "Gorse", "Hazel", "Ivy", "Juniper", "Lime", "Maple")
_SECOND = ("bridge", "croft", "field", "ford", "gate", "hill", "mill", "park", "side", "ton", "well", "wick")

_KINDS = {"town": (6, 8, "Market"), "far": (8, 13, "Arena"), "stress": (8, 17, "Fairground")}
"""of each kind of line: how many, with how many stops, and the terminus"""
_LETTERS = {"town": "t", "far": "r", "stress": "v"}
_PROFILES = ("base", "trigger", "trigger-from-afar", "trigger-mixed", "stress")
_REPORT_EVERY = 40
_RARE_EVERY = 24
LONG_LEGS = 10
"""of a long ride"""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its stops, and the minutes from each to the next."""

    name: str
    stops: tuple[str, ...]
    minutes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Journey:
    """What a reader asks for, and what must be answered while the line is not late."""

    line: str
    origin: str
    target: str
    legs: int
    minutes: int


class Draws:
    """Numbers from a hash of what they are for: no random module, no state, the same everywhere."""

    def __init__(self, *what: object) -> None:
        digest = hashlib.blake2b(":".join(map(str, what)).encode()).digest()
        self._bits = int.from_bytes(digest, "big")

    def below(self, limit: int) -> int:
        """A whole number from 0 up to and without `limit`."""
        self._bits, drawn = divmod(self._bits, limit)
        return drawn

    def of(self, choices: Sequence[_T]) -> _T:
        """One of them."""
        return choices[self.below(len(choices))]


def opening(profile: str, seed: int) -> Sequence[Request]:
    """The network: what the lines send before the first reader comes."""
    kinds = {"base": ("town", "far"), "stress": ("stress",)}.get(profile, ())
    return [put(line) for kind in kinds for line in lines(kind, seed)]


def request(profile: str, seed: int, index: int) -> Request:
    """The request number `index` of a profile. Raises KeyError for an unknown profile."""
    if profile == "base" and index % _REPORT_EVERY == _REPORT_EVERY - 1:
        return report(lines("town", seed)[0].name, Draws("late", seed, index).below(9))
    return get(journey(profile, seed, index))


def put(line: Line) -> Request:
    """The request that brings a line in."""
    stops = [
        {"name": stop, "minutes": minutes} for stop, minutes in zip(line.stops, line.minutes, strict=True)
    ]
    return _with_body("PUT", f"/lines/{line.name}", {"stops": stops})


def report(line: str, late_minutes: int) -> Request:
    """The request that says how late a line is."""
    return _with_body("POST", "/reports", {"line": line, "late_minutes": late_minutes})


def get(asked: Journey) -> Request:
    """The request of a reader."""
    return Request("GET", f"/journeys/{asked.line}/{asked.origin}/{asked.target}")


def journey(profile: str, seed: int, index: int) -> Journey:
    """What the reader number `index` asks for. Raises KeyError for an unknown profile."""
    if profile not in _PROFILES:
        raise KeyError(profile)
    draws = Draws(profile, seed, index)
    if profile == "base":
        first = draws.below(5)
        return ride(draws.of(lines("town", seed)[1:]), first, first + 2 + draws.below(2))
    if profile == "stress":
        return long_rides(seed)[index % len(long_rides(seed))]
    if profile == "trigger-mixed" and index % _RARE_EVERY == 0:
        first = draws.below(2)
        return ride(draws.of(lines("far", seed)), first, first + 9 + draws.below(2))
    line = draws.of(lines("far", seed))
    return ride(line, 0 if profile == "trigger-from-afar" else 2, len(line.stops) - 1)


def long_rides(seed: int) -> Sequence[Journey]:
    """All different rides of ten legs on the judge's lines."""
    return [ride(line, first, first + LONG_LEGS) for first in range(7) for line in lines("stress", seed)]


def ride(line: Line, first: int, last: int) -> Journey:
    """The journey between two stops of a line, counted from 0."""
    legs, minutes = last - first, sum(line.minutes[first:last])
    return Journey(line.name, line.stops[first], line.stops[last], legs, minutes)


@lru_cache(maxsize=32)
def lines(kind: str, seed: int) -> Sequence[Line]:
    """The lines of a kind."""
    number, stops, terminus = _KINDS[kind]
    return [_line(f"{_LETTERS[kind]}{_mark(seed)}-{index}", stops, terminus) for index in range(number)]


def _line(name: str, stops: int, terminus: str) -> Line:
    draws = Draws("line", name)
    begin = draws.below(len(_FIRST) * len(_SECOND))
    numbers = [(begin + 17 * index) % (len(_FIRST) * len(_SECOND)) for index in range(stops - 1)]
    names = [f"{_FIRST[number // len(_SECOND)]}{_SECOND[number % len(_SECOND)]}" for number in numbers]
    return Line(name, (*names, terminus), (*(2 + draws.below(11) for _ in names), 0))


def _with_body(method: str, path: str, body: object) -> Request:
    return Request(method, path, {"content-type": "application/json"}, json.dumps(body).encode())


def _mark(seed: int) -> str:
    return hashlib.blake2b(f"lines:{seed}".encode(), digest_size=3).hexdigest()
