"""The precedence of verdicts, and when one is decided."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.packs.api import Duty, Reading
from engine.packs.records import Verdict
from engine.verification.judge import Outcome, Trouble, can_change, decide, is_decided


def outcome(duty: Duty, held: bool, name: str = "") -> Outcome:
    """A probe with a reading."""
    return Outcome(name or duty.value, duty, Reading(held, "3 c", "0 c", ("row 1",)))


NOT_RUN = Outcome("noisy", Duty.OPEN, None, Trouble.JUDGE, "machine too noisy")
HIDDEN = Outcome("hidden", Duty.OPEN, None, Trouble.SUBMISSION, "no column amount_cents")

outcomes = st.lists(
    st.one_of(st.builds(outcome, st.sampled_from(Duty), st.booleans()), st.sampled_from([NOT_RUN, HIDDEN])),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize(
    ("duty", "verdict"),
    [
        (Duty.PROMISE, Verdict.WRONG),
        (Duty.SYMPTOM, Verdict.WRONG),
        (Duty.MECHANISM, Verdict.MASKED),
        (Duty.OPEN, Verdict.PARTIAL),
    ],
)
def test_that_a_probe_that_does_not_hold_means_its_dutys_verdict(duty: Duty, verdict: Verdict) -> None:
    decision = decide([outcome(Duty.PROMISE, True), outcome(duty, False, "this one")])
    assert (decision.verdict, decision.probe) == (verdict, "this one")
    assert (decision.measured, decision.required, decision.evidence) == ("3 c", "0 c", ("row 1",))


def test_that_right_is_all_of_it_and_names_no_probe() -> None:
    decision = decide([outcome(duty, True) for duty in Duty])
    assert (decision.verdict, decision.probe, decision.measured) == (Verdict.RIGHT, "", "4 of 4 probes held")


def test_that_nothing_asked_is_not_run() -> None:
    assert decide([]).verdict is Verdict.NOT_RUN


def test_that_the_precedence_is_not_run_wrong_masked_partial_right() -> None:
    found = [outcome(Duty.OPEN, True)]
    for added, verdict in [
        (outcome(Duty.OPEN, False), Verdict.PARTIAL),
        (outcome(Duty.MECHANISM, False), Verdict.MASKED),
        (outcome(Duty.SYMPTOM, False), Verdict.WRONG),
        (NOT_RUN, Verdict.NOT_RUN),
    ]:
        found.append(added)
        assert decide(found).verdict is verdict
        assert decide(found[::-1]).verdict is verdict


def test_that_the_first_probe_of_the_deciding_verdict_is_named() -> None:
    found = [
        outcome(Duty.OPEN, False),
        outcome(Duty.MECHANISM, False, "ties"),
        outcome(Duty.MECHANISM, False, "b"),
    ]
    assert decide(found).probe == "ties"


def test_that_a_submission_that_hides_what_is_measured_is_wrong() -> None:
    decision = decide([HIDDEN])
    assert (decision.verdict, decision.probe, decision.measured) == (
        Verdict.WRONG,
        "hidden",
        "no column amount_cents",
    )


def test_that_a_masked_fix_is_not_decided_before_promises_and_symptom_were_asked() -> None:
    found = [outcome(Duty.MECHANISM, False)]
    assert not is_decided(found, [Duty.OPEN, Duty.SYMPTOM])
    assert not is_decided(found, [Duty.PROMISE])
    assert is_decided(found, [Duty.MECHANISM, Duty.OPEN])


@given(outcomes, st.lists(st.sampled_from(Duty), max_size=4))
def test_that_a_decided_verdict_stands_whatever_is_read_after_it(
    found: list[Outcome], left: list[Duty]
) -> None:
    if is_decided(found, left):
        later = [*found, *(outcome(duty, False) for duty in left)]
        assert decide(later).verdict is decide(found).verdict


@given(outcomes, st.sampled_from(Duty))
def test_that_a_probe_is_asked_only_if_its_answer_matters(found: list[Outcome], duty: Duty) -> None:
    changed = decide([*found, outcome(duty, False)]).verdict is not decide(found).verdict
    assert can_change(duty, found) == changed
