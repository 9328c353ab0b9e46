"""The services are ordinary code: nothing in them steers the fault or tells of it."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from engine.packs.records import Pack
from engine.packs.service_settings import read_service_settings

FOLDER = Path(__file__).resolve().parents[3] / "scenarios" / "n_plus_one"
SOURCES = sorted((FOLDER / "services").rglob("*.py"))
STUB = FOLDER / "services" / "carrier" / "app.py"
FIXED = sorted((FOLDER / "fixes").rglob("*.py"))
TELLING = (
    "n+1", "lazy", "lazi", "eager", "slow", "fault", "bug", "wrong", "one by one", "in a loop", "symptom", "incident",
    "inject", "scenario", "drill", "chaos", "simulat", "broken", "storm", "nordhaus", "demo", "todo",
)  # fmt: skip
STEERING = {"random", "secrets", "time", "sched", "uuid"}
PARTICIPANTS_READ = [*SOURCES, FOLDER / "contract.md", FOLDER / "runbook.md"]
REFERENCE = FOLDER / "fixes" / "selectinload_and_threads" / "files"


def imported(source: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("source", [*SOURCES, *FIXED], ids=lambda path: str(path.relative_to(FOLDER)))
def test_that_no_source_waits_throws_dice_or_reads_a_switch(source: Path) -> None:
    assert not imported(source) & STEERING
    text = source.read_text()
    assert not re.search(r"\bflag\b|feature|toggle", text, re.IGNORECASE)
    assert len(re.findall(r"\bsleep\b", text)) == (1 if source == STUB else 0)
    read = set(re.findall(r'os\.environ(?:\.get\(|\[)"(\w+)"', text))
    assert read <= {"DATABASE_URL", "SHIPPING_URL", "CARRIER_URL", "CONNECTIONS", "WORKERS"}
    assert text.count("os.environ") == len(re.findall(r'os\.environ(?:\.get\(|\[)"\w+"', text))


def test_that_only_the_company_outside_has_a_service_time(pack: Pack) -> None:
    assert [service.name for service in pack.services if service.stub] == ["carrier"]
    assert not pack.service("carrier").editable


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_that_no_source_tells_what_is_the_matter(source: Path) -> None:
    text = source.read_text().lower()
    assert [word for word in TELLING if re.search(rf"\b{re.escape(word)}", text)] == []


@pytest.mark.parametrize("file", PARTICIPANTS_READ, ids=lambda path: str(path.relative_to(FOLDER)))
def test_that_what_participants_read_does_not_name_the_pack(file: Path, pack: Pack) -> None:
    text = file.read_text().lower()
    assert pack.id not in text
    assert pack.answer.mechanism.lower() not in text


def test_that_names_which_participants_see_are_neutral(pack: Pack) -> None:
    seen = [pack.codename, pack.title, pack.story, *(alert.title for alert in pack.alerts), *pack.databases]
    seen += [service.role for service in pack.services]
    seen += [profile.clients for profile in pack.profiles]
    hidden = re.compile(r"n\+1|n_plus|lazy|batch|statement|pool|connection|one after|in a row", re.IGNORECASE)
    assert [text for text in seen if hidden.search(text)] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_that_sources_are_as_short_as_people_read_them(source: Path) -> None:
    assert len(source.read_text().splitlines()) <= 200


def test_that_services_run_with_the_numbers_of_the_scenario_within_those_of_the_contract(pack: Pack) -> None:
    contract = (FOLDER / "contract.md").read_text()
    limits = {}
    for row in ("worker threads", "connections to PostgreSQL", "memory"):
        found = re.search(rf"\| {row} \| (\d+)(?: MB)? \| (\d+)(?: MB)? \|", contract)
        assert found is not None
        limits[row] = [int(found[1]), int(found[2])]
    services = [pack.service(name) for name in ("storefront", "shipping")]
    assert limits["worker threads"] == [service.max_workers for service in services]
    assert limits["connections to PostgreSQL"] == [service.max_connections for service in services]
    assert limits["memory"] == [service.memory_mb for service in services]
    for service in services:
        settings = read_service_settings(service.folder, service)
        assert (settings.workers, settings.connections) == (service.workers, service.connections)


def test_that_a_bigger_pool_is_as_big_as_the_contract_allows(pack: Pack) -> None:
    for name in ("storefront", "shipping"):
        service = pack.service(name)
        settings = tomllib.loads((FOLDER / "fixes/bigger_pool/files" / name / "service.toml").read_text())
        assert settings == {"workers": service.max_workers, "connections": service.max_connections}


@pytest.mark.parametrize(
    ("fix", "differs"),
    [
        ("telemetry_removed", {"storefront/app.py"}),
        ("errors_swallowed", {"storefront/shipping.py"}),
        ("page_cut", {"storefront/history.py"}),
        ("kept_states", {"shipping/carrier.py"}),
        ("bound_a_request", {"shipping/carrier.py"}),
        ("carrier_one_by_one", set()),
    ],
)
def test_that_a_fix_differs_from_the_right_one_in_what_it_is_judged_for(fix: str, differs: set[str]) -> None:
    files = FOLDER / "fixes" / fix / "files"
    changed = {
        file.relative_to(files).as_posix()
        for file in files.rglob("*.py")
        if not (REFERENCE / file.relative_to(files)).is_file()
        or file.read_text() != (REFERENCE / file.relative_to(files)).read_text()
    }
    assert changed == differs
