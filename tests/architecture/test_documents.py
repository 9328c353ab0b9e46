"""What the documents name exists, and what exists is documented."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from engine.commands import COMMANDS, parser

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "scenarios/README.md",
    "engine/telemetry/README.md",
)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_that_every_path_that_a_document_names_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"`((?:app|engine|protos|scenarios|assets|tests)/[\w./<>-]*)`", text)
    named += re.findall(r"\]\(([\w./-]+)\)", text)
    missing = [path for path in named if "<" not in path and not (ROOT / path).exists()]
    assert missing == []


def test_that_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [word for word in COMMANDS if f"`{word}" not in text] == []


def test_that_every_command_explains_itself() -> None:
    top = parser()
    shown = top.format_help()
    assert [word for word in COMMANDS if word not in shown] == []


def test_that_every_module_and_package_says_what_it_is() -> None:
    silent = []
    for package in ("app", "assets", "engine", "protos", "scenarios"):
        for file in (ROOT / package).rglob("*.py"):
            generated = file.name.endswith(("_pb2.py", "_pb2_grpc.py"))
            if not generated and ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) is None:
                silent.append(str(file.relative_to(ROOT)))
    assert silent == []
