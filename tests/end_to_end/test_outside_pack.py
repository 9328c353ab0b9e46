"""A scenario from outside, trusted and opened: its code runs in processes of its own, never in the engine's."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from engine.packs.starter import make_pack
from engine.rehearsal.engine_child import EngineChild
from protos.drill.v1.client import EngineRefused

PATIENCE_S = 30.0


@pytest.fixture
def noted(tmp_path: Path) -> tuple[Path, Path]:
    """A pack from outside whose every program file notes the process that loads it, and the notes."""
    folder, notes = make_pack("mine", tmp_path / "outside", (), ()), tmp_path / "notes"
    for file in folder.rglob("*.py"):
        where = file.relative_to(folder).as_posix()
        line = f"__import__('pathlib').Path({str(notes)!r}).open('a').write(f'{where} {{os.getpid()}}\\n')"
        text = file.read_text(encoding="utf-8")
        file.write_text(f"{text}\nos = __import__('os')\n{line}\n", encoding="utf-8")
    return folder, notes


def read(notes: Path) -> dict[str, int]:
    """By file: the process that loaded it last."""
    lines = notes.read_text().splitlines() if notes.exists() else []
    return {where: int(pid) for where, pid in (line.split() for line in lines)}


def test_that_the_code_of_a_scenario_from_outside_never_runs_in_the_engine(
    tmp_path: Path, noted: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, notes = noted
    monkeypatch.setenv("DRILL_HOME", str(tmp_path / "home"))
    with EngineChild(tmp_path / "runs", tmp_path / "engine.log") as engine:
        lead = engine.facilitator
        added = lead.add_pack(str(folder))
        assert [pack.id for pack in lead.list_packs() if pack.origin] == ["mine"]
        assert read(notes) == {}
        lead.trust_pack(str(folder), added.fingerprint)
        run = list(lead.open_run(("mine",), seed=7))[-1].run
        lead.start_phase("phase-1")
        lead.trigger_scenario("mine")
        end = time.monotonic() + PATIENCE_S
        while not lead.snapshot().scenarios[0].symptom_drill_ms and time.monotonic() < end:
            time.sleep(0.1)
        assert lead.snapshot().scenarios[0].symptom_drill_ms
        loaded, engine_process = read(notes), lead.hello().process_id
        assert loaded.keys() >= {"traffic.py", "meter.py", "services/rides/app.py"}
        assert engine_process not in loaded.values()
    with EngineChild(tmp_path / "runs", tmp_path / "again.log") as engine:
        assert list(engine.facilitator.open_run(resume=run))[-1].run == run
    (folder / "meter.py").write_text("", encoding="utf-8")
    with EngineChild(tmp_path / "runs", tmp_path / "changed.log") as engine:
        with pytest.raises(EngineRefused, match="nobody trusts them"):
            list(engine.facilitator.open_run(resume=run))
