"""The services are ordinary code: nothing in them steers the fault or tells of it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from engine.packs.records import Pack

FOLDER = Path(__file__).resolve().parents[3] / "scenarios" / "fp_drift"
SOURCES = sorted((FOLDER / "services").rglob("*.py"))
FIXED = sorted((FOLDER / "fixes").rglob("*.py"))
TELLING = (
    "drift", "fault", "bug", "wrong", "trunc", "half-even", "half to even", "imprecis", "precision", "inexact",
    "symptom", "incident", "inject", "scenario", "drill", "chaos", "simulat", "broken", "month", "demo", "todo",
)  # fmt: skip
STEERING = {"random", "secrets", "time", "sched", "uuid"}
PARTICIPANTS_READ = [*SOURCES, FOLDER / "contract.md", FOLDER / "runbook.md"]


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
    assert not re.search(r"\bsleep\b|\bflag\b|feature|toggle", text, re.IGNORECASE)
    read = set(re.findall(r'os\.environ(?:\.get\(|\[)"(\w+)"', text))
    assert read <= {"DATABASE_URL", "BILLING_URL", "LEDGER_URL", "CONNECTIONS", "WORKERS"}
    assert text.count("os.environ") == len(re.findall(r'os\.environ(?:\.get\(|\[)"\w+"', text))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_that_no_source_tells_what_is_the_matter(source: Path) -> None:
    text = source.read_text().lower()
    assert [word for word in TELLING if re.search(rf"\b{word}", text)] == []


@pytest.mark.parametrize("file", PARTICIPANTS_READ, ids=lambda path: str(path.relative_to(FOLDER)))
def test_that_what_participants_read_does_not_name_the_pack(file: Path, pack: Pack) -> None:
    text = file.read_text().lower()
    assert pack.id not in text
    assert pack.answer.mechanism.lower() not in text


def test_that_names_which_participants_see_are_neutral(pack: Pack) -> None:
    seen = [pack.codename, pack.title, pack.story, *(alert.title for alert in pack.alerts), *pack.databases]
    seen += [service.role for service in pack.services]
    hidden = re.compile(r"float|fp_|trunc|\bREAL\b|double precision|rounding|idempot", re.IGNORECASE)
    assert [text for text in seen if hidden.search(text)] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_that_sources_are_as_short_as_people_read_them(source: Path) -> None:
    assert len(source.read_text().splitlines()) <= 200


def test_that_modules_which_fixes_share_are_the_same_everywhere() -> None:
    """A masked fix differs from the right one in its arithmetic only, so that only this is judged."""
    right = FOLDER / "fixes" / "integer_cents" / "files" / "billing"
    for fix in ("fsum", "key_race", "history_left", "decimal_from_strings", "decimal_of_float"):
        files = FOLDER / "fixes" / fix / "files" / "billing"
        same = {
            file.name for file in files.glob("*.py") if file.read_text() == (right / file.name).read_text()
        }
        allowed = {
            "fsum": {"money.py", "schemas.py"},
            "key_race": {"charging.py", "backfill.py", "models.py"},
            "history_left": {"backfill.py", "database.py", "app.py"},
        }.get(fix, {"money.py", "schemas.py", "charging.py", "backfill.py"})
        assert {file.name for file in files.glob("*.py")} - same == allowed, fix
