"""Fewer points for the same picture: slices, gaps, and the smallest and largest value of each bucket.

Buckets are aligned to absolute time, so that a chart that follows the present does not shimmer. Arrays are float64;
NaN is a gap.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
GAP_FACTOR = 3.5


def visible_slice(x: Floats, start: float, end: float) -> slice:
    """The points from `start` to `end`, and one more on each side so that lines reach the edges."""
    first = int(np.searchsorted(x, start, side="left"))
    last = int(np.searchsorted(x, end, side="right"))
    return slice(max(first - 1, 0), min(last + 1, len(x)))


def with_gaps(x: Floats, y: Floats, longest: float | None = None) -> tuple[Floats, Floats]:
    """Put a NaN where samples are missing: steps longer than `longest`, or than 3.5 times the usual step."""
    if len(x) < 3:
        return x, y
    steps = np.diff(x)
    limit = longest if longest is not None else max(usual_step(steps) * GAP_FACTOR, 1e-9)
    holes = np.flatnonzero(steps > limit)
    if not len(holes):
        return x, y
    middles = (x[holes] + x[holes + 1]) / 2
    return np.insert(x, holes + 1, middles), np.insert(y, holes + 1, np.nan)


def usual_step(steps: Floats) -> float:
    """About the median of the steps, from at most a hundred of them."""
    some = steps[:: max(len(steps) // 100, 1)]
    return float(np.partition(some, len(some) // 2)[len(some) // 2])


def min_max(x: Floats, y: Floats, bucket_s: float) -> tuple[Floats, Floats]:
    """Two points a bucket, its smallest and its largest value, so that spikes survive; empty buckets stay gaps."""
    if len(x) == 0:
        return x, y
    numbers = np.floor(x / bucket_s)
    starts = np.flatnonzero(np.concatenate(([True], numbers[1:] != numbers[:-1])))
    lows = np.fmin.reduceat(y, starts)
    highs = np.fmax.reduceat(y, starts)
    ends = np.concatenate((starts[1:], [len(y)])) - 1
    falls = y[starts] > y[ends]
    out_x = np.empty(2 * len(starts))
    out_y = np.empty(2 * len(starts))
    out_x[0::2] = (numbers[starts] + 0.25) * bucket_s
    out_x[1::2] = (numbers[starts] + 0.75) * bucket_s
    out_y[0::2] = np.where(falls, highs, lows)
    out_y[1::2] = np.where(falls, lows, highs)
    return out_x, out_y


def bucket_means(x: Floats, y: Floats, bucket_s: float) -> tuple[Floats, Floats]:
    """The mean of each bucket, at the bucket's start; buckets without a value are left out."""
    known = np.isfinite(y)
    x, y = x[known], y[known]
    if len(x) == 0:
        return x, y
    numbers = np.floor(x / bucket_s)
    starts = np.flatnonzero(np.concatenate(([True], numbers[1:] != numbers[:-1])))
    counts = np.diff(np.concatenate((starts, [len(y)])))
    return numbers[starts] * bucket_s, np.add.reduceat(y, starts) / counts


def value_at(x: Floats, y: Floats, at: float) -> float:
    """The newest sample at or before a moment; NaN before the first one and in gaps."""
    place = int(np.searchsorted(x, at, side="right")) - 1
    if place < 0:
        return float("nan")
    if len(x) > 2:
        usual = float(np.median(np.diff(x[max(0, place - 20) : place + 20])))
        if at - float(x[place]) > max(usual * GAP_FACTOR, 2.0):
            return float("nan")
    return float(y[place])


def round_up_step(seconds: float) -> float:
    """The next round bucket width: 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30 s, then minutes."""
    steps = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
    return next((step for step in steps if step >= seconds), steps[-1])


def finite_runs(y: Floats) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each stretch without a NaN."""
    known = np.concatenate(([False], np.isfinite(y), [False])).astype(np.int8)
    edges = np.flatnonzero(np.diff(known))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
