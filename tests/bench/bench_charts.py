"""A frame of the live charts: 6 plots of 3 series of 10,800 points, moved on by a second.

The references are measured in the same run: bare `drawPolyline` of the same reduced points in the same pens on
pixmaps of the same size, and matplotlib's blitting in a process of its own. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np  # noqa: E402
import pyqtgraph as pg  # noqa: E402
from PySide6.QtCore import Qt  # noqa: E402
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from app.theme import Token, theme  # noqa: E402
from app.widgets.charts import ChartSpec, SeriesSpec, Unit  # noqa: E402
from app.widgets.charts.plot import BUCKET_PX  # noqa: E402
from app.widgets.charts.reduction import Floats, min_max  # noqa: E402
from app.widgets.charts.stack import ChartStack  # noqa: E402
from tests.bench.needs import peers  # noqa: E402

PLOTS, SERIES, POINTS = 6, 3, 10_800
WIDTH, HEIGHT = 1200, 900
FRAMES = 60
START_S = 1_800_000_000.0
GOALS = {"frame_to_polylines": 1.1, "frame_to_matplotlib": 1 / 10}
TRIED = {
    "frame_to_polylines": "Curves without pyqtgraph's view box and scene and polylines instead of paths (6.4x became "
    "4.6x); labels kept as a picture in a widget of their own, old buckets and pixmaps kept (3.0x). The rest is what "
    "the bare reference leaves out: comparing and reducing 18 x 10,800 points (a fifth), values and times as text (a "
    "quarter), and copying twelve pictures into the window.",
    "frame_to_matplotlib": "The same. Matplotlib's blit draws lines alone, no legend, no axis.",
}
INKS = (Token.P50, Token.P95, Token.P99)


def data() -> dict[str, tuple[Floats, Floats]]:
    """Three hours of every series."""
    rng = np.random.default_rng(5)
    x = START_S + np.arange(POINTS, dtype=float)
    return {
        f"{plot}.{series}": (x, np.abs(100 + np.cumsum(rng.normal(0, 0.5, POINTS))))
        for plot in range(PLOTS)
        for series in range(SERIES)
    }


def median_ms(frames: list[float]) -> float:
    """The median."""
    return statistics.median(frames)


def ours(samples: dict[str, tuple[Floats, Floats]]) -> tuple[float, int]:
    """Milliseconds of a frame of the product's stack, and the width of a plot in pixels."""
    stack = ChartStack()
    for plot in range(PLOTS):
        lines = tuple(SeriesSpec(f"{plot}.{n}", f"P{n}", INKS[n]) for n in range(SERIES))
        stack.add_chart(ChartSpec(f"Chart {plot}", "ms", Unit.MILLISECONDS, lines))
    stack.resize(WIDTH, HEIGHT)
    stack.show()
    stack.set_window(float(POINTS))
    stack.set_data(samples)
    stack.follow(START_S + POINTS)
    stack.refresh()
    QApplication.processEvents()
    frames = []
    for frame in range(FRAMES):
        moved = {key: (x + frame + 1, np.roll(y, -frame - 1)) for key, (x, y) in samples.items()}
        began = time.perf_counter_ns()
        stack.set_data(moved)
        stack.follow(START_S + POINTS + frame + 1)
        stack.refresh()
        stack.repaint()
        QApplication.processEvents()
        frames.append((time.perf_counter_ns() - began) / 1e6)
    width = stack._rows.shown[0].plot.width()  # type: ignore[union-attr]
    stack.close()
    return median_ms(frames), width


def polylines(samples: dict[str, tuple[Floats, Floats]], width: int) -> float:
    """Milliseconds to draw the reduced points alone, without axes, legends, grid or window."""
    height = HEIGHT // PLOTS
    pictures = [QPixmap(width, height) for _ in range(PLOTS)]
    reduced = {key: min_max(x, y, BUCKET_PX * POINTS / width) for key, (x, y) in samples.items()}
    frames = []
    for _ in range(FRAMES):
        began = time.perf_counter_ns()
        for plot, picture in enumerate(pictures):
            picture.fill(QColor("#14171C"))
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            for series in range(SERIES):
                x, y = reduced[f"{plot}.{series}"]
                painter.setPen(QPen(theme.colour(INKS[series]), 1, Qt.PenStyle.SolidLine))
                line: QPolygonF = pg.functions.arrayToQPolygonF(
                    (x - START_S) / POINTS * width, height - y / 260 * height
                )
                painter.drawPolyline(line)
            painter.end()
        frames.append((time.perf_counter_ns() - began) / 1e6)
    return median_ms(frames)


def matplotlib() -> float:
    """Milliseconds of a frame of the peer."""
    script = ROOT / "tests" / "bench" / "charts" / "matplotlib_peer.py"
    sizes = map(str, (PLOTS, SERIES, POINTS, FRAMES, WIDTH, HEIGHT))
    done = subprocess.run([str(peers()), str(script), *sizes], stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Print one JSON object."""
    application = QApplication([])
    theme.install(application)
    samples = data()
    frame, width = ours(samples)
    bare, peer = polylines(samples, width), matplotlib()
    found = {
        "frame_to_polylines": round(frame / bare, 2),
        "frame_to_matplotlib": round(frame / peer, 4),
        "frame_ms": round(frame, 2),
        "polylines_ms": round(bare, 2),
        "matplotlib_ms": round(peer, 1),
        "points_a_curve": len(min_max(*samples["0.0"], BUCKET_PX * POINTS / width)[0]),
    }
    missed = [name for name, goal in GOALS.items() if float(str(found[name])) > goal]
    tried = {name: TRIED[name] for name in missed}
    print(json.dumps({**found, "goals": GOALS, "missed": missed, "tried": tried}))


if __name__ == "__main__":
    main()
