"""The question before a scenario from outside the tree is run by a command."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from engine.drill.errors import DrillError, Refusal
from engine.home import home
from engine.packs.find import Shelf
from engine.packs.outside import NotTrusted, OutsidePacks, PackFiles
from engine.packs.records import Pack

YES = ("y", "yes")


def add_trust(command: Any) -> None:
    """Declare `--trust`."""
    command.add_argument(
        "--trust", action="store_true", help="run a scenario from outside without being asked"
    )


def shelf() -> Shelf:
    """The program's scenarios."""
    return Shelf(OutsidePacks(home()))


def require_trust(shelf: Shelf, packs: Sequence[Pack], *, is_given: bool) -> None:
    """Go on only if every pack from outside may run: it is trusted already, by `--trust`, or by a yes.

    Raises NotTrusted where nobody can be asked, DrillError where the answer is no.
    """
    for pack in packs:
        try:
            shelf.require_trust([pack])
        except NotTrusted as question:
            if not is_given:
                _ask(question)
            shelf.outside.trust(question.files.folder, question.files.fingerprint)


def _ask(question: NotTrusted) -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        text = f"{question} Look at them; then say --trust to run them."
        raise DrillError(text, Refusal.NOT_ALLOWED) from question
    sys.stderr.write(question_text(question.files))
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in YES:
        raise DrillError("Not trusted: nothing of it was run.", Refusal.NOT_ALLOWED)


def question_text(files: PackFiles) -> str:
    """What a terminal asks."""
    return f"This scenario's files run as programs on this machine.\n{files}; trust it? [y/N] "
