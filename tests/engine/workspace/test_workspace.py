"""The team's tree: what can be written, proposed and deployed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.clock import FakeClock
from engine.packs.records import Pack
from engine.workspace.records import Change, PatchError, WorkspaceError
from engine.workspace.workspace import Workspace

APP = "billing/app.py"


@pytest.fixture
def workspace(tmp_path: Path, pack: Pack) -> Iterator[Workspace]:
    """A new workspace of the small pack."""
    made = Workspace.create(tmp_path / "workspace", [pack], FakeClock())
    yield made
    made.close()


def test_that_a_new_tree_holds_the_services_and_the_two_documents_and_no_more(workspace: Workspace) -> None:
    entries = {entry.path: (entry.service, entry.editable, entry.change) for entry in workspace.files()}
    assert entries == {
        "contract.md": ("", False, Change.NONE),
        "runbook.md": ("", False, Change.NONE),
        APP: ("billing", True, Change.NONE),
        "ledger/app.py": ("ledger", False, Change.NONE),
    }


def test_that_changes_are_marked_against_what_is_deployed(workspace: Workspace) -> None:
    workspace.write("billing/money/cents.py", "CENT = 1\n")
    workspace.write(APP, "RATE = 4\n")
    marks = {entry.path: entry.change for entry in workspace.files()}
    assert marks["billing/money/cents.py"] is Change.ADDED
    assert marks[APP] is Change.MODIFIED
    workspace.delete(APP)
    assert {entry.path: entry.change for entry in workspace.files()}[APP] is Change.DELETED


@pytest.mark.parametrize(
    "path",
    [
        "../outside.py", "/etc/passwd", "billing/../../../x", "services\\billing\\app.py", "C:x.py", "",
        ".git/config", "billing/.git/x", "ledger/app.py", "contract.md", "new/app.py",
        "billing", "/billing/app.py", "billing/__pycache__/app.pyc",
    ],
)  # fmt: skip
def test_that_nothing_outside_an_editable_service_can_be_written(workspace: Workspace, path: str) -> None:
    with pytest.raises(WorkspaceError):
        workspace.write(path, "x = 1\n")
    assert workspace.revert() == ()


@pytest.mark.skipif(sys.platform == "win32", reason="making a link needs a privilege there")
def test_that_a_link_does_not_lead_out_of_the_tree(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (workspace.folder / "billing/way_out").symlink_to(tmp_path / "secret")
    with pytest.raises(WorkspaceError, match="leads out"):
        workspace.write("billing/way_out/app.py", "x = 1\n")
    assert "billing/way_out" not in {entry.path for entry in workspace.files()}


@pytest.mark.parametrize("text", ["a\0b", "x" * 1_000_001])
def test_that_what_is_no_source_text_is_refused(workspace: Workspace, text: str) -> None:
    with pytest.raises(WorkspaceError):
        workspace.write(APP, text)
    assert "RATE = 3" in workspace.read(APP)


def test_that_a_binary_file_is_not_read_as_text(workspace: Workspace) -> None:
    (workspace.folder / "billing/logo.png").write_bytes(b"\x89PNG\xff")
    with pytest.raises(WorkspaceError, match="not text"):
        workspace.read("billing/logo.png")
    with pytest.raises(WorkspaceError, match="not text"):
        workspace.propose("a logo", "Ada")


def test_that_a_proposal_holds_what_changed_and_leaves_what_is_deployed(workspace: Workspace) -> None:
    before = workspace.deployed
    workspace.write(APP, workspace.read(APP).replace("RATE = 3", "RATE = 4"))
    proposal = workspace.propose("Charge four", "Ada <ada@example.org>")
    assert (proposal.title, proposal.author) == ("Charge four", "Ada ada@example.org")
    assert (proposal.files, proposal.added, proposal.removed) == ((APP,), 1, 1)
    assert "-RATE = 3\n+RATE = 4\n" in proposal.diff
    assert workspace.deployed == before
    assert proposal.diff == workspace.diff() == workspace.diff(proposal=proposal.commit)
    assert workspace.proposals() == (proposal,)


def test_that_a_proposal_without_a_change_is_refused(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="nothing to propose"):
        workspace.propose("Nothing", "Ada")
    workspace.write(APP, "RATE = 4\n")
    workspace.propose("Charge four", "Ada")
    with pytest.raises(WorkspaceError, match="these changes are proposal"):
        workspace.propose("Charge four again", "Ada")


def test_that_going_back_to_an_earlier_state_can_be_proposed_after_a_deploy(workspace: Workspace) -> None:
    original = workspace.read(APP)
    workspace.write(APP, "RATE = 4\n")
    workspace.mark_deployed(workspace.propose("Charge four", "Ada").commit)
    assert workspace.diff() == ""
    workspace.write(APP, original)
    assert workspace.propose("Back to three", "Ada").files == (APP,)


def test_that_a_read_only_service_is_deployed_as_it_came_whatever_is_on_disk(
    workspace: Workspace, tmp_path: Path
) -> None:
    (workspace.folder / "ledger/app.py").write_text("cheat = True\n", "utf-8")
    workspace.write(APP, "RATE = 4\n")
    proposal = workspace.propose("Charge four", "Ada")
    assert proposal.files == (APP,)
    exported = workspace.export(proposal.commit, "ledger", tmp_path / "deploys")
    assert "RATE = 3" in (exported / "app.py").read_text("utf-8")


def test_that_each_commit_is_exported_to_a_folder_of_its_own_and_never_written_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = workspace.deployed
    workspace.write(APP, "RATE = 4\n")
    second = workspace.propose("Charge four", "Ada").commit
    deploys = tmp_path / "deploys"
    old, new = (workspace.export(commit, "billing", deploys) for commit in (first, second))
    assert (old, new) == (deploys / first / "billing", deploys / second / "billing")
    assert (old / "app.py").read_text("utf-8") != (new / "app.py").read_text("utf-8")
    assert workspace.export(second, "billing", deploys) == new
    (new / "app.py").write_text("RATE = 5\n", "utf-8")
    with pytest.raises(WorkspaceError, match="was changed after it was deployed"):
        workspace.export(second, "billing", deploys)
    assert (new / "app.py").read_text("utf-8") == "RATE = 5\n"


def test_that_an_unknown_commit_or_service_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no commit"):
        workspace.export("0" * 40, "billing", tmp_path)
    with pytest.raises(WorkspaceError, match="no commit"):
        workspace.diff(base="main; rm")
    with pytest.raises(WorkspaceError, match="no service"):
        workspace.export(workspace.deployed, "nobody", tmp_path)


def test_that_a_file_that_somebody_else_changed_is_not_overwritten(workspace: Workspace) -> None:
    read = workspace.version(APP)
    workspace.write(APP, "RATE = 4\n", read)
    with pytest.raises(WorkspaceError, match="has changed since"):
        workspace.write(APP, "RATE = 5\n", read)
    assert workspace.read(APP) == "RATE = 4\n"
    assert workspace.read(APP, deployed=True).startswith("RATE = 3\n")
    workspace.write("billing/new.py", "", workspace.version("billing/new.py"))


def test_that_the_newest_proposal_is_known_until_it_runs(workspace: Workspace) -> None:
    assert workspace.proposed == ""
    workspace.write(APP, "RATE = 4\n")
    commit = workspace.propose("Charge four", "Ada").commit
    assert workspace.proposed == commit
    workspace.mark_deployed(commit)
    assert workspace.proposed == ""


def test_that_revert_puts_back_one_file_or_all(workspace: Workspace) -> None:
    original = workspace.read(APP)
    workspace.write("billing/new.py", "x = 1\n")
    workspace.delete(APP)
    assert workspace.revert(APP) == (APP,)
    assert workspace.read(APP) == original
    assert workspace.revert() == ("billing/new.py",)
    assert workspace.diff() == ""


def test_that_a_workspace_opened_again_is_the_same(workspace: Workspace) -> None:
    workspace.write(APP, "RATE = 4\n")
    proposal = workspace.propose("Charge four", "Ada")
    again = Workspace(workspace.folder, FakeClock())
    assert again.proposals() == (proposal,)
    assert again.services == ("billing", "ledger")
    again.close()


def test_that_a_folder_without_a_history_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="is not a workspace"):
        Workspace(tmp_path)


def test_that_the_users_git_settings_change_nothing(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitconfig").write_text("[core]\nautocrlf = true\n[commit]\ngpgsign = true\n", "utf-8")
    for name in ("HOME", "XDG_CONFIG_HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PATH", "")
    made = Workspace.create(tmp_path / "workspace", [pack], FakeClock())
    made.write(APP, "RATE = 4\r\n")
    proposal = made.propose("Line ends stay", "Ada")
    exported = made.export(proposal.commit, "billing", tmp_path / "deploys")
    assert (exported / "app.py").read_bytes() == b"RATE = 4\r\n"
    made.close()


def test_that_a_patch_goes_round_through_its_own_diff(workspace: Workspace) -> None:
    workspace.write(APP, workspace.read(APP).replace("RATE = 3", "RATE = 4").rstrip("\n"))
    workspace.write("billing/cents.py", "CENT = 1\n")
    diff, wanted = workspace.diff(), workspace.read(APP)
    workspace.revert()
    assert set(workspace.apply_patch(diff)) == {APP, "billing/cents.py"}
    assert workspace.read(APP) == wanted
    assert workspace.diff() == diff


@pytest.mark.parametrize("prefix", ["a/scenarios/tiny/services/billing", "billing", "./services/billing"])
def test_that_a_patch_made_elsewhere_finds_its_service(workspace: Workspace, prefix: str) -> None:
    patch = f"--- {prefix}/app.py\t2020-01-01\n+++ {prefix}/app.py\n@@ -1 +1 @@\n-RATE = 3\n+RATE = 4\n"
    assert workspace.apply_patch(patch) == (APP,)
    assert workspace.read(APP).startswith("RATE = 4\n")


def test_that_a_patch_that_fits_only_in_part_changes_nothing(workspace: Workspace) -> None:
    patch = (
        "--- a/billing/new.py\n+++ b/billing/new.py\n@@ -1 +1 @@\n-x\n+y\n"
        f"--- a/{APP}\n+++ b/{APP}\n@@ -1 +1 @@\n-RATE = 3\n+RATE = 4\n"
    )
    with pytest.raises(PatchError, match=r"billing/new\.py:1: .* there is none"):
        workspace.apply_patch(patch)
    assert workspace.diff() == ""


@pytest.mark.parametrize("path", ["ledger/app.py", "setup.py", "../billing/../../x/billing/a.py"])
def test_that_a_patch_of_anything_else_is_refused(workspace: Workspace, path: str) -> None:
    with pytest.raises(PatchError, match=r"cannot be edited|no file of a service|relative"):
        workspace.apply_patch(f"--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@\n-RATE = 3\n+RATE = 4\n")


def test_that_a_reference_fix_is_laid_over_its_service(workspace: Workspace, tmp_path: Path) -> None:
    fix = tmp_path / "fix" / "files" / "billing"
    fix.mkdir(parents=True)
    (fix / "app.py").write_text("RATE = 4\n", "utf-8")
    assert workspace.overlay(tmp_path / "fix") == (APP,)
    assert workspace.read(APP) == "RATE = 4\n"
    with pytest.raises(WorkspaceError, match="no files"):
        workspace.overlay(tmp_path / "none")


def test_that_git_itself_reads_the_history(workspace: Workspace) -> None:
    workspace.write(APP, "RATE = 4\n")
    proposal = workspace.propose("Charge four", "Ada")
    try:
        shown = subprocess.run(
            ["git", "-C", str(workspace.folder), "log", "-1", "--format=%H %an %s"],
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        pytest.skip("no git on this machine")
    assert shown.stdout.split() == [proposal.commit, "Ada", "Charge", "four"]
