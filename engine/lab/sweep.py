"""Finds and ends what an interrupted run left: every process that carries its id."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass

import psutil

_PATIENCE_S = 3.0


@dataclass(frozen=True, slots=True)
class SweptProcess:
    """A process that was ended."""

    pid: int
    name: str
    run_id: str


def find_processes(run_id: str | None = None) -> list[tuple[psutil.Process, str]]:
    """Processes whose environment has `DRILL_RUN` (equal to `run_id`, if given) and their descendants, with the id.

    The calling process is never among them, whatever it carries; neither are those it descends from.
    """
    spared = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found: dict[int, tuple[psutil.Process, str]] = {}
    for process in psutil.process_iter():
        carried = _run_of(process)
        if carried is None or (run_id is not None and carried != run_id) or process.pid in spared:
            continue
        found[process.pid] = (process, carried)
        for child in _descendants(process):
            if child.pid not in spared:
                found.setdefault(child.pid, (child, carried))
    return list(found.values())


def sweep(run_id: str | None = None) -> tuple[SweptProcess, ...]:
    """End every process of a run (of any run, without an id): the soft way first, then KILL. Blocks for seconds.

    A frozen one is thawed first: it could not end in order.
    """
    found = find_processes(run_id)
    swept = tuple(SweptProcess(process.pid, _name(process), run) for process, run in found)
    processes = [process for process, _ in found]
    for process in processes:
        _thaw(process)
        # postgres waits for its clients after TERM and ends at once after INT.
        _signal(process, signal.SIGINT if _name(process).startswith("postgres") else signal.SIGTERM)
    _, alive = psutil.wait_procs(processes, timeout=_PATIENCE_S)
    for process in alive:
        _signal(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    psutil.wait_procs(alive, timeout=_PATIENCE_S)
    return swept


def _run_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get("DRILL_RUN")
    except (psutil.Error, OSError):
        return None


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return "gone"


def _thaw(process: psutil.Process) -> None:
    try:
        if process.status() == psutil.STATUS_STOPPED:
            process.resume()
    except psutil.Error:
        return


def _signal(process: psutil.Process, number: int) -> None:
    try:
        if sys.platform == "win32":
            process.terminate()
        else:
            process.send_signal(number)
    except psutil.Error:
        return
