"""`drill verify`, and what `drill packs check` does for one pack: an exit code and one JSON object.

Exit codes: 0 held, 1 did not hold, 2 wrong use, 3 the machine lacks something. Call the coroutines in the main
thread's event loop; cancelling one leaves no process and no folder.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.packs.records import Pack, Verdict
from engine.trust_question import add_trust, require_trust, shelf
from engine.verification.check import CheckResult, CheckSettings, LiveCheck, LiveStep, check_pack
from engine.verification.matrix import MatrixRow
from engine.verification.pack_code import probes_of
from engine.verification.records import ProbeState, Progress, VerificationRequest
from engine.verification.sources import copied, editable, from_workspace
from engine.verification.verification import Verifier
from engine.verification.wire import result_words
from engine.workspace import Workspace, WorkspaceError

HELD, NOT_HELD, WRONG_USE, MACHINE_LACKS = 0, 1, 2, 3

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What the process returns, and what it prints with `--json`."""

    exit_code: int
    words: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Submission:
    """What is to be judged: a folder with the services, or a patch of the pack's own; neither is the unfixed pack."""

    workspace: Path | None = None
    patch: Path | None = None


def add(commands: Any) -> None:
    """Declare `drill verify`."""
    command = commands.add_parser("verify", help="judge a fix in an isolated second environment")
    command.add_argument("pack", metavar="PACK", help="the scenario, by its id or folder")
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("--workspace", type=Path, metavar="DIR", help="a folder with the services' source")
    what.add_argument("--patch", type=Path, metavar="FILE", help="a unified diff of the scenario's services")
    command.add_argument("--only", metavar="PROBE", default="", help="ask this probe alone")
    command.add_argument("--keep", action="store_true", help="keep the judge's folder: databases and logs")
    add_trust(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> tuple[int, Mapping[str, Any], str]:
    """Judge what the options name: exit code, JSON words, and the sentence that people read."""
    submission, scenarios = Submission(options.workspace, options.patch), shelf()
    pack = scenarios.find(options.pack)
    require_trust(scenarios, [pack], is_given=options.trust)
    judging = verify_command(pack, submission, _tell, options.only, options.keep)
    answer = asyncio.run(judging)
    words = answer.words
    text = f"{words['verdict']}: {words['measured']}"
    if words["probe"]:
        text = f"{words['verdict']} by {words['probe']}: {words['measured']} (required: {words['required']})"
    if words["only"]:
        text += f" (only {words['only']} was asked)"
    kept = f"\nKept: {words['kept']}" if words["kept"] else ""
    return answer.exit_code, words, text + kept


async def verify_command(
    pack: Pack, submission: Submission, say: Say, only: str = "", keep: bool = False
) -> CommandResult:
    """Judge a submission; `say` gets one line for each step and probe. Raises `DrillError` for wrong use."""
    await _require_probe(pack, only)
    root = Path(tempfile.mkdtemp(prefix="drill-verify-"))
    try:
        sources = await asyncio.to_thread(_sources, pack, submission, root)
        request = VerificationRequest(
            pack.folder,
            sources,
            root / "judge",
            f"verify-{secrets.token_hex(4)}",
            seed=secrets.randbelow(2**31),
            live_seed=secrets.randbelow(2**31),
            only=only,
            keep=keep,
        )
        result = await Verifier().verify(request, _Lines(say))
        codes = {Verdict.RIGHT: HELD, Verdict.NOT_RUN: MACHINE_LACKS}
        return CommandResult(codes.get(result.verdict, NOT_HELD), {"pack": pack.id, **result_words(result)})
    finally:
        if not keep:
            await asyncio.to_thread(shutil.rmtree, root, ignore_errors=True)


def check_command(
    pack: Pack,
    say: Say,
    quick: bool = False,
    seed: int | None = None,
    live_check: LiveCheck | None = None,
) -> CommandResult:
    """Prove a pack; the exit code is 0 only if every row agrees and the check is able to fail."""
    root = Path(tempfile.mkdtemp(prefix="drill-check-"))
    chosen_seed = secrets.randbelow(2**31) if seed is None else seed
    settings = CheckSettings(root, f"check-{secrets.token_hex(4)}", chosen_seed, quick, live_check)
    try:
        result = check_pack(pack, settings, say)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return CommandResult(_check_code(result), check_words(result))


def check_words(result: CheckResult) -> dict[str, Any]:
    """A check as JSON: what `drill packs check --json` prints of one pack."""
    test = result.self_test
    return {
        "pack": result.pack,
        "held": result.held,
        "quick": result.quick,
        "seed": result.seed,
        "matrix": [_row_words(row) for row in result.rows],
        "self_test": {"swapped": list(test.swapped), "fails": test.fails} if test else None,
        "contributions": [
            {
                "fault": part.fault,
                "absolute_per_minute": part.absolute_per_minute,
                "net_per_minute": part.net_per_minute,
                "unit": part.unit,
                "note": part.note,
            }
            for part in result.contributions
        ],
        "live": [live_words(step) for step in result.live],
        "seconds": round(result.seconds, 3),
    }


def live_words(step: LiveStep) -> dict[str, Any]:
    """A step on the live system as JSON."""
    return {
        "name": step.name,
        "level": step.level,
        "held": step.held,
        "detail": step.detail,
        "seconds": round(step.seconds, 3),
    }


def _row_words(row: MatrixRow) -> dict[str, Any]:
    return {
        "fix": row.fix,
        "expected": row.expected.value,
        "given": row.given.value,
        "probe": row.probe,
        "expected_probe": row.decided_by,
        "agrees": row.agrees,
        "level": row.level,
        "measured": row.measured,
        "required": row.required,
        "seconds": round(row.seconds, 3),
    }


def _check_code(result: CheckResult) -> int:
    """A machine that could not judge is told from a pack that is not what it says."""
    if result.held:
        return HELD
    wrong = [row for row in result.rows if not row.agrees]
    only_machine = bool(wrong) and all(row.given is Verdict.NOT_RUN for row in wrong)
    return MACHINE_LACKS if only_machine else NOT_HELD


async def _require_probe(pack: Pack, only: str) -> None:
    names = [probe.name for probe in await probes_of(pack.folder)] if only else []
    if only and only not in names:
        raise WorkspaceError(f"no probe {only!r} in {pack.id}; there are {', '.join(names)}")


def _sources(pack: Pack, submission: Submission, root: Path) -> dict[str, Path]:
    """Copies of what is submitted, by service. Raises `WorkspaceError` where it is not there or does not fit."""
    if submission.workspace is not None:
        if not submission.workspace.is_dir():
            raise WorkspaceError(f"{submission.workspace} is not a folder")
        return copied(from_workspace(pack, submission.workspace), root / "submitted")
    workspace = Workspace.create(root / "workspace", [pack])
    try:
        if submission.patch is not None:
            workspace.apply_patch(_patch_text(submission.patch))
        return copied({name: workspace.folder / name for name in editable(pack)}, root / "submitted")
    finally:
        workspace.close()


def _patch_text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise WorkspaceError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise WorkspaceError(f"{file} is not text in UTF-8 (byte {error.start})") from error


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class _Lines:
    """Progress as lines: a probe is said once when it is answered."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._said: set[str] = set()

    def __call__(self, progress: Progress) -> None:
        for probe in progress.probes:
            finished = probe.state not in (ProbeState.WAITING, ProbeState.RUNNING)
            if finished and probe.name not in self._said:
                self._said.add(probe.name)
                left = f"about {progress.seconds_left:.0f} s left"
                self._say(f"{probe.name}: {probe.state}, {probe.measured}, {probe.seconds:.1f} s, {left}")
