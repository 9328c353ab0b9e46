"""Exemplars: single measurements that a metric's point names together with their traces."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

KEPT_S = 600
"""seconds of a series; the largest of each second is kept"""
MOST_SERIES = 500


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One measurement, in the unit of its series' charts."""

    at_ns: int
    value: float
    trace_id: str


class Exemplars:
    """The newest of each series, in memory alone: the traces themselves are what is kept for good."""

    def __init__(self) -> None:
        self._by_series: OrderedDict[str, dict[int, Exemplar]] = OrderedDict()

    def add(self, series: str, exemplars: Iterable[Exemplar]) -> None:
        """Take some of one series in; of too many series the one that was longest without any is forgotten."""
        for one in exemplars:
            seconds = self._by_series.setdefault(series, {})
            self._by_series.move_to_end(series)
            second = one.at_ns // 1_000_000_000
            known = seconds.get(second)
            if known is None or one.value > known.value:
                seconds[second] = one
            if len(seconds) > KEPT_S:
                del seconds[min(seconds)]
            if len(self._by_series) > MOST_SERIES:
                self._by_series.popitem(last=False)

    def read(self, series: Sequence[str], from_ns: int, to_ns: int) -> dict[str, tuple[Exemplar, ...]]:
        """Those of some series in a stretch of time, oldest first."""
        return {
            name: tuple(
                one for _, one in sorted(self._by_series[name].items()) if from_ns <= one.at_ns < to_ns
            )
            for name in series
            if name in self._by_series
        }
