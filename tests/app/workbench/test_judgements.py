"""Which judgements belong together and which is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.theme import Status
from app.widgets.progress import StepState
from app.workbench.judgements import (
    latest_round,
    panel_title,
    shown_verification,
    tabs,
)
from app.workbench.verification_panel import VerificationPanel
from app.workbench.way import Progress, StepName, steps
from protos.drill.v1.records import FileList, Verification

TITLES = {"copper": "Month-end close", "larkspur": "Flash sale", "saltmarsh": "Order history"}
RIGHT = Verification("v1", "bbb", "Half up", "finished", "right", "", "", "", (), 31, 0, "", 1, "copper")
WRONG = replace(RIGHT, id="v2", verdict="wrong", probe="sweep", scenario="larkspur")
QUEUED = replace(RIGHT, id="v3", state="queued", verdict="", scenario="saltmarsh")
OLDER = replace(RIGHT, id="v0", commit="aaa", verdict="masked", scenario="larkspur")


def test_that_only_judgements_of_the_newest_commit_belong_together() -> None:
    assert latest_round((OLDER, RIGHT, WRONG, QUEUED)) == (RIGHT, WRONG, QUEUED)
    again = replace(WRONG, id="v4", verdict="right")
    assert latest_round((RIGHT, WRONG, again)) == (RIGHT, again)
    assert latest_round(()) == ()


@pytest.mark.parametrize(
    ("verifications", "chosen", "shown"),
    [
        ((RIGHT, WRONG, QUEUED), "", WRONG),
        ((RIGHT, WRONG, QUEUED), "copper", RIGHT),
        ((RIGHT, WRONG, replace(QUEUED, state="running")), "", replace(QUEUED, state="running")),
        ((RIGHT, QUEUED), "", QUEUED),
        ((OLDER,), "copper", OLDER),
        ((), "", None),
    ],
)
def test_that_what_needs_a_look_is_shown_unless_somebody_chose(
    verifications: tuple[Verification, ...], chosen: str, shown: Verification | None
) -> None:
    assert shown_verification(verifications, chosen) == shown


def test_that_several_judgements_name_their_scenarios_and_one_needs_no_tabs() -> None:
    found = tabs((RIGHT, WRONG, QUEUED), TITLES)
    assert [(one.title, one.word, one.status) for one in found] == [
        ("Month-end close", "right", Status.OK),
        ("Flash sale", "wrong", Status.CRITICAL),
        ("Order history", "queued", Status.IDLE),
    ]
    assert tabs((RIGHT,), TITLES) == ()


def test_that_the_panel_names_the_scenario_only_where_there_are_several() -> None:
    assert panel_title(WRONG, TITLES) == "Verification: Flash sale"
    assert panel_title(WRONG, {"larkspur": "Flash sale"}) == "Verification"
    assert panel_title(replace(WRONG, scenario="new"), TITLES) == "Verification: new"
    assert panel_title(None, TITLES) == "Verification"


def test_that_the_last_step_counts_what_was_judged_right() -> None:
    files = FileList((), "bbb", "bbb")
    step = steps(Progress(files, verification=WRONG, judged=(RIGHT, WRONG, QUEUED)))[-1]
    assert (step.name, step.state, step.fact) == (StepName.VERIFY, StepState.FAILED, "1 of 3 right")
    all_right = (RIGHT, replace(WRONG, verdict="right"))
    assert steps(Progress(files, verification=RIGHT, judged=all_right))[-1].state is StepState.DONE
    waiting = steps(Progress(files, verification=RIGHT, judged=(RIGHT, QUEUED)))[-1]
    assert waiting.state is StepState.NOW


def test_that_another_judgement_is_chosen_by_its_tab_until_the_next_commit(qtbot: QtBot) -> None:
    panel = VerificationPanel()
    qtbot.addWidget(panel)
    panel.show_verifications((RIGHT, WRONG), TITLES)
    assert panel.title.text == "Verification: Flash sale"
    panel.tabs.buttons[0].click()
    assert panel.title.text == "Verification: Month-end close"
    panel.show_verifications((RIGHT, WRONG), TITLES)
    assert panel.title.text == "Verification: Month-end close"
    later = replace(WRONG, commit="ccc"), replace(QUEUED, commit="ccc")
    panel.show_verifications((RIGHT, WRONG, *later), TITLES)
    assert panel.title.text == "Verification: Flash sale"


def test_that_cancel_stops_the_judgement_that_is_shown(qtbot: QtBot) -> None:
    panel = VerificationPanel()
    qtbot.addWidget(panel)
    panel.show_verifications((replace(RIGHT, state="running"), QUEUED), TITLES)
    panel.tabs.buttons[1].click()
    with qtbot.waitSignal(panel.cancelled) as signal:
        panel._cancel.click()
    assert signal.args == ["v3"]
