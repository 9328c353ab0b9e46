"""How far a fix is, and what the one primary button does next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.widgets.progress import StepState
from app.workbench.way import Progress, StepName, next_act, steps
from protos.drill.v1.records import FileList, SourceFile
from tests.app.workbench.test_model import FILES, JUDGED

UNCHANGED: tuple[SourceFile, ...] = (FILES[0], FILES[2])


def states(progress: Progress) -> list[StepState]:
    """The four steps' states."""
    return [step.state for step in steps(progress)]


def test_that_a_fix_walks_through_its_four_steps() -> None:
    nothing = FileList((FILES[0], FILES[2]), "aaa", "")
    changed = FileList(FILES, "aaa", "")
    proposed = FileList(FILES, "aaa", "bbb")
    deployed = FileList((FILES[0], FILES[2]), "bbb", "bbb")
    now, wait, done, failed = StepState.NOW, StepState.WAITING, StepState.DONE, StepState.FAILED
    assert states(Progress(nothing)) == [now, wait, wait, wait]
    assert states(Progress(changed)) == [done, now, wait, wait]
    assert states(Progress(proposed)) == [done, done, now, wait]
    assert states(Progress(proposed, failed_service="billing")) == [done, done, failed, wait]
    assert states(Progress(deployed)) == [done, done, done, now]
    runs = FileList((FILES[0], FILES[2]), "bbb", "")
    assert states(Progress(runs, fix_runs=True)) == [done, done, done, now]
    assert states(Progress(FileList(FILES, "bbb", ""), fix_runs=True)) == [done, now, wait, wait]
    assert states(Progress(deployed, verification=JUDGED)) == [done, done, done, failed]
    right = replace(JUDGED, verdict="right", probe="")
    assert states(Progress(deployed, verification=right)) == [done, done, done, done]


def test_that_the_time_left_is_said_while_a_fix_is_judged() -> None:
    running = replace(JUDGED, state="running", step="ties-of-both-signs", seconds_left=12.4)
    step = steps(Progress(FileList(FILES, "bbb", "bbb"), verification=running))[-1]
    assert (step.fact, step.detail) == ("ties-of-both-signs", "about 12 s left")


@pytest.mark.parametrize(
    ("now", "words", "why_not"),
    [
        (Progress(), StepName.PROPOSE, "not been read"),
        (Progress(FileList(UNCHANGED, "aaa", "")), StepName.PROPOSE, "edit a file first"),
        (Progress(FileList(FILES, "aaa", "")), StepName.PROPOSE, "few words"),
        (Progress(FileList(FILES, "aaa", ""), title=" "), StepName.PROPOSE, "few words"),
        (Progress(FileList(FILES, "aaa", ""), title="Round"), StepName.PROPOSE, ""),
        (Progress(FileList(FILES, "aaa", "bbb")), StepName.DEPLOY, ""),
        (Progress(FileList(FILES, "aaa", "bbb"), edited_since=True), StepName.PROPOSE, "few words"),
        (Progress(FileList(FILES, "aaa", "bbb"), unsaved=True, title="Round"), StepName.PROPOSE, ""),
        (Progress(FileList(FILES, "aaa", "bbb"), deploying=True), StepName.DEPLOY, "is starting"),
        (Progress(FileList(UNCHANGED, "bbb", ""), fix_runs=True), StepName.VERIFY, ""),
        (Progress(FileList(UNCHANGED, "bbb", ""), fix_runs=True, judging=True), StepName.VERIFY, "under way"),
    ],
)
def test_that_the_button_does_what_comes_next(now: Progress, words: str, why_not: str) -> None:
    act = next_act(now)
    assert act.words == words
    assert why_not in act.why_not
    assert bool(act.why_not) == bool(why_not)
