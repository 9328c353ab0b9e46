"""`drill packs`: which scenarios there are, whether one is what it says, a new one, and those from outside."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.commands import DID_NOT_HOLD, HELD, Answer
from engine.packs.errors import PackErrors
from engine.packs.find import SCENARIOS, Listed, read_packs, standard_packs
from engine.packs.levels import USUAL_LEVEL
from engine.packs.records import Pack
from engine.packs.starter import STARTER, make_pack
from engine.rehearsal.live_check import live_check
from engine.trust_question import add_trust, require_trust, shelf
from engine.verification.check import LiveStep
from engine.verification.commands import check_command, live_words


def add(commands: Any) -> None:
    """Declare `drill packs` and its words."""
    packs = commands.add_parser("packs", help="list the scenarios, prove one, or make one")
    words = packs.add_subparsers(dest="word", metavar="list|check|new|add|remove", required=True)
    listing = words.add_parser("list", help="the scenarios that can be opened")
    listing.set_defaults(run=run_list)
    check = words.add_parser("check", help="baseline, symptom, and every reference fix judged now")
    check.add_argument("pack", metavar="PACK", nargs="?", help="an id or a folder; default: every scenario")
    check.add_argument("--quick", action="store_true", help="three fixes, chosen by seed")
    check.add_argument("--seed", type=int, help="chooses the hidden numbers, and the fixes of a quick check")
    check.set_defaults(run=run_check)
    new = words.add_parser("new", help="a small complete scenario to start from")
    new.add_argument("name", metavar="NAME", help="small letters, digits, underscores")
    new.add_argument("--folder", type=Path, metavar="DIR", help="make it in here; default: scenarios")
    new.set_defaults(run=run_new)
    adding = words.add_parser("add", help="offer a scenario from a folder outside the program")
    adding.add_argument("folder", type=Path, metavar="FOLDER")
    adding.set_defaults(run=run_add)
    removing = words.add_parser("remove", help="offer it no longer")
    removing.add_argument("folder", type=Path, metavar="FOLDER")
    removing.set_defaults(run=run_remove)
    for command in (check, adding):
        add_trust(command)
    for command in (listing, check, new, adding, removing):
        command.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def run_list(options: argparse.Namespace) -> Answer:
    """Every scenario; malformed ones with what is wrong in them."""
    found = shelf().list()
    rows = [_row(listed) for listed in found]
    code = HELD if all(not row["problem"] for row in rows) else DID_NOT_HOLD
    return code, {"packs": rows}, "\n".join(map(_line, found))


def run_check(options: argparse.Namespace) -> Answer:
    """Prove one scenario, or all of the tree and that they bear each other; the exit code is the worst of them."""
    scenarios = shelf()
    packs = [scenarios.find(word) for word in ([options.pack] if options.pack else _all())]
    require_trust(scenarios, packs, is_given=options.trust)
    results = [check_command(pack, _tell, options.quick, options.seed, live_check) for pack in packs]
    words = [result.words for result in results]
    codes = [result.exit_code for result in results]
    lines = [
        f"{word['pack']}: {'held' if word['held'] else 'did not hold'} in {word['seconds']:.0f} s"
        for word in words
    ]
    if options.pack:
        return codes[0], words[0], lines[0]
    together = _together(scenarios.find_several(standard_packs(), USUAL_LEVEL), options.seed or 0)
    held = all(word["held"] for word in words) and all(step.held for step in together)
    codes.append(HELD if all(step.held for step in together) else DID_NOT_HOLD)
    lines.append(f"side by side: {'held' if codes[-1] == HELD else 'did not hold'}")
    found = {"held": held, "packs": words, "together": [live_words(step) for step in together]}
    return max(codes), found, "\n".join(lines)


def _together(packs: Sequence[Pack], seed: int) -> Sequence[LiveStep]:
    """The standard workshop in one environment: healthy, then each symptom in its time beside the others."""
    _tell("the standard workshop, side by side: live system")
    return live_check(packs, _tell, seed, ())


def run_new(options: argparse.Namespace) -> Answer:
    """Make a scenario to start from."""
    known = shelf().list()
    codenames = {one.pack.codename for one in known if isinstance(one.pack, Pack)}
    parent = options.folder.expanduser().resolve() if options.folder else SCENARIOS
    folder = make_pack(options.name, parent, {one.id for one in known}, codenames)
    word = options.name if parent == SCENARIOS else str(folder)
    text = (
        f"Made {folder}.\nIt is whole and holds as it is: python3 run.py packs check {word}\n"
        "scenarios/README.md says what each file is for, and how to make it yours."
    )
    return HELD, {"pack": options.name, "folder": str(folder), "starter": str(STARTER)}, text


def run_add(options: argparse.Namespace) -> Answer:
    """Offer a scenario from outside; who opens it first is asked whether it may run, unless that is said now."""
    scenarios = shelf()
    listed, files = scenarios.add(options.folder)
    if options.trust:
        scenarios.outside.trust(files.folder, files.fingerprint)
    trusted = scenarios.outside.is_trusted(files.folder)
    later = "" if trusted else " Before it is opened, it has to be trusted."
    row = {**_row(listed), "trusted": trusted, "files": files.number, "fingerprint": files.fingerprint}
    return HELD, row, f"{listed.id} is offered now. {files}.{later}"


def run_remove(options: argparse.Namespace) -> Answer:
    """Offer it no longer; its files stay."""
    folder = options.folder.expanduser().resolve()
    shelf().outside.remove(folder)
    return HELD, {"folder": str(folder)}, f"{folder} is offered no longer."


def _all() -> list[str]:
    return [name for name, _ in read_packs()]


def _row(listed: Listed) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": listed.id,
        "origin": listed.origin,
        "trusted": listed.is_trusted,
        "problem": "",
    }
    if isinstance(listed.pack, PackErrors):
        return row | {"problem": str(listed.pack)}
    return row | {"title": listed.pack.title, "codename": listed.pack.codename}


def _line(listed: Listed) -> str:
    if isinstance(listed.pack, PackErrors):
        return f"{listed.id}: refused\n{listed.pack}"
    pack, origin = listed.pack, ""
    if listed.origin:
        origin = f", from {listed.origin}{'' if listed.is_trusted else ', not trusted as it is now'}"
    return f"{listed.id}: {pack.title} ({len(pack.services)} services, {len(pack.fixes)} reference fixes{origin})"


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
