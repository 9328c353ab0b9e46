"""Processes that stand for services, and an owner that a test kills."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from engine.lab.actuators import Place
from engine.lab.modes import child_environment


@pytest.fixture
def standing_service(run_id: str, tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """`standing_service(order_id)`: the place of a process of this run that does nothing until it is ended."""
    program = "import sys; print('up', flush=True); sys.stdin.read()"
    child = subprocess.Popen(
        [sys.executable, "-c", program],
        env=child_environment(run_id),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdout.readline(), "it has an environment only once it runs"
    created = psutil.Process(child.pid).create_time()
    folder = tmp_path / "data" / "stand-in"
    folder.mkdir(parents=True)
    with child:
        yield lambda order_id: Place(run_id, order_id, "stand-in", child.pid, created, str(folder), 1_000_000)
        child.kill()
