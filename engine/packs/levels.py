"""How hard a scenario is: what each level changes of its load profiles and of its services' pools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TypeVar

from engine.packs.topology import ServiceSpec


@dataclass(frozen=True, slots=True)
class LoadProfile:
    """Open-loop traffic: `rate_per_s` requests a second, never more than `max_in_flight` at once."""

    name: str
    rate_per_s: float
    max_in_flight: int
    timeout_s: float
    traffic: str = ""
    """what `traffic.request` is asked for, where it is not the profile's name"""
    clients: str = "clients"
    """the group of clients that it is counted with: `client.<clients>.latency.p95_ms`"""

    @property
    def asks(self) -> str:
        """The first argument of `traffic.request`."""
        return self.traffic or self.name


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What a level changes of a load profile; None: nothing."""

    rate_per_s: float | None = None
    max_in_flight: int | None = None
    traffic: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """What a level changes of a service's pools; None: nothing."""

    workers: int | None = None
    connections: int | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """How hard a scenario is, from 1 to 3: what differs from the pack as it is written."""

    number: int
    text: str
    herrings: tuple[str, ...]
    within_s: float | None = None
    """within which the symptom must show, where it is not the pack's own"""
    profiles: Mapping[str, ProfileChange] = field(default_factory=dict)
    services: Mapping[str, ServiceChange] = field(default_factory=dict)


USUAL_LEVEL = 2
"""the level of the pack as it is written"""


_Changeable = TypeVar("_Changeable", LoadProfile, ServiceSpec)


def changed(record: _Changeable, change: ProfileChange | ServiceChange | None) -> _Changeable:
    """The record with what the change gives."""
    given = (
        {} if change is None else {key: value for key, value in asdict(change).items() if value is not None}
    )
    return replace(record, **given)
