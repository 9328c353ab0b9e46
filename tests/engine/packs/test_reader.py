"""A pack is read whole, or refused with every mistake at its file, line and key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.packs.errors import PackError, PackErrors
from engine.packs.reader import list_packs, read_pack
from engine.packs.records import Condition, Verdict
from engine.packs.topology import Protocol

SCENARIOS = Path(__file__).resolve().parents[3] / "scenarios"
MakePack = Callable[..., Path]


def refusal(folder: Path) -> tuple[PackError, ...]:
    with pytest.raises(PackErrors) as refused:
        read_pack(folder)
    return refused.value.errors


def only(folder: Path) -> PackError:
    errors = refusal(folder)
    assert len(errors) == 1, [str(error) for error in errors]
    return errors[0]


def line_of(folder: Path, text: str) -> int:
    lines = (folder / "scenario.toml").read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_that_a_sound_pack_is_read(make_pack: MakePack) -> None:
    pack = read_pack(make_pack())
    assert pack.databases == ("store",)
    assert pack.symptom.condition == Condition("lost.count", ">=", 1.0, 0.0)
    assert pack.baseline == (Condition("client.latency.p95_ms", "<=", 100.0, 5.0),)
    assert pack.edges[2].protocol is Protocol.POSTGRES
    assert pack.fix("remember").verdict is Verdict.RIGHT
    assert pack.profile("trigger").rate_per_s == 4.5
    assert pack.goodput == Condition("stress.good_per_s", ">=", 5.0, 0.0)


def test_that_every_pack_of_the_tree_is_read() -> None:
    folders = list_packs(SCENARIOS)
    assert SCENARIOS / "fp_drift" in folders
    for folder in folders:
        assert read_pack(folder).id == folder.name


@pytest.mark.parametrize(
    ("change", "at", "key", "message", "allowed"),
    [
        (("max_workers = 8\n", ""), "[[services]]", "services[0].max_workers", "missing", ""),
        (("warmup_s = 1\n", ""), "format = 1", "warmup_s", "missing", ""),
        (("rate_per_s = 2", 'rate_per_s = "2"'), 'rate_per_s = "2"', "profiles[0].rate_per_s", "number", ""),
        (("workers = 4", "workers = true"), "workers = true", "services[0].workers", "whole number", ""),
        (("rate_per_s = 4.5", "rate_per_s = 0"), "rate_per_s = 0", "profiles[1].rate_per_s", "more than 0", ""),
        (("editable = true", "editible = true"), "editible", "services[0].editible", "mean 'editable'", "editable"),
        (('target = "store"', 'target = "stor"'), '"stor"', "edges[1].target", "mean 'store'", "front"),
        (('source = "front"', 'source = "back"'), '"back"', "edges[1].source", "unknown", "clients"),
        (('database = "store"\n', ""), 'source = "store"', "edges[2].source", "no database", ""),
        (('severity = "warning"', 'severity = "bad"'), '"bad"', "alerts[0].severity", "unknown", "critical"),
        (('profile = "trigger"', 'profile = "tigger"'), '"tigger"', "trigger.profile", "mean 'trigger'", "base"),
        (('"lost.count >= 1"', '"lost.count => 1"'), "=>", "symptom.formula", "not a condition", "series > number"),
        (('"lost.count > 0"', '"lost > 0"'), '"lost > 0"', "alerts[0].formula", "not a condition", ""),
        (('fix = "remember"', 'fix = "x"'), 'fix = "x"', "verification.reference_fix", "unknown", "remember"),
        (("workers = 4", "workers = 9"), "workers = 9", "services[0].workers", "above max_workers", ""),
        (('name = "store"', 'name = "front"'), "", "services[1].name", "twice", ""),
        (('name = "base"', 'name = "bas"'), "[[profiles]]", "profiles", "'base' is missing", ""),
        (('codename = "willow"', 'codename = "small one"'), "codename", "codename", "participants", ""),
        (("format = 1", "format = 9"), "format", "format", "version 9", "1"),
        (('unit = "ms"', 'unit = "s"'), 'unit = "s"', "charts[0].unit", "unknown", "ms"),
        (('evidence = ["Rows are gone."]', "evidence = []"), "evidence", "answer.evidence", "at least one", ""),
    ],
)  # fmt: skip
def test_that_a_mistake_is_told_at_its_line_and_key(
    make_pack: MakePack, change: tuple[str, str], at: str, key: str, message: str, allowed: str
) -> None:
    folder = make_pack(change)
    errors = [error for error in refusal(folder) if error.key == key]
    assert len(errors) == 1, [str(error) for error in refusal(folder)]
    (error,) = errors
    assert error.file == folder / "scenario.toml"
    assert message in error.message
    if at:
        assert error.line == line_of(folder, at)
    if allowed:
        assert allowed in error.allowed


def test_that_all_mistakes_are_told_at_once(make_pack: MakePack) -> None:
    errors = refusal(
        make_pack(("workers = 4", "workers = -1"), ('entry = "front"', 'entry = "x"'), ("warmup_s = 1\n", ""))
    )
    assert {error.key for error in errors} >= {"services[0].workers", "entry", "warmup_s"}
    assert [error.line for error in errors] == sorted(error.line for error in errors)


def test_that_a_missing_file_is_named(make_pack: MakePack) -> None:
    folder = make_pack()
    (folder / "runbook.md").unlink()
    assert only(folder).file == folder / "runbook.md"


def test_that_a_service_without_source_is_named(make_pack: MakePack) -> None:
    folder = make_pack()
    (folder / "services" / "front" / "app.py").unlink()
    assert "services/front/app.py is missing" in only(folder).message


def test_that_a_fix_with_an_unknown_verdict_is_refused_in_its_own_file(make_pack: MakePack) -> None:
    folder = make_pack()
    file = folder / "fixes" / "remember" / "fix.toml"
    file.write_text('summary = "It remembers."\nverdict = "rihgt"\n')
    error = only(folder)
    assert (error.file, error.line, error.key) == (file, 2, "verdict")
    assert "did you mean 'right'" in error.message
    assert "partial" in error.allowed


def test_that_a_fix_may_only_change_what_the_team_may_edit(make_pack: MakePack) -> None:
    folder = make_pack()
    (folder / "fixes" / "remember" / "files" / "store").mkdir()
    assert "may not change 'store'" in only(folder).message


def test_that_text_which_is_not_toml_is_refused_at_its_line(make_pack: MakePack) -> None:
    folder = make_pack()
    file = folder / "scenario.toml"
    file.write_text("format = 1\nid = \n")
    assert (only(folder).line, only(folder).file) == (2, file)


def test_that_a_folder_without_a_pack_says_which_file_is_missing(tmp_path: Path) -> None:
    assert only(tmp_path).file == tmp_path / "scenario.toml"


def test_that_a_refusal_reads_as_one_line_a_mistake(make_pack: MakePack) -> None:
    folder = make_pack(('entry = "front"', 'entry = "frnt"'))
    with pytest.raises(PackErrors) as refused:
        read_pack(folder)
    first = str(refused.value).splitlines()[0]
    assert first.startswith(f"{folder / 'scenario.toml'}:7: entry: 'frnt' is unknown, did you mean 'front'?")
    assert first.endswith("(allowed: front, store)")
