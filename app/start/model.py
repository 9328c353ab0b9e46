"""What the start screen says, without widgets: seeds, the preflight's summary, recorded runs in words."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.theme import Status
from app.time_axis import format_ago

if TYPE_CHECKING:
    from protos.drill.v1.records import AddedPack, PackSummary, PreflightCheck, RunSummary

LARGEST_SEED = 2**31 - 1
STATUSES = {
    "passed": (Status.OK, "passed"),
    "needs-you": (Status.WARNING, "needs you"),
    "optional": (Status.IDLE, "optional"),
    "failed": (Status.CRITICAL, "failed"),
}
"""A check's status: its mark, and the word beside it."""


LEVELS = (1, 2, 3)
USUAL_LEVEL = 2
NO_LEVEL = "the same at every level"


class BadSeed(ValueError):
    """`str()` is the sentence under the field."""


def read_seed(text: str) -> int:
    """The seed that was typed, a random one for an empty field. Raises BadSeed."""
    text = text.strip()
    if not text:
        return secrets.randbelow(999_999) + 1
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= LARGEST_SEED:
        raise BadSeed(f"A whole number from 1 to {LARGEST_SEED:,}, or nothing for a random one.")
    return int(text)


def seed_problem(text: str) -> str:
    """What is wrong with the typed seed; empty when nothing is."""
    try:
        read_seed(text)
    except BadSeed as problem:
        return str(problem)
    return ""


def level_numbers(packs: Iterable[PackSummary]) -> tuple[int, ...]:
    """The levels that any of the scenarios has."""
    return tuple(sorted({level.number for pack in packs for level in pack.levels}))


def usual_level(numbers: Sequence[int]) -> int:
    """The level that is chosen unless somebody says otherwise; 0 where there is none."""
    return USUAL_LEVEL if USUAL_LEVEL in numbers else next(iter(numbers), 0)


def level_lines(packs: Sequence[PackSummary], number: int) -> tuple[str, ...]:
    """What the level means; with several scenarios each line names its own."""
    if not number:
        return ()
    texts = {pack.title: _level_text(pack, number) for pack in packs}
    if len(packs) == 1:
        return tuple(texts.values())
    return tuple(f"{title}: {text}" for title, text in texts.items())


def _level_text(pack: PackSummary, number: int) -> str:
    text = next((level.text for level in pack.levels if level.number == number), NO_LEVEL)
    return " ".join(text.split())


def chosen_remark(chosen: int, there_are: int) -> str:
    """How many scenarios were chosen, where there is a choice."""
    return "" if there_are < 2 else f"{chosen} of {there_are} chosen, they run side by side"


def trust_words(found: AddedPack) -> str:
    """What to know before a scenario from outside may run."""
    files = f"{found.pack.origin}, {found.files} files, fingerprint {found.fingerprint[:16]}"
    return (
        "A scenario is made of programs, and they run with your rights. "
        f"Trust it if you know who wrote it, or have read it: {files}. When a file changes you are asked again."
    )


def word_of(pack: PackSummary) -> str:
    """By which the engine finds a scenario: its folder where it comes from outside, else its id."""
    return pack.origin or pack.id


def origin_words(pack: PackSummary) -> str:
    """Where a scenario from outside is, and whether it will be asked about."""
    return pack.origin if pack.trusted or pack.problem else f"{pack.origin}, asked about before it runs"


def summary_of(checks: Iterable[PreflightCheck], running: bool) -> str:
    """The preflight in one line, such as "5 passed, 1 needs you, 1 optional"."""
    words = [STATUSES.get(check.status, STATUSES["failed"])[1] for check in checks]
    counted = ", ".join(f"{words.count(word)} {word}" for _, word in STATUSES.values() if word in words)
    if running:
        return f"checking this machine; {counted}" if counted else "checking this machine"
    return counted or "not run yet"


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """One line of the Resume list. `problem` says why it cannot be opened."""

    name: str
    title: str
    detail: str
    problem: str


def recorded_run(run: RunSummary, now_ns: int) -> RecordedRun:
    """A run in words."""
    title = f"{run.title or 'Unreadable run'}, {run.name}"
    if run.problem:
        return RecordedRun(run.name, title, run.problem, run.problem)
    place = f"Stopped in {phase_text(run.phase)}" if run.phase else "Stopped before the first phase"
    detail = f"{place}. Saved {age_text((now_ns - run.changed_ns) / 1e9)} ago."
    return RecordedRun(run.name, title, detail, "")


def age_text(seconds: float) -> str:
    """How long ago, in one unit: "41 s", "6 min", "3 h", "8 days"."""
    minutes = int(seconds) // 60
    if minutes < 60:
        return format_ago(minutes * 60 if minutes else seconds)
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def phase_text(phase: str) -> str:
    """An agenda id as people say it: "phase-1" is "Phase 1"; a full name stays."""
    if " " in phase:
        return phase.split(":")[0]
    words = phase.replace("-", " ")
    return words[:1].upper() + words[1:]
