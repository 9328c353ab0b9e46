"""The job that loads the host: `job cpu PERCENT SECONDS ORDER` or `job memory MB SECONDS ORDER`.

It ends after that time, when its stdin ends, with its parent, or when the machine runs short of memory.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence

import psutil

from engine.lab.actuators.priority import step_back
from engine.lab.child_process import end_with_parent

_PERIOD_S = 0.1
_LOOK_EVERY_S = 0.5
_BLOCK_BYTES = 4_000_000
_PAGE_BYTES = 4096
_RESERVE_BYTES = 512_000_000
_RESERVE_SHARE = 0.1


def reserve_bytes() -> int:
    """What always stays free: a tenth of the memory, half a gigabyte at least."""
    return max(_RESERVE_BYTES, int(psutil.virtual_memory().total * _RESERVE_SHARE))


def main(arguments: Sequence[str]) -> int:
    """Do one job to its end."""
    kind, amount, lasts_s = arguments[0], float(arguments[1]), float(arguments[2])
    end_with_parent(signal.SIGKILL)
    step_back()
    threading.Thread(target=_end_with_stdin, name="stdin").start()
    until_s = time.monotonic() + lasts_s
    if kind == "cpu":
        _burn(amount, until_s)
    else:
        _hold(int(amount * 1e6), until_s)
    # The thread still waits for stdin.
    os._exit(0)


def _end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _say(text: str) -> None:
    print(text, flush=True)


def _burn(percent: float, until_s: float) -> None:
    """Busy for that part of each tenth of a second, counted in processor time: never more, on an idle machine too."""
    _say(f"one job takes {percent:g} % of one core")
    while (now_s := time.monotonic()) < until_s:
        end_cpu_s = time.process_time() + _PERIOD_S * percent / 100.0
        while time.process_time() < end_cpu_s and time.monotonic() < now_s + _PERIOD_S:
            sum(range(2_000))
        time.sleep(max(0.0, now_s + _PERIOD_S - time.monotonic()))


def _hold(size: int, until_s: float) -> None:
    """Take memory block by block, touching each page, and let go as soon as the reserve is touched."""
    blocks: list[bytearray] = []
    taken = 0
    while taken < size and psutil.virtual_memory().available > reserve_bytes():
        block = bytearray(min(_BLOCK_BYTES, size - taken))
        block[::_PAGE_BYTES] = b"\1" * len(block[::_PAGE_BYTES])
        blocks.append(block)
        taken += len(block)
    _say(f"one job holds {taken / 1e6:.0f} MB")
    while time.monotonic() < until_s and psutil.virtual_memory().available > reserve_bytes():
        time.sleep(_LOOK_EVERY_S)
