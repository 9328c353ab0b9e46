"""Which judgements belong together, which is shown, and what each is called: no widgets here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.theme import Status
from app.workbench.model import VERDICTS, latest_verification
from protos.drill.v1.records import Verification


@dataclass(frozen=True, slots=True)
class JudgementTab:
    """One judgement of several: its scenario, and how it stands."""

    scenario: str
    title: str
    word: str
    status: Status


def latest_round(verifications: Sequence[Verification]) -> tuple[Verification, ...]:
    """The judgements of the newest commit that was judged: of each scenario the one that runs, else the newest."""
    if not verifications:
        return ()
    commit = verifications[-1].commit
    by_scenario: dict[str, list[Verification]] = {}
    for one in verifications:
        if one.commit == commit:
            by_scenario.setdefault(one.scenario, []).append(one)
    found = (latest_verification(mine) for mine in by_scenario.values())
    return tuple(one for one in found if one is not None)


def shown_verification(verifications: Sequence[Verification], chosen: str = "") -> Verification | None:
    """The judgement to show: of the chosen scenario, else what runs, else what is not right, else the newest."""
    round_ = latest_round(verifications)
    picked = [one for one in round_ if chosen and one.scenario == chosen]
    running = [one for one in round_ if one.state == "running"]
    wrong = [one for one in round_ if one.state == "finished" and one.verdict != "right"]
    return next(iter((*picked, *running, *wrong, *reversed(round_))), None)


def tabs(verifications: Sequence[Verification], titles: Mapping[str, str]) -> tuple[JudgementTab, ...]:
    """What there is to choose from; nothing where one judgement is all."""
    round_ = latest_round(verifications)
    if len(round_) < 2:
        return ()
    return tuple(
        JudgementTab(one.scenario, titles.get(one.scenario, one.scenario), *state_of(one)) for one in round_
    )


def state_of(one: Verification) -> tuple[str, Status]:
    """A judgement in a word, with its status."""
    if one.state == "finished":
        return one.verdict, VERDICTS.get(one.verdict, Status.IDLE)
    return one.state, Status.INFO if one.state == "running" else Status.IDLE


def panel_title(found: Verification | None, titles: Mapping[str, str]) -> str:
    """What the panel is about; with several scenarios it names the one whose fix is judged."""
    if found is None or not found.scenario or len(titles) < 2:
        return "Verification"
    return f"Verification: {titles.get(found.scenario, found.scenario)}"
