"""The workbench's state in words and rows, computed from the contract's records: no widgets here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.theme import Status
from app.widgets.progress import Step, StepState
from protos.drill.v1.records import FileList, Probe, SourceFile, Verification

DOCUMENTS = "Documents"


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A row of the source tree: a group (a service, or the documents) or a file in it."""

    text: str
    path: str = ""
    service: str = ""
    editable: bool = True
    change: str = ""

    @property
    def is_group(self) -> bool:
        """Groups cannot be opened."""
        return not self.path


def tree_rows(files: Sequence[SourceFile]) -> tuple[TreeRow, ...]:
    """Documents first, then each service with its files; what may not be edited says so."""
    rows: list[TreeRow] = []
    documents = [file for file in files if not file.service]
    if documents:
        rows.append(TreeRow(DOCUMENTS, editable=False))
        rows += [TreeRow(file.path, file.path, editable=False) for file in documents]
    for service in dict.fromkeys(file.service for file in files if file.service):
        mine = [file for file in files if file.service == service]
        editable = any(file.editable for file in mine)
        rows.append(TreeRow(service, service=service, editable=editable))
        rows += [
            TreeRow(file.path.split("/", 1)[-1], file.path, service, file.editable, file.change)
            for file in mine
        ]
    return tuple(rows)


def changed_count(files: Sequence[SourceFile]) -> int:
    """How many files differ from what is deployed."""
    return sum(1 for file in files if file.change)


class StepName(StrEnum):
    """The way of a fix."""

    EDIT = "Edit"
    PROPOSE = "Propose"
    DEPLOY = "Deploy"
    VERIFY = "Verify"


@dataclass(frozen=True, slots=True)
class Progress:
    """What the workbench knows of the fix at hand."""

    files: FileList | None = None
    unsaved: bool = False
    proposal_title: str = ""
    failed_service: str = ""
    deploying: bool = False
    fix_runs: bool = False
    """whether anything but the source as it came is deployed"""
    verification: Verification | None = None
    judged: tuple[Verification, ...] = ()
    """every judgement of its commit, one a scenario"""


def steps(now: Progress) -> tuple[Step, ...]:
    """The four steps as they stand."""
    files = now.files
    changed = changed_count(files.files) if files else 0
    proposed = bool(files and files.proposed_commit and files.proposed_commit != files.deployed_commit)
    same = bool(files and files.proposed_commit == files.deployed_commit)
    deployed = (same or (now.fix_runs and not proposed)) and not changed and not now.unsaved
    return (
        _edit_step(now, changed, deployed),
        _propose_step(now, changed, proposed, deployed),
        _deploy_step(now, proposed, deployed),
        _verify_step(now, deployed),
    )


def _edit_step(now: Progress, changed: int, deployed: bool) -> Step:
    if now.unsaved:
        return Step(StepName.EDIT, StepState.NOW, "Unsaved changes", "Saved when you propose")
    if changed:
        return Step(StepName.EDIT, StepState.DONE, f"{changed} file{'s' if changed > 1 else ''} changed")
    if deployed:
        return Step(StepName.EDIT, StepState.DONE, "As deployed")
    return Step(StepName.EDIT, StepState.NOW, "Nothing changed yet", "Open a file on the left")


def _propose_step(now: Progress, changed: int, proposed: bool, deployed: bool) -> Step:
    if proposed or deployed:
        return Step(StepName.PROPOSE, StepState.DONE, now.proposal_title or "Recorded", _short(now.files))
    if changed or now.unsaved:
        return Step(StepName.PROPOSE, StepState.NOW, "Say what it changes")
    return Step(StepName.PROPOSE, StepState.WAITING, "Needs a change")


def _deploy_step(now: Progress, proposed: bool, deployed: bool) -> Step:
    if now.deploying:
        return Step(StepName.DEPLOY, StepState.NOW, "Starting beside the old version")
    if now.failed_service:
        return Step(
            StepName.DEPLOY,
            StepState.FAILED,
            f"{now.failed_service} did not start",
            "The old version goes on",
        )
    if deployed:
        return Step(StepName.DEPLOY, StepState.DONE, "Running")
    return Step(StepName.DEPLOY, StepState.NOW if proposed else StepState.WAITING, "Replaces what runs")


