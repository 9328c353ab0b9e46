"""The lowest priority that this system has, and the first place among those that end when memory runs out."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import psutil


def step_back() -> None:
    """Make this process the one that everything else goes before."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.IDLE_PRIORITY_CLASS)
        return
    psutil.Process().nice(19)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
