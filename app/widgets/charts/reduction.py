"""Fewer points for the same picture: slices, gaps, and the smallest and largest value of each bucket.

Buckets are aligned to absolute time, so that a chart that follows the present does not shimmer. Arrays are float64;
NaN is a gap.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
GAP_FACTOR = 3.5
BUCKET_STEP_S = 0.25


def visible_slice(x: Floats, start: float, end: float) -> slice:
    """The points from `start` to `end`, and one more on each side so that lines reach the edges."""
    first = int(np.searchsorted(x, start, side="left"))
    last = int(np.searchsorted(x, end, side="right"))
    return slice(max(first - 1, 0), min(last + 1, len(x)))


def with_gaps(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Put a NaN where samples are missing: steps longer than 3.5 times the usual one."""
    if len(x) < 3:
        return x, y
    holes = np.flatnonzero(np.diff(x) > longest_step(x))
    if not len(holes):
        return x, y
    middles = (x[holes] + x[holes + 1]) / 2
    return np.insert(x, holes + 1, middles), np.insert(y, holes + 1, np.nan)


def longest_step(x: Floats) -> float:
    """Beyond it samples are missing: 3.5 times the median of about a hundred of the steps."""
    stride = max(len(x) // 100, 1)
    steps = x[1::stride] - x[:-1:stride]
    return max(float(np.partition(steps, len(steps) // 2)[len(steps) // 2]) * GAP_FACTOR, 1e-9)


def min_max(x: Floats, y: Floats, bucket_s: float) -> tuple[Floats, Floats]:
    """Two points a bucket, its smallest and its largest value, so that spikes survive.

    A bucket without a value is a gap, and so are empty ones where samples are missing.
    """
    return Reduction().of(x, y, bucket_s)


class Reduction:
    """The `min_max` of one curve, kept: where the curve only grew and moved on, only its new end is reduced."""

    def __init__(self) -> None:
        self._x = self._y = self._points_x = self._points_y = np.empty(0)
        self._bucket_s = self._longest_s = 0.0
        self._last = 0
        """where the samples of the last bucket begin, which may get more of them"""

    def of(self, x: Floats, y: Floats, bucket_s: float) -> tuple[Floats, Floats]:
        """What `min_max` gives for these samples; the first bucket may know more of what lies before them."""
        if len(x) == 0:
            return x, y
        longest_s = longest_step(x) if len(x) > 2 else np.inf
        gone = int(np.searchsorted(self._x, x[0]))
        begin = self._last - gone
        same = (bucket_s, longest_s) == (self._bucket_s, self._longest_s)
        if not same or begin < 1 or not self._grew_to(x, y, gone):
            begin, kept = 0, slice(0, 0)
        else:
            first = int(np.searchsorted(self._points_x, np.floor(x[0] / bucket_s) * bucket_s))
            kept = slice(first, len(self._points_x) - 2)
        fresh_x, fresh_y, last = _reduced(x[begin:], y[begin:], bucket_s, longest_s)
        self._x, self._y, self._last = x, y, begin + last
        self._bucket_s, self._longest_s = bucket_s, longest_s
        self._points_x = np.concatenate((self._points_x[kept], fresh_x))
        self._points_y = np.concatenate((self._points_y[kept], fresh_y))
        return self._points_x, self._points_y

    def _grew_to(self, x: Floats, y: Floats, gone: int) -> bool:
        """As many samples between the same two moments, with the same values, are the same samples."""
        shared = len(self._x) - gone
        return (
            0 < shared <= len(x)
            and x[0] == self._x[gone]
            and x[shared - 1] == self._x[-1]
            and np.array_equal(y[:shared].view(np.int64), self._y[gone:].view(np.int64))  # NaN is like NaN
        )


def _reduced(x: Floats, y: Floats, bucket_s: float, longest_s: float) -> tuple[Floats, Floats, int]:
    """The points, and where the last bucket begins among the samples."""
    numbers = np.floor(x / bucket_s)
    starts = np.flatnonzero(np.concatenate(([True], numbers[1:] != numbers[:-1])))
    numbers = numbers[starts]
    lows = np.fmin.reduceat(y, starts)
    highs = np.fmax.reduceat(y, starts)
    ends = np.concatenate((starts[1:], [len(y)])) - 1
    falls = y[starts] > y[ends]
    points_x = np.empty(2 * len(starts))
    points_y = np.empty(2 * len(starts))
    points_x[0::2] = (numbers + 0.25) * bucket_s
    points_x[1::2] = (numbers + 0.75) * bucket_s
    points_y[0::2] = np.where(falls, highs, lows)
    points_y[1::2] = np.where(falls, lows, highs)
    missing = (numbers[1:] - numbers[:-1] > 1) & (x[starts[1:]] - x[ends[:-1]] > longest_s)
    if missing.any():
        after = np.flatnonzero(missing) + 1
        points_x = np.insert(points_x, 2 * after, (numbers[after - 1] + 1.5) * bucket_s)
        points_y = np.insert(points_y, 2 * after, np.nan)
    return points_x, points_y, int(starts[-1])


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


def steady_bucket(seconds: float) -> float:
    """Up to the next quarter of a second: a window that grows with the run keeps its buckets for a while."""
    return math.ceil(seconds / BUCKET_STEP_S - 1e-6) * BUCKET_STEP_S


def round_up_step(seconds: float) -> float:
    """The next round bucket width: 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30 s, then minutes."""
    steps = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
    return next((step for step in steps if step >= seconds), steps[-1])


def finite_runs(y: Floats) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each stretch without a NaN."""
    known = np.isfinite(y)
    if len(y) and known.all():
        return [(0, len(y))]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
