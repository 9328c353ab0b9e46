"""Read `scenarios/<id>/scenario.toml` and what lies beside it into a `Pack`, or refuse it with every mistake."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from engine.packs.checks import check_files, check_graph, check_herrings, check_numbers
from engine.packs.errors import PackError, PackErrors
from engine.packs.levels import Level, LoadProfile, ProfileChange, ServiceChange
from engine.packs.records import (
    AlertSpec,
    AnswerKey,
    Chart,
    ChartSeries,
    Cheat,
    Herring,
    Hint,
    HintLevel,
    Pack,
    ReferenceFix,
    Severity,
    Symptom,
    Verdict,
)
from engine.packs.tables import Source, Table
from engine.packs.topology import CLIENTS, Edge, Protocol, ServiceSpec

_Value = TypeVar("_Value")

FORMAT = 1
"""the version of scenario.toml that this program reads"""

STYLES = ("line", "area", "bars", "errors", "heat")
UNITS = ("ms", "per_s", "cents", "percent", "count")


def list_packs(root: Path) -> tuple[Path, ...]:
    """The folders below `root` that hold a scenario.toml, by name."""
    return tuple(sorted(file.parent for file in root.glob("*/scenario.toml")))


def read_pack(folder: Path) -> Pack:
    """The pack in `folder`. Raises PackErrors with every mistake that was found."""
    errors: list[PackError] = []
    source = Source(folder / "scenario.toml", errors)
    root = source.root()
    pack = _pack(root, folder, errors)
    check_graph(pack, source)
    check_numbers(pack, source)
    check_herrings(pack, source)
    check_files(pack, source)
    if errors:
        raise PackErrors(errors)
    return pack


def _pack(root: Table, folder: Path, errors: list[PackError]) -> Pack:
    version = root.integer("format")
    if root.has("format") and version != FORMAT:
        root.refuse("format", f"version {version} is not known to this program", [str(FORMAT)])
    services = tuple(_service(table, folder) for table in root.tables("services", least=1))
    names = [service.name for service in services]
    entry = root.one_of("entry", names)
    profiles = tuple(_profile(table, entry) for table in root.tables("profiles", least=1))
    herrings = tuple(_herring(table) for table in root.tables("herrings"))
    verification = root.table("verification")
    fixes = _fixes(folder, errors)
    pack = Pack(
        id=root.text("id"),
        folder=folder,
        codename=root.text("codename"),
        title=root.text("title"),
        story=root.text("story"),
        severity=root.text("severity"),
        services=services,
        edges=tuple(_edge(table, names) for table in root.tables("edges", least=1)),
        entry=entry,
        profiles=profiles,
        trigger_profile=_trigger(root.table("trigger"), profiles),
        warmup_s=root.number("warmup_s"),
        symptom=_symptom(root.table("symptom")),
        alerts=tuple(_alert(table, names) for table in root.tables("alerts")),
        charts=tuple(_chart(table) for table in root.tables("charts")),
        baseline=tuple(_closed(table, table.condition()) for table in root.tables("baseline", least=1)),
        hints=tuple(_hint(table) for table in root.tables("hints")),
        answer=_answer(root.table("answer")),
        fixes=fixes,
        reference_fix=verification.one_of("reference_fix", [fix.name for fix in fixes]),
        goodput=verification.condition("goodput") if verification.has("goodput") else None,
        standard=root.flag("standard", False),
        levels=tuple(_level(table, herrings, profiles, names) for table in root.tables("levels")),
        all_herrings=herrings,
    )
    verification.close()
    root.close()
    return pack


def _closed(table: Table, value: _Value) -> _Value:
    table.close()
    return value


def _service(table: Table, folder: Path) -> ServiceSpec:
    name = table.text("name")
    return _closed(
        table,
        ServiceSpec(
            name=name,
            folder=folder / "services" / name,
            editable=table.flag("editable"),
            database=table.text("database") if table.has("database") else None,
            workers=table.integer("workers", above=0),
            connections=table.integer("connections"),
            max_workers=table.integer("max_workers", above=0),
            max_connections=table.integer("max_connections"),
            memory_mb=table.integer("memory_mb", above=0),
            role=table.text("role"),
            stub=table.flag("stub", False),
        ),
    )


def _edge(table: Table, names: list[str]) -> Edge:
    protocol = table.choice("protocol", Protocol)
    target = ["postgres"] if protocol is Protocol.POSTGRES else names
    return _closed(
        table,
        Edge(
            table.one_of("source", [CLIENTS, *names]),
            table.one_of("target", target),
            protocol,
            table.number("latency_ms", 0.0),
        ),
    )


def _profile(table: Table, entry: str) -> LoadProfile:
    return _closed(
        table,
        LoadProfile(
            name=table.text("name"),
            rate_per_s=table.number("rate_per_s", above=0),
            max_in_flight=table.integer("max_in_flight", above=0),
            timeout_s=table.number("timeout_s", above=0),
            traffic=table.text("traffic", ""),
            clients=table.name("clients", entry),
        ),
    )


def _herring(table: Table) -> Herring:
    intensity = table.table("intensity")
    return _closed(
        table,
        Herring(
            id=table.name("id"),
            title=table.text("title"),
            text=table.text("text"),
            action=table.text("action"),
            target=table.text("target", ""),
            intensity=intensity.numbers(),
            after_s=table.number("after_s"),
            lasts_s=table.number("lasts_s", above=0),
            tolerance=table.number("tolerance", 2.0, above=1),
        ),
    )


def _level(
    table: Table, herrings: tuple[Herring, ...], profiles: tuple[LoadProfile, ...], services: list[str]
) -> Level:
    known = [profile.name for profile in profiles]
    return _closed(
        table,
        Level(
            number=table.integer("number", above=0),
            text=table.text("text"),
            herrings=table.words("herrings", [herring.id for herring in herrings]),
            within_s=table.number("within_s", above=0) if table.has("within_s") else None,
            profiles={name: _profile_change(below) for name, below in table.named_tables("profiles", known)},
            services={
                name: _service_change(below) for name, below in table.named_tables("services", services)
            },
        ),
    )


def _profile_change(table: Table) -> ProfileChange:
    return _closed(
        table,
        ProfileChange(
            rate_per_s=table.number("rate_per_s", above=0) if table.has("rate_per_s") else None,
            max_in_flight=table.integer("max_in_flight", above=0) if table.has("max_in_flight") else None,
            traffic=table.text("traffic") if table.has("traffic") else None,
        ),
    )


def _service_change(table: Table) -> ServiceChange:
    return _closed(
        table,
        ServiceChange(
            workers=table.integer("workers", above=0) if table.has("workers") else None,
            connections=table.integer("connections") if table.has("connections") else None,
        ),
    )


def _trigger(table: Table, profiles: tuple[LoadProfile, ...]) -> str:
    return _closed(table, table.one_of("profile", [profile.name for profile in profiles]))


def _symptom(table: Table) -> Symptom:
    return _closed(
        table,
        Symptom(
            condition=table.condition(),
            within_s=table.number("within_s", above=0),
            text=table.text("text"),
            title=table.text("title", ""),
            unit=table.one_of("unit", UNITS, "count"),
        ),
    )


def _alert(table: Table, names: list[str]) -> AlertSpec:
    return _closed(
        table,
        AlertSpec(
            id=table.text("id"),
            title=table.text("title"),
            detail=table.text("detail"),
            severity=table.choice("severity", Severity),
            service=table.one_of("service", names),
            condition=table.condition(),
        ),
    )


def _chart(table: Table) -> Chart:
    return _closed(
        table,
        Chart(
            id=table.text("id"),
            title=table.text("title"),
            caption=table.text("caption", ""),
            unit=table.one_of("unit", UNITS),
            series=tuple(_chart_series(line) for line in table.tables("series", least=1)),
            slo=table.number("slo") if table.has("slo") else None,
            slo_label=table.text("slo_label", ""),
        ),
    )


def _chart_series(table: Table) -> ChartSeries:
    return _closed(
        table,
        ChartSeries(
            table.text("series"),
            table.text("label"),
            table.one_of("style", STYLES, "line"),
            table.text("colour", ""),
        ),
    )


def _hint(table: Table) -> Hint:
    return _closed(table, Hint(table.choice("level", HintLevel), table.text("text"), table.integer("cost")))


def _answer(table: Table) -> AnswerKey:
    return _closed(
        table, AnswerKey(table.text("component"), table.text("mechanism"), table.texts("evidence"))
    )


def _fixes(folder: Path, errors: list[PackError]) -> tuple[ReferenceFix, ...]:
    fixes = []
    for place in sorted(path for path in (folder / "fixes").glob("*") if path.is_dir()):
        if place.name.startswith((".", "__")):
            continue
        try:
            table = Source(place / "fix.toml", errors).root()
        except PackErrors as refused:
            errors[:] = refused.errors
            continue
        fixes.append(_fix(table, place))
    return tuple(fixes)


def _fix(table: Table, folder: Path) -> ReferenceFix:
    deserved = [verdict.value for verdict in Verdict if verdict is not Verdict.NOT_RUN]
    return _closed(
        table,
        ReferenceFix(
            name=folder.name,
            folder=folder,
            verdict=Verdict(table.one_of("verdict", deserved)),
            decided_by=table.text("decided_by", ""),
            summary=table.text("summary"),
            cheat=table.choice("cheat", Cheat) if table.has("cheat") else None,
        ),
    )
