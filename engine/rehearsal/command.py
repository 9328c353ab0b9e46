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
from engine.packs.find import find_pack
from engine.rehearsal.rehearsal import Rehearsal, RehearsalOptions, output_folder


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser(
        "rehearse", help="a whole drill without people: incident, fix, verdict, report"
    )
    command.add_argument("pack", metavar="PACK", help="the scenario, by its id")
    command.add_argument("--seed", type=int, default=0, help="other customers and amounts, same fault")
    command.add_argument("--without-fix", action="store_true", help="leave the fix out; ends with 1")
    command.add_argument("--out", type=Path, metavar="DIR", help="keep report and run folder here")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> Answer:
    """Rehearse one pack."""
    pack = find_pack(options.pack)
    seed = options.seed or secrets.randbelow(2**31 - 1) + 1
    began = time.monotonic()
    with output_folder(options.out) as out:
        rehearsal = Rehearsal(pack, RehearsalOptions(seed, not options.without_fix, out), _tell)
        rehearsal.play()
        found = {
            "pack": pack.id,
            "seed": seed,
            "held": rehearsal.held,
            "drift_cents": rehearsal.drift_cents,
            "steps": [asdict(step) for step in rehearsal.steps],
            "seconds": round(time.monotonic() - began, 1),
            "run": str(out / "runs" / rehearsal.run_name) if options.out else "",
        }
    word = "held" if rehearsal.held else "did not hold"
    text = f"The rehearsal of {pack.id} {word} in {found['seconds']:.0f} s."
    return (HELD if rehearsal.held else DID_NOT_HOLD), found, text


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
