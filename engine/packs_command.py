"""`drill packs`: which scenarios there are, and whether one is what it says."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from typing import Any

from engine.commands import DID_NOT_HOLD, HELD, Answer
from engine.packs.errors import PackErrors
from engine.packs.find import find_pack, find_packs, read_packs
from engine.packs.records import USUAL_LEVEL
from engine.rehearsal.live_check import live_check
from engine.verification.check import LiveStep
from engine.verification.commands import check_command, live_words


def add(commands: Any) -> None:
    """Declare `drill packs list` and `drill packs check`."""
    packs = commands.add_parser("packs", help="list the scenarios, or prove one")
    words = packs.add_subparsers(dest="word", metavar="list|check", required=True)
    listing = words.add_parser("list", help="the scenarios that can be opened")
    listing.set_defaults(run=run_list)
    check = words.add_parser("check", help="baseline, symptom, and every reference fix judged now")
    check.add_argument("pack", metavar="PACK", nargs="?", help="default: every scenario")
    check.add_argument("--quick", action="store_true", help="three fixes, chosen by seed")
    check.add_argument("--seed", type=int, help="chooses the hidden numbers, and the fixes of a quick check")
    check.set_defaults(run=run_check)
    for command in (listing, check):
        command.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def run_list(options: argparse.Namespace) -> Answer:
    """Every scenario; malformed ones with what is wrong in them."""
    rows, lines = [], []
    for name, pack in read_packs():
        if isinstance(pack, PackErrors):
            rows.append({"id": name, "problem": str(pack)})
            lines.append(f"{name}: refused\n{pack}")
        else:
            rows.append({"id": name, "title": pack.title, "codename": pack.codename, "problem": ""})
            lines.append(
                f"{name}: {pack.title} ({len(pack.services)} services, {len(pack.fixes)} reference fixes)"
            )
    code = HELD if all(not row["problem"] for row in rows) else DID_NOT_HOLD
    return code, {"packs": rows}, "\n".join(lines)


def run_check(options: argparse.Namespace) -> Answer:
    """Prove one scenario, or all and that they bear each other; the exit code is the worst of them."""
    names = [options.pack] if options.pack else [name for name, _ in read_packs()]
    results = [
        asyncio.run(check_command(find_pack(name), _tell, options.quick, options.seed, live_check))
        for name in names
    ]
    words = [result.words for result in results]
    codes = [result.exit_code for result in results]
    lines = [
        f"{word['pack']}: {'held' if word['held'] else 'did not hold'} in {word['seconds']:.0f} s"
        for word in words
    ]
    if options.pack:
        return codes[0], words[0], lines[0]
    together = asyncio.run(_together(names, options.seed or 0))
    held = all(word["held"] for word in words) and all(step.held for step in together)
    codes.append(HELD if all(step.held for step in together) else DID_NOT_HOLD)
    lines.append(f"side by side: {'held' if codes[-1] == HELD else 'did not hold'}")
    found = {"held": held, "packs": words, "together": [live_words(step) for step in together]}
    return max(codes), found, "\n".join(lines)


async def _together(names: Sequence[str], seed: int) -> Sequence[LiveStep]:
    """Every scenario in one environment: healthy, then each symptom in its time beside the others."""
    _tell("all side by side: live system")
    return await live_check(find_packs(names, USUAL_LEVEL), _tell, seed, False)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
