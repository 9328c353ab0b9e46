"""The headless command line: `drill COMMAND ...`. Exit codes: 0 held, 1 did not hold, 2 wrong use, 3 the machine
lacks something."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, NoReturn

from engine.drill.errors import DrillError, Refusal
from engine.version import VERSION

HELD, DID_NOT_HOLD, WRONG_USE, MACHINE_LACKS = 0, 1, 2, 3

COMMANDS: Mapping[str, str] = {
    "engine": "engine.serving",
    "rehearse": "engine.rehearsal.command",
    "verify": "engine.verification.commands",
    "packs": "engine.packs_command",
    "report": "engine.report_command",
    "bench": "engine.bench_command",
    "doctor": "engine.housekeeping",
    "reset": "engine.housekeeping",
    "clean": "engine.housekeeping",
}
"""By word: the module whose `add(parsers)` declares the command and sets its `run(options) -> Answer`."""

Answer = tuple[int, Mapping[str, Any], str]
"""Exit code, what `--json` prints, and what people read."""


class _Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one line and ends with 2."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}\nSee {self.prog} --help.\n")
        sys.exit(WRONG_USE)


def parser(wanted: str = "") -> argparse.ArgumentParser:
    """Every command with its options, or only the `wanted` one (each costs imports)."""
    top = _Parser(prog="drill", description="3 A.M. Drill: practise production incidents on real services.")
    top.add_argument("--version", action="version", version=f"3 A.M. Drill {VERSION}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    modules = [COMMANDS[wanted]] if wanted in COMMANDS else list(dict.fromkeys(COMMANDS.values()))
    for module in modules:
        add: Callable[[Any], None] = import_module(module).add
        add(commands)
    for command in commands.choices.values():
        if not any(action.dest == "json" for action in command._actions):
            command.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    return top


def main(arguments: Sequence[str]) -> int:
    """Run one command; prints its answer and returns the exit code."""
    options = parser(arguments[0] if arguments else "").parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code, found, text = options.run(options)
    except DrillError as error:
        code = MACHINE_LACKS if error.refusal is Refusal.MACHINE else WRONG_USE
        return _fail(options, code, str(error))
    except KeyboardInterrupt:
        return _fail(options, DID_NOT_HOLD, "Stopped before the end.")
    _print(json.dumps(found, ensure_ascii=False, default=str) if options.json and found else text)
    return int(code)


def _print(text: str) -> None:
    """Print an answer; a reader that left early (`| head`) is no mistake."""
    try:
        if text:
            print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(options: argparse.Namespace, code: int, text: str) -> int:
    if options.json:
        print(json.dumps({"error": text, "code": code}, ensure_ascii=False))
    sys.stderr.write(f"drill {options.command}: {text}\n")
    return code