def _verify_step(now: Progress, deployed: bool) -> Step:
    found = now.verification
    if found is None:
        state = StepState.NOW if deployed else StepState.WAITING
        return Step(StepName.VERIFY, state, "Judged under load", "In a second system of its own")
    if found.state in ("queued", "running"):
        left = f"about {found.seconds_left:.0f} s left" if found.seconds_left >= 1 else "nearly done"
        return Step(StepName.VERIFY, StepState.NOW, found.step or found.state, left)
    if found.state == "cancelled":
        return Step(StepName.VERIFY, StepState.WAITING, "Cancelled")
    if len(now.judged) > 1:
        right = sum(one.verdict == "right" for one in now.judged)
        over = sum(one.state == "finished" for one in now.judged)
        state = (
            StepState.FAILED
            if right < over
            else StepState.DONE
            if right == len(now.judged)
            else StepState.NOW
        )
        return Step(StepName.VERIFY, state, f"{right} of {len(now.judged)} right", f"{over} judged")
    state = StepState.DONE if found.verdict == "right" else StepState.FAILED
    by = f"decided by {found.probe}" if found.probe else "every probe held"
    return Step(StepName.VERIFY, state, f"Verdict: {found.verdict}", by)


def _short(files: FileList | None) -> str:
    return files.proposed_commit[:8] if files and files.proposed_commit else ""


VERDICTS: dict[str, Status] = {
    "right": Status.OK,
    "partial": Status.WARNING,
    "masked": Status.WARNING,
    "wrong": Status.CRITICAL,
    "not-run": Status.IDLE,
}
PROBES: dict[str, Status] = {
    "held": Status.OK,
    "failed": Status.CRITICAL,
    "running": Status.INFO,
    "waiting": Status.IDLE,
    "skipped": Status.IDLE,
}


def latest_verification(verifications: Sequence[Verification]) -> Verification | None:
    """The judgement that the screen shows: one that runs, else the newest."""
    for verification in verifications:
        if verification.state == "running":
            return verification
    return verifications[-1] if verifications else None


def probe_words(probe: Probe) -> str:
    """What a probe found, or what it asks as long as it has not."""
    if probe.state in ("held", "failed"):
        return probe.measured
    return probe.asks


class LineKind(StrEnum):
    """What a line of a unified diff is."""

    FILE = "file"
    HUNK = "hunk"
    ADDED = "added"
    REMOVED = "removed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a diff with its numbers in the old and the new file (0: it has none)."""

    kind: LineKind
    text: str
    old: int = 0
    new: int = 0


def diff_lines(text: str) -> tuple[DiffLine, ...]:
    """A unified diff as lines for painting."""
    lines: list[DiffLine] = []
    old = new = 0
    for raw in text.splitlines():
        if raw.startswith("--- "):
            continue
        if raw.startswith("+++ "):
            lines.append(DiffLine(LineKind.FILE, raw[4:].split("\t")[0].removeprefix("b/")))
        elif raw.startswith("@@"):
            old, new = _hunk_starts(raw)
            lines.append(DiffLine(LineKind.HUNK, raw))
        elif raw.startswith("+"):
            lines.append(DiffLine(LineKind.ADDED, raw[1:], 0, new))
            new += 1
        elif raw.startswith("-"):
            lines.append(DiffLine(LineKind.REMOVED, raw[1:], old, 0))
            old += 1
        elif raw.startswith(" ") or not raw:
            lines.append(DiffLine(LineKind.SAME, raw[1:], old, new))
            old, new = old + 1, new + 1
    return tuple(lines)


def _hunk_starts(header: str) -> tuple[int, int]:
    words = header.split()
    starts = [word for word in words[1:3] if word[:1] in "+-"]
    numbers = [int(word[1:].split(",")[0]) for word in starts if word[1:].split(",")[0].isdigit()]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (0, 0)
