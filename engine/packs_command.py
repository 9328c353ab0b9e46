"""`drill packs`: which scenarios there are, and whether one is what it says."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.commands import DID_NOT_HOLD, HELD, Answer
from engine.packs.errors import PackErrors
from engine.packs.find import find_pack, read_packs
from engine.packs.records import Pack
from engine.rehearsal.rehearsal import Rehearsal, RehearsalOptions
from engine.verification.check import LiveStep, Say
from engine.verification.commands import check_command


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
    """Prove one scenario, or all; the exit code is the worst of them."""
    names = [options.pack] if options.pack else [name for name, _ in read_packs()]
    results = [
        asyncio.run(check_command(find_pack(name), _tell, options.quick, options.seed, live_check))
        for name in names
    ]
    words = [result.words for result in results]
    found = words[0] if options.pack else {"held": all(word["held"] for word in words), "packs": words}
    lines = [
        f"{word['pack']}: {'held' if word['held'] else 'did not hold'} in {word['seconds']:.0f} s"
        for word in words
    ]
    return max(result.exit_code for result in results), found, "\n".join(lines)


async def live_check(pack: Pack, say: Say) -> Sequence[LiveStep]:
    """Baseline, trigger and symptom on a live system of the pack's own."""
    with tempfile.TemporaryDirectory(prefix="drill-live-") as folder:
        rehearsal = Rehearsal([pack], RehearsalOptions(seed=0, with_fix=False, out=Path(folder)), say)
        await asyncio.to_thread(rehearsal.play_incident)
    return [
        LiveStep(step.name, step.held, json.dumps(step.detail, ensure_ascii=False, default=str), step.seconds)
        for step in rehearsal.steps
    ]


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
