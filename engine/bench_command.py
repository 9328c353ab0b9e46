"""`drill bench`: benchmarks of tests/bench, each with its reference measured in the same run."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from engine.commands import Answer
from engine.drill.errors import DrillError, Refusal
from engine.lab.modes import ROOT

FOLDER = ROOT / "tests" / "bench"


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser(
        "bench", help="benchmarks; misses are listed, the exit code is 1 if one cannot run"
    )
    command.add_argument("names", metavar="NAME", nargs="*", help="default: all")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> Answer:
    """Run the named benchmarks, each a script of its own that prints one JSON object."""
    known = {path.stem.removeprefix("bench_"): path for path in sorted(FOLDER.glob("bench_*.py"))}
    if not known:
        raise DrillError(f"Benchmarks belong to a checkout; there are none in {FOLDER}.", Refusal.MACHINE)
    unknown = [name for name in options.names if name not in known]
    if unknown:
        raise DrillError(f"No benchmark {', '.join(unknown)}. There are: {', '.join(known)}.")
    found: dict[str, Any] = {}
    code = 0
    for name in options.names or known:
        done = _run(known[name])
        code = code or (1 if done.returncode else 0)
        found[name] = json.loads(done.stdout) if not done.returncode else {"problem": "could not run"}
    text = "\n".join(f"{name}: {json.dumps(row, ensure_ascii=False)}" for name, row in found.items())
    return code, found, text


def _run(script: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(script)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
