"""The services are ordinary code: nothing in them steers the fault or tells of it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from engine.packs.records import Pack

FOLDER = Path(__file__).resolve().parents[3] / "scenarios" / "deadlock"
SOURCES = sorted((FOLDER / "services").rglob("*.py"))
FIXED = sorted((FOLDER / "fixes").rglob("*.py"))
TELLING = (
    "deadlock", "circular", "circle", "cycle", "exhaust", "starv", "saturat", "fault", "bug", "wrong", "stuck",
    "hang", "symptom", "incident", "inject", "scenario", "drill", "chaos", "simulat", "broken", "sale",
    "demo", "todo",
)  # fmt: skip
STEERING = {"random", "secrets", "sched", "uuid"}
WAITING = FOLDER / "fixes" / "entry_throttled"
"""the one source that waits: a fix that does so must be refused"""
ORDINARY = [source for source in [*SOURCES, *FIXED] if not source.is_relative_to(WAITING)]
PARTICIPANTS_READ = [*SOURCES, FOLDER / "contract.md", FOLDER / "runbook.md"]
SHARED = (
    "WORKERS",
    "CONNECTIONS",
    "DATABASE_URL",
    "ORDERS_URL",
    "INVENTORY_URL",
    "PRICING_URL",
    "CATALOG_URL",
)


def shown(path: Path) -> str:
    return str(path.relative_to(FOLDER))


def imported(source: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("source", ORDINARY, ids=shown)
def test_that_no_source_waits_throws_dice_or_reads_a_switch(source: Path) -> None:
    assert not imported(source) & STEERING
    text = source.read_text()
    assert not re.search(r"\bsleep\b|\bflag\b|feature|toggle", text, re.IGNORECASE)
    read = re.findall(r'os\.environ(?:\.get\(|\[)"(\w+)"', text)
    assert set(read) <= set(SHARED)
    assert text.count("os.environ") == len(read)


@pytest.mark.parametrize("source", SOURCES, ids=shown)
def test_that_no_source_tells_what_is_the_matter(source: Path) -> None:
    text = source.read_text().lower()
    assert [word for word in TELLING if re.search(rf"\b{word}", text)] == []


@pytest.mark.parametrize("file", PARTICIPANTS_READ, ids=shown)
def test_that_what_participants_read_does_not_name_the_pack(file: Path, pack: Pack) -> None:
    text = file.read_text().lower()
    assert pack.id not in text
    assert not re.search(r"circular|circle|\bcycle", text)


def test_that_names_which_participants_see_are_neutral(pack: Pack) -> None:
    seen = [pack.codename, pack.title, pack.story, *(alert.title for alert in pack.alerts), *pack.databases]
    seen += [service.role for service in pack.services]
    seen += [text for chart in pack.charts for text in (chart.title, chart.caption)]
    hidden = re.compile(r"deadlock|\block|circ(le|ular)|cycle|pool exhaust|\bcall(s|ed)? back", re.IGNORECASE)
    assert [text for text in seen if hidden.search(text)] == []


@pytest.mark.parametrize("source", SOURCES, ids=shown)
def test_that_sources_are_as_short_as_people_read_them(source: Path) -> None:
    assert len(source.read_text().splitlines()) <= 200


def test_that_every_handler_but_health_holds_a_worker_while_it_waits() -> None:
    for app in (FOLDER / "services").glob("*/app.py"):
        tree = ast.parse(app.read_text())
        routed = {
            node.name: isinstance(node, ast.AsyncFunctionDef)
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and any("app." in ast.unparse(decorator) for decorator in node.decorator_list)
        }
        assert [name for name, is_async in routed.items() if is_async] == ["health"]


def test_that_calls_between_services_end_after_thirty_seconds() -> None:
    clients = [source for source in SOURCES if "httpx.Client(" in source.read_text()]
    assert len(clients) == 4
    assert all("httpx.Timeout(30.0, connect=2.0)" in source.read_text() for source in clients)


def test_that_forbidden_fixes_differ_from_the_right_one_in_what_is_forbidden_only() -> None:
    right = FOLDER / "fixes" / "demand_sent_along" / "files"
    for fix, allowed in (
        ("constraint_dropped", {"inventory/database.py"}),
        ("telemetry_off", {"orders/app.py"}),
    ):
        files = FOLDER / "fixes" / fix / "files"
        names = {str(file.relative_to(files)) for file in files.rglob("*.py")}
        same = {
            name
            for name in names
            if (right / name).is_file() and (right / name).read_text() == (files / name).read_text()
        }
        assert names - same == allowed
