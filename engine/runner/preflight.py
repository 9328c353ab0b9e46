"""What this machine needs for a drill, checked one by one, each with what to do about it."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from engine.lab.errors import LabError
from engine.lab.postgres_programs import choose_account, find_programs

DISK_GB = 2.0
MEMORY_GB = 1.5


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the preflight. `status` is passed, needs-you, optional or failed."""

    name: str
    status: str
    detail: str
    remedy: str = ""


def checks(runs: Path) -> tuple[Callable[[], Check], ...]:
    """Every check, to be called in order; each takes well under a second."""
    return (_database, partial(_disk, runs), _memory, _loopback, partial(_folder, runs))


def _database() -> Check:
    try:
        programs = find_programs()
        choose_account(programs)
    except LabError as error:
        return Check("Database server", "failed", f"{error.what} ({error.where}).", error.what_to_do)
    return Check("Database server", "passed", f"PostgreSQL {programs.version}")


def _disk(runs: Path) -> Check:
    existing = next(folder for folder in (runs, *runs.parents) if folder.exists())
    free_gb = shutil.disk_usage(existing).free / 1e9
    detail = f"{free_gb:,.1f} GB free"
    if free_gb < DISK_GB:
        return Check("Disk", "failed", detail, f"A run needs {DISK_GB:.0f} GB. Remove old runs in {runs}.")
    return Check("Disk", "passed", detail)


def _memory() -> Check:
    free_gb = psutil.virtual_memory().available / 1e9
    detail = f"{free_gb:,.1f} GB available, {psutil.cpu_count()} processors"
    if free_gb < MEMORY_GB:
        remedy = f"A drill takes about {MEMORY_GB} GB. Close other programs."
        return Check("Memory", "needs-you", detail, remedy)
    return Check("Memory", "passed", detail)


def _loopback() -> Check:
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            with socket.create_connection(("127.0.0.1", port), timeout=2):
                return Check("Local network", "passed", "Programs on this machine reach each other")
    except OSError as error:
        remedy = "Allow connections on 127.0.0.1 in the firewall of this machine."
        return Check("Local network", "failed", f"127.0.0.1 cannot be reached ({error})", remedy)


def _folder(runs: Path) -> Check:
    probe = runs / ".writable"
    try:
        runs.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        remedy = "Set DRILL_HOME to a folder that you may write to."
        return Check("Folder for runs", "failed", f"{runs}: {error.strerror}", remedy)
    return Check("Folder for runs", "passed", str(runs))
