"""What the docks send. Pure: a profile, a seed and an index give the same request on every machine and for ever.

base: cities whose clocks show +00:00, at any hour: both ways of taking the date agree, so all is well.
trigger: the new city, +09:00, at any hour of its day; three rides in eight end before nine and are off.
trigger-mornings (level 1): the same city between six and nine, so that every ride is off.
trigger-mixed (level 3): one ride in six is off; others are of the day before, because their docks had no connection.
stress (the judge's): cities of many offsets, at any hour. The live drill never sends these.

This file stands alone: the load generator runs it without the pack's other files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from engine.packs.api import Request

_LETTERS = {"base": "b", "trigger": "k", "trigger-mornings": "l", "trigger-mixed": "m", "stress": "s"}
"""a number names its profile by a letter, so that meter and judge can find what was sent; it tells docks nothing"""
_PROFILES = {letter: profile for profile, letter in _LETTERS.items()}

_CITIES = (("lisbon", "+00:00"), ("london", "+00:00"), ("accra", "+00:00"), ("dakar", "+00:00"))
_NEW_CITY = ("osaka", "+09:00")
_FAR = (
    ("honolulu", "-10:00"),
    ("denver", "-07:00"),
    ("halifax", "-03:00"),
    ("reykjavik", "+00:00"),
    ("kolkata", "+05:30"),
    ("perth", "+08:00"),
    ("auckland", "+13:00"),
)
_REPEATED_PERCENT = 3
"""of the requests that their dock sends again"""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Ride:
    """What a request says; `ended_at` has the offset of the place."""

    number: str
    city: str
    ended_at: str
    minutes: int

    @property
    def day(self) -> str:
        """The day under which it must be stored: the date that its dock's clock shows."""
        return self.ended_at[:10]


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


def request(profile: str, seed: int, index: int) -> Request:
    """The request number `index` of a profile. Raises KeyError for an unknown profile."""
    draws = Draws("repeat", profile, seed, index)
    repeat_after_s = 1.0 + draws.below(20) / 10 if draws.below(100) < _REPEATED_PERCENT else None
    return post(ride(profile, seed, index), repeat_after_s)


def post(sent: Ride, repeat_after_s: float | None = None) -> Request:
    """The request that brings a ride in; the judge makes its own with it too."""
    body = {"number": sent.number, "city": sent.city, "ended_at": sent.ended_at, "minutes": sent.minutes}
    headers = {"content-type": "application/json"}
    return Request("POST", "/rides", headers, json.dumps(body).encode(), repeat_after_s)


def ride(profile: str, seed: int, index: int) -> Ride:
    """The ride that a request brings in."""
    draws = Draws(profile, seed, index)
    number = f"{_LETTERS[profile]}{_mark(seed)}-{index:07d}"
    city, offset, days_ago, first_hour, hours = _where_and_when(profile, index, draws)
    day = _today(seed) - timedelta(days=days_ago)
    clock = f"{first_hour + draws.below(hours):02d}:{draws.below(60):02d}:{draws.below(60):02d}"
    return Ride(number, city, f"{day.isoformat()}T{clock}{offset}", 2 + draws.below(60))


def sent_as(number: str, seed: int) -> Ride | None:
    """The ride that this traffic sent under a number; None for a number that it did not make."""
    head, _, index = number.partition("-")
    if not index.isdecimal() or head[1:] != _mark(seed) or head[:1] not in _PROFILES:
        return None
    return ride(_PROFILES[head[0]], seed, int(index))


def _where_and_when(profile: str, index: int, draws: Draws) -> tuple[str, str, int, int, int]:
    """City, offset, how many days ago, and the hours in which the ride ended: the first, and how many."""
    if profile == "trigger":
        return (*_NEW_CITY, 0, 0, 9) if index % 8 in (0, 3, 6) else (*_NEW_CITY, 0, 9, 15)
    if profile == "trigger-mornings":
        return *_NEW_CITY, 0, 6, 3
    if profile == "trigger-mixed" and index % 6 == 0:
        return *_NEW_CITY, 0, 0, 9
    if profile == "trigger-mixed":
        return *_NEW_CITY, index % 2, 9, 15
    return *draws.of(_FAR if profile == "stress" else _CITIES), 0, 0, 24


def _today(seed: int) -> date:
    return date(2031, 1, 1) + timedelta(days=Draws("today", seed).below(360))


def _mark(seed: int) -> str:
    return hashlib.blake2b(f"numbers:{seed}".encode(), digest_size=3).hexdigest()
