"""Processes that stand for services, and an owner that a test kills."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from engine.lab.actuators import Place
from engine.lab.modes import child_environment


@pytest.fixture
def standing_service(run_id: str, tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """`standing_service(order_id)`: the place of a process of this run that does nothing until it is ended."""
    program = "import sys; sys.stdin.read()"
    child = subprocess.Popen(
        [sys.executable, "-c", program], env=child_environment(run_id), stdin=subprocess.PIPE
    )
    process = psutil.Process(child.pid)
    while (
        not process.environ()
    ):  # the kernel sets it a moment after the call that starts the program has returned
        time.sleep(0.01)
    created = process.create_time()
    folder = tmp_path / "data" / "stand-in"
    folder.mkdir(parents=True)
    with child:
        yield lambda order_id: Place(run_id, order_id, "stand-in", child.pid, created, str(folder), 1_000_000)
        child.kill()
