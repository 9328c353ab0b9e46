"""A service's own `service.toml`: the pool sizes that a team may change within the contract's limits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.packs.errors import PackError, PackErrors
from engine.packs.tables import Source
from engine.packs.topology import ServiceSpec

FILE = "service.toml"


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """How many threads serve blocking handlers, and how many database connections the code may open."""

    workers: int
    connections: int


def read_service_settings(source: Path, spec: ServiceSpec) -> ServiceSettings:
    """What the source folder asks for; the scenario's own numbers where it does not say.

    Raises PackErrors, with lines, where the file is malformed or asks for more than the contract allows.
    """
    usual = ServiceSettings(spec.workers, spec.connections)
    file = source / FILE
    if not file.is_file():
        return usual
    errors: list[PackError] = []
    table = Source(file, errors).root()
    found = ServiceSettings(
        table.integer("workers", usual.workers, above=0), table.integer("connections", usual.connections)
    )
    for key, value, most in (
        ("workers", found.workers, spec.max_workers),
        ("connections", found.connections, spec.max_connections),
    ):
        if value > most:
            table.refuse(key, f"{value} is above the {most} that the contract allows")
    table.close()
    if errors:
        raise PackErrors(errors)
    return found
