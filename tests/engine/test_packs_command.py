"""`drill packs`, `verify` and `rehearse` with scenarios from outside: the question, and what is said without one."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from engine.commands import HELD, WRONG_USE, main
from engine.home import home
from engine.packs.outside import OutsidePacks, files_of
from engine.packs.starter import make_pack


class Terminal(io.StringIO):
    """What a user types, and what they read."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRILL_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "stdin", io.StringIO())


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A pack from outside whose probes cannot even be imported: whoever loads them fails."""
    folder = make_pack("mine", tmp_path / "outside", (), ())
    for name in ("probes", "traffic", "meter"):
        (folder / f"{name}.py").write_text('"""Not to be loaded."""\nraise SystemExit("it was loaded")\n')
    return folder


def test_that_a_new_scenario_is_made_and_named_by_what_to_type_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["packs", "new", "retry_storm", "--folder", str(tmp_path)]) == HELD
    folder = tmp_path / "retry_storm"
    assert f"packs check {folder}" in capsys.readouterr().out
    assert (folder / "scenario.toml").is_file()


@pytest.mark.parametrize("name", ["Bad", "fp_drift"])
def test_that_a_name_that_cannot_be_is_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["packs", "new", name, "--folder", str(tmp_path)]) == WRONG_USE
    assert f"“{name}”" in capsys.readouterr().err
    assert list(tmp_path.glob("*")) == []


@pytest.mark.parametrize(
    "command",
    [
        ["packs", "check", "{folder}", "--quick"],
        ["rehearse", "{folder}"],
        ["verify", "{folder}", "--workspace", "{folder}"],
    ],
    ids=["check", "rehearse", "verify"],
)
def test_that_without_a_terminal_nothing_of_it_runs_until_that_is_said(
    outside: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main([word.format(folder=outside) for word in command]) == WRONG_USE
    said = capsys.readouterr().err
    assert "run as programs on this machine" in said
    assert str(outside) in said
    assert files_of(outside).fingerprint[:16] in said
    assert "say --trust" in said
    assert not OutsidePacks(home()).is_trusted(outside)


@pytest.mark.parametrize("answer", ["\n", "n\n", "", "perhaps\n"])
def test_that_only_a_yes_trusts(
    outside: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["packs", "check", str(outside), "--quick"]) == WRONG_USE
    assert "trust it? [y/N]" in terminal.getvalue()
    assert "nothing of it was run" in terminal.getvalue()
    assert not OutsidePacks(home()).is_trusted(outside)


def test_that_a_yes_is_kept_and_not_asked_for_again(
    outside: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    monkeypatch.setattr(sys, "stderr", terminal)
    command = ["verify", str(outside), "--workspace", str(outside), "--only", "nothing"]
    main(command)
    assert terminal.getvalue().count("trust it?") == 1
    assert OutsidePacks(home()).is_trusted(outside)
    main(command)
    assert terminal.getvalue().count("trust it?") == 1


def test_that_a_command_lets_a_process_of_the_judge_s_load_what_it_asks_the_pack(
    outside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The probes end whoever loads them; the command goes on and says so."""
    command = ["verify", str(outside), "--workspace", str(outside), "--only", "nothing", "--trust"]
    assert main(command) == 3
    assert "judge" in capsys.readouterr().err


def test_that_a_folder_is_offered_listed_and_removed(
    outside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["packs", "add", str(outside), "--json"]) == HELD
    added = json.loads(capsys.readouterr().out)
    assert (added["id"], added["trusted"], added["fingerprint"]) == (
        "mine",
        False,
        files_of(outside).fingerprint,
    )
    assert main(["packs", "list"]) == HELD
    assert f"from {outside}, not trusted as it is now" in capsys.readouterr().out
    assert main(["packs", "add", str(outside), "--trust"]) == HELD
    assert main(["packs", "list", "--json"]) == HELD
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["packs"]
    assert [(row["origin"], row["trusted"]) for row in rows if row["id"] == "mine"] == [(str(outside), True)]
    assert main(["packs", "remove", str(outside)]) == HELD
    assert main(["packs", "remove", str(outside)]) == WRONG_USE


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["packs", "check", "/nowhere"], "There is no folder /nowhere"),
        (["packs", "check", "nothing"], "There is no scenario “nothing”"),
        (["packs", "add", "/nowhere"], "There is no folder /nowhere"),
        (["verify", "/nowhere", "--workspace", "x"], "There is no folder /nowhere"),
        (["rehearse", "/nowhere"], "There is no folder /nowhere"),
    ],
)
def test_that_a_folder_that_is_not_there_is_wrong_use(
    capsys: pytest.CaptureFixture[str], command: list[str], message: str
) -> None:
    assert main(command) == WRONG_USE
    assert message in capsys.readouterr().err
