"""Starting an engine that outlives the console, or finding the one that runs. Everything here may wait: not for the
GUI thread.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.engine_file import RunningEngine, forget_engine, parse_engine, read_engine, write_engine
from app.start_lock import start_lock

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN_S = 90.0
LOOK_EVERY_S = 0.03
CLOSED_MEANWHILE = "The console closed while the engine started."
LOG_BYTES = 4 * 1024 * 1024
_PASSED_ON = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "USER", "USERNAME", "USERPROFILE", "APPDATA",
    "LOCALAPPDATA", "SYSTEMROOT", "SYSTEMDRIVE", "PATHEXT", "COMSPEC", "XDG_RUNTIME_DIR", "XDG_STATE_HOME",
    "DRILL_HOME", "DRILL_POSTGRES_BIN", "DRILL_OTLP_PORT", "DRILL_FORWARD_OTLP",
)  # fmt: skip


class EngineDidNotStart(Exception):
    """`str()` is the sentence for the user: what happened and where the log is."""


@dataclass(frozen=True, slots=True)
class Alive:
    """An engine that serves: `child` where this console started it, None where it was found."""

    engine: RunningEngine
    child: subprocess.Popen[bytes] | None


def engine_command() -> tuple[str, ...]:
    """The command line of an engine, from a checkout or from a package."""
    if getattr(sys, "frozen", False):
        return sys.executable, "engine", "--json"
    return sys.executable, "-m", "engine", "engine", "--json"


def find_engine(folder: Path) -> RunningEngine | None:
    """The living engine that was written down in `folder`: its process exists and it answers to its token."""
    import psutil

    from protos.drill.v1.client import DrillClient, EngineLost, EngineRefused

    engine = read_engine(folder)
    if engine is None:
        return None
    if psutil.pid_exists(engine.pid):
        client = DrillClient(engine.address, engine.facilitator)
        try:
            if client.hello().process_id == engine.pid:
                return engine
        except (EngineLost, EngineRefused):
            pass
        finally:
            client.close()
    forget_engine(folder, engine)
    return None


def find_or_start(command: Sequence[str], folder: Path, stop: threading.Event) -> Alive:
    """The engine of this folder, started if there is none; waits until it serves.

    Raises EngineDidNotStart; also when `stop` is set meanwhile.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with start_lock(folder, stop) as is_ours:
            if not is_ours:
                raise EngineDidNotStart(CLOSED_MEANWHILE)
            found = find_engine(folder)
            return Alive(found, None) if found else _start(command, folder, stop)
    except OSError as error:
        raise EngineDidNotStart(
            f"The engine could not be started: {error}. Set DRILL_HOME to a folder that you may write to."
        ) from error


def _start(command: Sequence[str], folder: Path, stop: threading.Event) -> Alive:
    child = _spawn(command, folder)
    try:
        engine = _read_ready_line(child, folder, stop)
        write_engine(folder, engine)
    except BaseException:
        child.kill()
        child.wait()
        raise
    return Alive(engine, child)


def log_file(folder: Path) -> Path:
    """Where the engine writes what it has to say."""
    return folder / "engine.log"


def _spawn(command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    log = log_file(folder)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(folder / "engine.log.1")
    # Files, not pipes: an engine that outlives its console must not write into a closed pipe.
    with _open_private(_ready_file(folder)) as out, log.open("ab") as errors:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            cwd=folder,
            env=_environment(os.environ),
            creationflags=_creation_flags(),
            start_new_session=True,
        )


def _open_private(file: Path) -> BinaryIO:
    # The ready line names the tokens.
    file.unlink(missing_ok=True)
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _creation_flags() -> int:
    return getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    kept = {name: own[name] for name in _PASSED_ON if name in own}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "DRILL_RUN": "engine"}


def _ready_file(folder: Path) -> Path:
    return folder / "engine.out"


def _read_ready_line(child: subprocess.Popen[bytes], folder: Path, stop: threading.Event) -> RunningEngine:
    end_s = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end_s:
        ended = child.poll() is not None
        for line in _ready_file(folder).read_text(encoding="utf-8", errors="replace").splitlines():
            engine = parse_engine(line)
            if engine is not None and not ended:
                return engine
        if ended:
            raise EngineDidNotStart(f"The engine ended while it started ({describe_end(child, folder)}).")
        if stop.wait(LOOK_EVERY_S):
            raise EngineDidNotStart(CLOSED_MEANWHILE)
    raise EngineDidNotStart(
        f"The engine was not ready within {READY_WITHIN_S:.0f} s. Its log: {log_file(folder)}"
    )


def describe_end(child: subprocess.Popen[bytes] | None, folder: Path) -> str:
    """How the engine ended, in words: exit code or signal, the last line of its log, and where the log is."""
    code = None if child is None else child.poll()
    end = "" if code is None else f"signal {-code}, " if code < 0 else f"exit code {code}, "
    last = _last_line(log_file(folder))
    return f"{end}{last + '; ' if last else ''}log: {log_file(folder)}"


def _last_line(file: Path) -> str:
    try:
        with file.open("rb") as log:
            log.seek(max(0, file.stat().st_size - 4096))
            lines = log.read().decode("utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")
