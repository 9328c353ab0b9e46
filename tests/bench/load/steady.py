"""CPU a request of a load client while it runs steadily: its start-up is outside of the window, whoever it is.

Requests are counted by the target, CPU by the operating system, for the client's process and all of its children.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[3]
READY_S = 60.0
FIRST_REQUESTS = 1_000


@dataclass(frozen=True, slots=True)
class Target:
    """A running target."""

    port: int
    counting_port: int

    @property
    def url(self) -> str:
        """What to load."""
        return f"http://127.0.0.1:{self.port}"

    def answered(self) -> int:
        """Requests answered so far."""
        with socket.create_connection(("127.0.0.1", self.counting_port)) as connection:
            return int(connection.recv(64))


@dataclass(frozen=True, slots=True)
class Steady:
    """What a client did in its window."""

    cpu_us_a_request: float
    requests_per_s: float


@contextmanager
def running_target() -> Iterator[Target]:
    """The target, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.load.target"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        port, counting_port = map(int, process.stdout.readline().split())
        yield Target(port, counting_port)
        process.stdin.close()


def measure(command: Sequence[str], target: Target, warm_up_s: float, seconds: float) -> Steady:
    """Start a client, let it warm up, and watch it for `seconds`. Raises RuntimeError with its words if it ends."""
    with tempfile.TemporaryFile("w+") as said:
        client = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        try:
            _wait_for_requests(client, target)
            time.sleep(warm_up_s)
            before = (_cpu_s(client.pid), target.answered(), time.monotonic())
            time.sleep(seconds)
            after = (_cpu_s(client.pid), target.answered(), time.monotonic())
            if client.poll() is not None:
                raise RuntimeError("it ended")
        except (RuntimeError, psutil.NoSuchProcess) as error:
            said.seek(0)
            raise RuntimeError(f"{command[0]} did not load the target: {said.read()[-2000:]}") from error
        finally:
            _end(client)
    cpu_s, requests, passed_s = (late - early for early, late in zip(before, after, strict=True))
    return Steady(cpu_s / requests * 1e6, requests / passed_s)


def _wait_for_requests(client: subprocess.Popen[bytes], target: Target) -> None:
    begin, deadline = target.answered(), time.monotonic() + READY_S
    while target.answered() < begin + FIRST_REQUESTS:
        if client.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("it sent nothing")
        time.sleep(0.05)


def _cpu_s(pid: int) -> float:
    process = psutil.Process(pid)
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return sum(t.user + t.system for t in times)


def _end(client: subprocess.Popen[bytes]) -> None:
    if client.poll() is None:
        children = psutil.Process(client.pid).children(recursive=True)
        for each in (*children, client):
            each.kill()
    client.wait()
