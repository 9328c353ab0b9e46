"""A small pack written into a temporary folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.packs.levels import LoadProfile
from engine.packs.records import AnswerKey, Condition, Pack, Symptom
from engine.packs.topology import Edge, Protocol, ServiceSpec

APP = "RATE = 3\n\n\ndef total(count):\n    return count * RATE\n\n\ndef name():\n    return 'billing'\n"


def service(folder: Path, name: str, editable: bool) -> ServiceSpec:
    """A service with one file."""
    source = folder / "services" / name
    source.mkdir(parents=True)
    (source / "app.py").write_text(APP, "utf-8")
    return ServiceSpec(name, source, editable, None, 4, 4, 8, 8, 200, "does a thing")


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """An editable `billing`, a read-only `ledger`, and the documents."""
    folder = tmp_path / "pack"
    services = (service(folder, "billing", True), service(folder, "ledger", False))
    (folder / "contract.md").write_text("# Contract\n", "utf-8")
    (folder / "runbook.md").write_text("# Runbook\n", "utf-8")
    (folder / "facilitator.md").write_text("the answer\n", "utf-8")
    condition = Condition("drift", ">", 0, 1)
    return Pack(
        "tiny", folder, "anvil", "Tiny", "story", "SEV2", services,
        (Edge("clients", "billing", Protocol.HTTP),), "billing", (LoadProfile("base", 1, 1, 1),), "base", 0,
        Symptom(condition, 1, ""), (), (), (condition,), (), AnswerKey("", "", ()), (), "",
    )  # fmt: skip
