"""How long the GUI thread is kept from its work while a drill runs: first show of each screen, then 60 s of use.

A timer asks to be called every 5 ms; how much later it is called is a stall. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt, QTimer

from tests.bench.running_console import RunningConsole, running_console

SCREENS = ("Signals", "Traces", "Logs", "Workbench", "Control")
EACH_S = 12.0
EVERY_MS = 5
LONGEST_MS = 100.0
FIRST_SHOW_MS = 250.0


class StallMeter:
    """Collects the gaps between a timer's calls beyond its interval."""

    def __init__(self) -> None:
        self.gaps_ms: list[float] = []
        self._last_ns = time.perf_counter_ns()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._note)
        self._timer.start()

    def take(self) -> list[float]:
        """The gaps since the last call, in milliseconds."""
        gaps, self.gaps_ms = self.gaps_ms, []
        return gaps

    def _note(self) -> None:
        now_ns = time.perf_counter_ns()
        self.gaps_ms.append(max(0.0, (now_ns - self._last_ns) / 1e6 - EVERY_MS))
        self._last_ns = now_ns


def measure(console: RunningConsole) -> dict[str, object]:
    """Each screen's first show, then its share of the 60 s."""
    meter = StallMeter()
    first, use = {}, {}
    for name in SCREENS:
        meter.take()
        began_ns = time.perf_counter_ns()
        console.window.show_screen(name)
        console.wait_for(lambda began_ns=began_ns: time.perf_counter_ns() - began_ns > 1_500_000_000)
        first[name] = round(max(meter.take()), 1)
    for name in SCREENS:
        console.window.show_screen(name)
        console.run_for(0.5)
        meter.take()
        console.run_for(EACH_S)
        gaps = sorted(meter.take())
        use[name] = {"longest_ms": round(gaps[-1], 1), "p99_ms": round(gaps[int(len(gaps) * 0.99)], 1)}
    longest = max(float(row["longest_ms"]) for row in use.values())
    missed = [f"first show of {name}" for name, ms in first.items() if ms > FIRST_SHOW_MS]
    missed += [f"use of {name}" for name, row in use.items() if row["longest_ms"] > LONGEST_MS]
    return {
        "first_show_longest_stall_ms": first,
        "in_use": use,
        "seconds": EACH_S * len(SCREENS),
        "longest_ms": longest,
        "goal_ms": LONGEST_MS,
        "missed": missed,
    }


if __name__ == "__main__":
    with running_console() as running:
        found = measure(running)
    print(json.dumps(found))
