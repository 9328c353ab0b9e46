"""From starting the process to the console's first picture, against an empty PySide6 window.

Both are started in turn, several times, each in a process of its own, offscreen. CPU is the process's until the first
paint event is done; wall time is beside it. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 9
GOALS = {"first_paint_cpu_to_empty_window": 1.25}
TRIED = {
    "first_paint_cpu_to_empty_window": "Charts, gRPC, panes and icons come after the first picture; the log brings "
    "no sockets and no pickles; Qt's enumerations are not named before it (1.43 to 1.28). What is left is the theme "
    "with its typefaces, and the dataclasses and JSON of what is kept between starts.",
}
_REPORT = """
import os, time
def report():
    spent = time.process_time()
    began = float(open(f"/proc/{os.getpid()}/stat").read().rsplit(")", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")
    uptime = float(open("/proc/uptime").read().split()[0])
    print(spent, uptime - began, flush=True)
    os._exit(0)
"""
EMPTY = (
    _REPORT
    + """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, report)
window = Window()
window.resize(1600, 1000)
window.show()
application.exec()
"""
)
OURS = (
    _REPORT
    + """
import app.window
class Window(app.window.Window):
    def __init__(self):
        super().__init__()
        self.painted.connect(report)
app.window.Window = Window
from app.console import run_console
run_console()
"""
)


def measure(program: str, folder: str) -> tuple[float, float]:
    """CPU and wall milliseconds until the first paint."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "DRILL_HOME": folder,
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    cpu, wall = map(float, done.stdout.split())
    return cpu * 1000, wall * 1000


def main() -> None:
    """Print one JSON object."""
    with tempfile.TemporaryDirectory() as folder:
        for program in (EMPTY, OURS):
            measure(program, folder)
        pairs = [(measure(EMPTY, folder), measure(OURS, folder)) for _ in range(ROUNDS)]
    cpu = [ours[0] / empty[0] for empty, ours in pairs]
    wall = [ours[1] / empty[1] for empty, ours in pairs]
    found = {
        "first_paint_cpu_to_empty_window": round(statistics.median(cpu), 2),
        "cpu_ratio_spread": [round(min(cpu), 2), round(max(cpu), 2)],
        "first_paint_wall_to_empty_window": round(statistics.median(wall), 2),
        "cpu_ms": round(statistics.median(ours[0] for _, ours in pairs), 1),
        "empty_cpu_ms": round(statistics.median(empty[0] for empty, _ in pairs), 1),
    }
    missed = [name for name, goal in GOALS.items() if float(str(found[name])) > goal]
    tried = {name: TRIED[name] for name in missed}
    print(json.dumps({**found, "goals": GOALS, "missed": missed, "tried": tried}))


if __name__ == "__main__":
    main()
