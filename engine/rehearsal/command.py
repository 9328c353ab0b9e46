"""`drill rehearse`: the whole drill without people or display."""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.commands import DID_NOT_HOLD, HELD, Answer
from engine.drill.errors import DrillError
from engine.packs.find import read_packs, standard_packs
from engine.packs.levels import USUAL_LEVEL
from engine.rehearsal.rehearsal import Rehearsal, RehearsalOptions, output_folder
from engine.trust_question import add_trust, require_trust, shelf


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser(
        "rehearse", help="a whole drill without people: incident, fix, verdict, report"
    )
    command.add_argument(
        "packs", metavar="PACK", nargs="*", help="scenarios by their ids or folders, played side by side"
    )
    command.add_argument("--all", action="store_true", help="those of the standard workshop, side by side")
    command.add_argument("--level", type=int, default=USUAL_LEVEL, help="how hard, 1 to 3; default 2")
    command.add_argument("--seed", type=int, default=0, help="other customers and amounts, same fault")
    command.add_argument("--without-fix", action="store_true", help="leave the fix out; ends with 1")
    command.add_argument("--out", type=Path, metavar="DIR", help="keep report and run folder here")
    add_trust(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> Answer:
    """Rehearse the packs in one environment."""
    scenarios = shelf()
    packs = scenarios.find_several(_asked_for(options), options.level)
    require_trust(scenarios, packs, is_given=options.trust)
    seed = options.seed or secrets.randbelow(2**31 - 1) + 1
    began = time.monotonic()
    with output_folder(options.out) as out:
        rehearsal = Rehearsal(packs, RehearsalOptions(seed, not options.without_fix, out), _tell)
        rehearsal.play()
        found = {
            "packs": [pack.id for pack in packs],
            "level": options.level,
            "seed": seed,
            "held": rehearsal.held,
            "steps": [asdict(step) for step in rehearsal.steps],
            "seconds": round(time.monotonic() - began, 1),
            "run": str(out / "runs" / rehearsal.run_name) if options.out else "",
        }
    word = "held" if rehearsal.held else "did not hold"
    names = ", ".join(pack.id for pack in packs)
    text = f"The rehearsal of {names} {word} in {found['seconds']:.0f} s."
    return (HELD if rehearsal.held else DID_NOT_HOLD), found, text


def _asked_for(options: argparse.Namespace) -> list[str]:
    if options.packs and options.all:
        raise DrillError("Name scenarios, or say --all, not both.")
    if not options.packs and not options.all:
        known = ", ".join(name for name, _ in read_packs())
        raise DrillError(f"Name at least one scenario, or say --all. There are: {known}.")
    return options.packs or list(standard_packs())


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
