"""What changed, at most ten times a second: for screens that follow a live drill."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

import numpy as np

from engine.telemetry.metrics.series import SeriesStore
from engine.telemetry.records import Series, TelemetryCounters, Update


class Feed:
    """Any number of followers, each at its own pace: who is slow gets fewer, larger updates."""

    def __init__(self, series: SeriesStore, counters: Callable[[], TelemetryCounters]) -> None:
        self._series = series
        self._counters = counters

    async def follow(
        self, names: Sequence[str] | None = None, from_change: int | None = None, every_s: float = 0.1
    ) -> AsyncIterator[Update]:
        """Changed points of `names` (None: of all series), until the caller stops asking.

        Begins after `from_change` (a `SeriesStore.changes` taken with the snapshot; None: now). When the follower
        fell behind too far, an update has its series whole.
        """
        change = self._series.changes if from_change is None else from_change
        wanted = None if names is None else frozenset(names)
        seen = self._counters()
        while True:
            change, series = self._changed(change, wanted)
            counters = self._counters()
            spans, lines = counters.spans - seen.spans, counters.log_lines - seen.log_lines
            if series or spans or lines:
                seen = counters
                yield Update(series, spans, lines)
            await asyncio.sleep(every_s)

    def _changed(self, change: int, wanted: frozenset[str] | None) -> tuple[int, tuple[Series, ...]]:
        if change == self._series.changes:
            return change, ()
        newest, changed, complete = self._series.changed_since(change)
        if complete:
            found = [_points(name, points) for name, points in changed.items()]
        else:
            found = list(self._series.read(self._series.names(), 0, 1 << 40).values())
        return newest, tuple(s for s in found if wanted is None or s.name in wanted)


def _points(name: str, points: Mapping[int, float]) -> Series:
    seconds = sorted(points)
    return Series(name, np.array(seconds, np.int64), np.array([points[s] for s in seconds], np.float64))
