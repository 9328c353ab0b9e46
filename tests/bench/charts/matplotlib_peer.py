"""The peer: the same curves in matplotlib, animated by blitting. Prints the median milliseconds of a frame."""

from __future__ import annotations

import statistics
import sys
import time

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np


def main(plots: int, series: int, points: int, frames: int, width: int, height: int) -> None:
    """Draw frames that each move on by a second."""
    rng = np.random.default_rng(5)
    dpi = 100
    figure, axes = plt.subplots(plots, 1, figsize=(width / dpi, height / dpi), dpi=dpi)
    x = np.arange(points, dtype=float)
    lines = []
    for axis in axes:
        axis.set_xlim(0, points)
        axis.set_ylim(0, 260)
        for _ in range(series):
            (line,) = axis.plot(x, 100 + np.cumsum(rng.normal(0, 0.5, points)), animated=True, linewidth=1)
            lines.append((axis, line))
    figure.canvas.draw()
    background = figure.canvas.copy_from_bbox(figure.bbox)
    spent = []
    for _ in range(frames):
        began = time.perf_counter_ns()
        figure.canvas.restore_region(background)
        for axis, line in lines:
            line.set_ydata(np.roll(line.get_ydata(), -1))
            axis.draw_artist(line)
        figure.canvas.blit(figure.bbox)
        spent.append((time.perf_counter_ns() - began) / 1e6)
    print(statistics.median(spent))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
