"""How long the GUI thread is kept from its work while a drill runs: first show of each screen, then 60 s of use.

Then once more with 2,000 spans and 2,000 log lines a second from another process, the three screens open in turn: no
longer stalls, and no line or span that is neither received nor counted as lost. A timer asks to be called every 5 ms;
how much later it is called is a stall. Prints one JSON object.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt, QTimer

from tests.bench.running_console import RunningConsole, running_console

FLOOD = Path(__file__).with_name("flood.py")
SCREENS = ("Signals", "Traces", "Logs", "Workbench", "Control")
EACH_S = 12.0
EVERY_MS = 5
FLOOD_S, SPANS_A_S, LINES_A_S = 60.0, 2_000, 2_000
FLOODED = ("Signals", "Traces", "Logs")
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


def measure(console: RunningConsole) -> dict[str, Any]:
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


def flood(console: RunningConsole) -> dict[str, Any]:
    """The three screens in turn while another process sends."""
    meter = StallMeter()
    endpoints = console.lead(lambda client: client.endpoints())
    before = console.lead(lambda client: client.counters())
    address = endpoints.otlp_grpc.removeprefix("http://")
    words = [sys.executable, str(FLOOD), address, str(FLOOD_S), str(SPANS_A_S), str(LINES_A_S)]
    use: dict[str, dict[str, float]] = {}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as sender:
        while sender.poll() is None:
            for name in FLOODED:
                console.window.show_screen(name)
                meter.take()
                console.run_for(5.0)
                gaps = sorted(meter.take())
                known = use.setdefault(name, {"longest_ms": 0.0, "p99_ms": 0.0})
                known["longest_ms"] = max(known["longest_ms"], round(gaps[-1], 1))
                known["p99_ms"] = max(known["p99_ms"], round(gaps[int(len(gaps) * 0.99)], 1))
        assert sender.stdout is not None
        sent = json.loads(sender.stdout.read())
    console.run_for(3.0)
    after = console.lead(lambda client: client.counters())
    told = after.dropped + after.refused - before.dropped - before.refused
    uncounted = {
        "spans": max(0, sent["spans"] - (after.spans - before.spans) - told),
        "lines": max(0, sent["lines"] - (after.logs - before.logs) - told),
    }
    return {"in_use": use, "sent": sent, "lost_and_counted": told, "lost_uncounted": uncounted}


if __name__ == "__main__":
    with running_console() as running:
        found = measure(running)
        found["flood"] = flood(running)
    flooded = found["flood"]
    found["missed"] += [
        f"{name} under 2,000 spans and lines a second"
        for name, row in flooded["in_use"].items()
        if row["longest_ms"] > LONGEST_MS
    ]
    found["missed"] += [
        f"{what} lost uncounted" for what, count in flooded["lost_uncounted"].items() if count
    ]
    print(json.dumps(found))
