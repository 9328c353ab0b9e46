"""The way of a fix, from an edit to the judge: how far it is, and what comes next. No widgets here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.theme import Icon
from app.widgets.progress import Step, StepState
from app.workbench.model import changed_count
from protos.drill.v1.records import FileList, Verification


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
    title: str = ""
    """what is typed as the title of the next proposal"""
    edited_since: bool = False
    """whether anything was typed since the last proposal"""
    judging: bool = False
    """whether any judgement is under way"""


@dataclass(frozen=True, slots=True)
class NextAct:
    """What the one primary button does: its words and icon, and why it cannot now (or nothing)."""

    words: str
    icon: Icon
    why_not: str = ""


def next_act(now: Progress) -> NextAct:
    """Propose what changed, deploy what is proposed, verify what runs."""
    files = now.files
    if files is None:
        return NextAct(StepName.PROPOSE, Icon.GIT_PULL_REQUEST, "The workspace has not been read yet.")
    if now.deploying:
        return NextAct(StepName.DEPLOY, Icon.ROCKET_LAUNCH, "The new version is starting.")
    waiting = files.proposed_commit not in ("", files.deployed_commit)
    changed = changed_count(files.files) > 0 and (now.edited_since or not waiting)
    if now.unsaved or changed:
        why_not = "" if now.title.strip() else "Say in a few words what the change does."
        return NextAct(StepName.PROPOSE, Icon.GIT_PULL_REQUEST, why_not)
    if waiting:
        return NextAct(StepName.DEPLOY, Icon.ROCKET_LAUNCH)
    if not now.fix_runs:
        return NextAct(StepName.PROPOSE, Icon.GIT_PULL_REQUEST, "Nothing has changed yet: edit a file first.")
    return NextAct(StepName.VERIFY, Icon.TEST_TUBE, "A verification is under way." if now.judging else "")


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
