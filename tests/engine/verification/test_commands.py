"""`drill verify` of a patch or a folder: what is refused, what is printed, and the exit code."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from tiny_pack import EXACT, REPAIR, app

from engine.clock import FakeClock
from engine.drill.errors import DrillError
from engine.packs.records import Pack
from engine.verification.commands import HELD, NOT_HELD, CommandResult, Submission, verify_command
from engine.workspace import Workspace


def command(pack: Pack, submission: Submission, **options: object) -> CommandResult:
    """Run the command; what it says is kept nowhere."""
    return asyncio.run(verify_command(pack, submission, lambda _: None, **options))  # type: ignore[arg-type]


def patch(pack: Pack, folder: Path, text: str) -> Path:
    """A patch file that turns the till's app.py into `text`."""
    workspace = Workspace.create(folder / "tree", [pack], FakeClock())
    workspace.write("till/app.py", text)
    file = folder / "fix.patch"
    file.write_text(workspace.diff(), "utf-8")
    workspace.close()
    return file


def test_that_a_patch_is_judged_and_its_json_has_what_readers_expect(pack: Pack, tmp_path: Path) -> None:
    said: list[str] = []
    submission = Submission(patch=patch(pack, tmp_path, app(EXACT, REPAIR)))
    result = asyncio.run(verify_command(pack, submission, said.append, only="rows-kept"))
    assert result.exit_code == HELD
    words = json.loads(json.dumps(result.words))
    assert words["verdict"] == "right"
    assert {"verdict", "probe", "measured", "required", "probes", "seconds", "pack", "only"} <= words.keys()
    assert all(probe["held"] and probe["measured"] for probe in words["probes"])
    assert any(line.startswith("rows-kept: held") for line in said)


def test_that_a_folder_with_the_services_is_judged(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / "mine" / "services" / "till").mkdir(parents=True)
    (tmp_path / "mine" / "services" / "till" / "app.py").write_text("x = \n", "utf-8")
    result = command(pack, Submission(workspace=tmp_path / "mine"), only="rows-kept")
    assert (result.exit_code, result.words["verdict"], result.words["probe"]) == (NOT_HELD, "wrong", "starts")
    assert "app.py:1" in result.words["measured"]


def test_that_a_folder_without_the_service_is_wrong(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    result = command(pack, Submission(workspace=tmp_path / "mine"))
    assert (result.exit_code, result.words["measured"]) == (NOT_HELD, "the service till is missing")


def test_that_a_patch_that_does_not_fit_is_refused_with_file_and_line(pack: Pack, tmp_path: Path) -> None:
    file = tmp_path / "other.patch"
    file.write_text("--- a/till/app.py\n+++ b/till/app.py\n@@ -2 +2 @@\n-nothing\n+more\n", "utf-8")
    with pytest.raises(DrillError, match=r"till/app\.py:2: hunk 1 does not fit"):
        command(pack, Submission(patch=file))


@pytest.mark.parametrize(
    ("submission", "options", "message"),
    [
        (Submission(patch=Path("nowhere.patch")), {}, "cannot be read"),
        (Submission(workspace=Path("nowhere")), {}, "is not a folder"),
        (Submission(), {"only": "nothing"}, "no probe 'nothing' in tiny; there are rows-kept"),
    ],
)
def test_that_wrong_use_is_refused_in_plain_words(
    pack: Pack, submission: Submission, options: dict[str, str], message: str
) -> None:
    with pytest.raises(DrillError, match=message):
        command(pack, submission, **options)
