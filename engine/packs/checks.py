"""What must agree inside a pack, beyond the type of each key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.packs.chaos import ACTIONS, ChaosRefused, ChaosTarget, checked_duration_s, checked_intensity
from engine.packs.errors import PackError
from engine.packs.places import Path as KeyPath
from engine.packs.records import Pack, ReferenceFix
from engine.packs.tables import Source, meant
from engine.packs.topology import Protocol

FILES = ("traffic.py", "meter.py", "probes.py", "contract.md", "runbook.md", "facilitator.md")
"""every pack has them"""

MAX_CONNECTIONS = 100
"""for all services of a pack together; the server takes 120, the engine keeps the rest"""


def check_graph(pack: Pack, source: Source) -> None:
    """Edges against services and databases."""
    services = {service.name: service for service in pack.services}
    for index, edge in enumerate(pack.edges):
        where = ("edges", index)
        spec = services.get(edge.source)
        if edge.protocol is Protocol.POSTGRES and spec is not None and spec.database is None:
            source.refuse(
                (*where, "source"),
                f"{edge.source!r} has no database, so it cannot have an edge to postgres",
                [name for name, service in services.items() if service.database],
            )
        if edge.protocol is Protocol.POSTGRES and edge.source == "clients":
            source.refuse((*where, "source"), "clients do not reach a database", list(services))
        if edge.source == edge.target:
            source.refuse((*where, "target"), "an edge joins two different services")
    _refuse_repeated(source, "edges", "target", [f"{e.source} -> {e.target}" for e in pack.edges])
    joined = {(edge.source, edge.target) for edge in pack.edges}
    for index, service in enumerate(pack.services):
        if service.database and (service.name, "postgres") not in joined:
            source.refuse(
                ("services", index, "database"), f"no edge from {service.name!r} to postgres leads there"
            )
    if pack.entry and ("clients", pack.entry) not in joined:
        source.refuse(("entry",), f"no edge from clients to {pack.entry!r}")


def check_numbers(pack: Pack, source: Source) -> None:
    """Names that must differ, limits, and profiles that every pack has."""
    for table, key, names in (
        ("services", "name", [service.name for service in pack.services]),
        ("profiles", "name", [profile.name for profile in pack.profiles]),
        ("alerts", "id", [alert.id for alert in pack.alerts]),
        ("charts", "id", [chart.id for chart in pack.charts]),
        ("herrings", "id", [herring.id for herring in pack.all_herrings]),
        ("levels", "number", [level.number for level in pack.levels]),
    ):
        _refuse_repeated(source, table, key, names)
    for index, service in enumerate(pack.services):
        for key, value, most in (
            ("workers", service.workers, service.max_workers),
            ("connections", service.connections, service.max_connections),
        ):
            if value > most:
                source.refuse(("services", index, key), f"{value} is above max_{key} = {most}")
        if service.stub and service.editable:
            source.refuse(
                ("services", index, "editable"), "a stub stands for a company outside: nobody edits it"
            )
    if sum(service.max_connections for service in pack.services) > MAX_CONNECTIONS:
        source.refuse(("services",), f"max_connections of all services are above {MAX_CONNECTIONS}")
    profiles = [profile.name for profile in pack.profiles]
    for needed in ("base", "trigger"):
        if needed not in profiles:
            source.refuse(("profiles",), f"the profile {needed!r} is missing")
    if pack.id and pack.id in pack.codename:
        source.refuse(("codename",), "must not hold the id: participants see it")
    if pack.id and pack.id != pack.folder.resolve().name:
        source.refuse(("id",), f"the folder is called {pack.folder.resolve().name!r}")


def check_herrings(pack: Pack, source: Source) -> None:
    """Each herring is a chaos action that can be done to something of the pack."""
    for index, herring in enumerate(pack.all_herrings):
        where = ("herrings", index)
        if herring.action not in ACTIONS:
            source.refuse(
                (*where, "action"), f"{herring.action!r} is unknown{meant(herring.action, ACTIONS)}", ACTIONS
            )
            continue
        action = ACTIONS[herring.action]
        allowed = _targets(pack, action.target)
        if herring.target not in allowed:
            source.refuse((*where, "target"), f"{action.name} cannot be done to {herring.target!r}", allowed)
        for key, check in (
            ("intensity", lambda one=herring, of=action: checked_intensity(of, one.intensity)),
            ("lasts_s", lambda one=herring, of=action: checked_duration_s(of, one.lasts_s)),
        ):
            try:
                check()
            except ChaosRefused as refused:
                source.refuse((*where, key), str(refused))


def _targets(pack: Pack, kind: ChaosTarget) -> Sequence[str]:
    edges = pack.topology.edges
    match kind:
        case ChaosTarget.EDGE:
            return [f"{edge.source}->{edge.target}" for edge in edges]
        case ChaosTarget.UPSTREAM:
            return [f"{edge.source}->{edge.target}" for edge in edges if edge.protocol is Protocol.HTTP]
        case ChaosTarget.SERVICE:
            return [service.name for service in pack.services]
        case ChaosTarget.HOST:
            return [""]


def check_files(pack: Pack, source: Source) -> None:
    """The files that a pack needs beside scenario.toml."""
    for name in FILES:
        _need_file(source, pack.folder / name)
    for index, service in enumerate(pack.services):
        if service.name and not (service.folder / "app.py").is_file():
            source.refuse(("services", index, "name"), f"services/{service.name}/app.py is missing")
    for fix in pack.fixes:
        _check_fix(pack, fix, source)


def _check_fix(pack: Pack, fix: ReferenceFix, source: Source) -> None:
    editable = {service.name for service in pack.services if service.editable}
    for place in sorted((fix.folder / "files").glob("*")):
        if place.name not in editable:
            message = f"a fix may not change {place.name!r}{meant(place.name, editable)}"
            source.errors.append(PackError(place, 0, "", message, tuple(sorted(editable))))


def _need_file(source: Source, file: Path) -> None:
    if not file.is_file():
        source.errors.append(PackError(file, 0, "", "this file is missing"))


def _refuse_repeated(source: Source, table: str, key: str, names: Sequence[object]) -> None:
    for index, name in _repeated(names):
        path: KeyPath = (table, index, key)
        source.refuse(path, f"{name!r} is there twice")


def _repeated(names: Sequence[object]) -> Iterable[tuple[int, object]]:
    seen: set[object] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield index, name
        seen.add(name)
