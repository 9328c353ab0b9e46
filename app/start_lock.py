"""One console at a time may look for an engine and start one: otherwise two that notice one crash start two.

The lock is the system's own on an open file, so it ends with its process, however that ends.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "engine.lock"
LOOK_EVERY_S = 0.05

if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def start_lock(folder: Path, stop: threading.Event) -> Iterator[bool]:
    """Wait for the right to start an engine in `folder`; yields False when `stop` was set meanwhile."""
    handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        locked = _try_lock(handle)
        while not locked and not stop.wait(LOOK_EVERY_S):
            locked = _try_lock(handle)
        yield locked
    finally:
        os.close(handle)
