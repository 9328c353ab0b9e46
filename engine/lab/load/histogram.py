"""A histogram whose buckets grow by one percent: percentiles within 0.5 %, exactly mergeable."""

from __future__ import annotations

import math
from collections import Counter

ERROR = 0.005
"""the largest relative error of a percentile"""
_GROWTH = (1 + ERROR) / (1 - ERROR)
_LOG_GROWTH = math.log(_GROWTH)


class LogHistogram:
    """Counts of positive values; bucket i holds growth^(i-1) < value <= growth^i and answers with the value that is
    equally far, in proportion, from both ends (Masson, Rim, Lee: DDSketch, 2019)."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._total = 0

    def __len__(self) -> int:
        return self._total

    def add(self, value: float, times: int = 1) -> None:
        """Count a value that came `times`; one that is not positive counts as a millionth."""
        self._counts[math.ceil(math.log(max(value, 1e-6)) / _LOG_GROWTH)] += times
        self._total += times

    def merge(self, other: LogHistogram) -> None:
        """Count everything that `other` has counted."""
        self._counts.update(other._counts)
        self._total += other._total

    def percentile(self, share: float) -> float:
        """The smallest value that at least `share` (0 to 1) of all do not exceed; NaN if there is none."""
        rank = max(1, math.ceil(share * self._total))
        for bucket in sorted(self._counts):
            rank -= self._counts[bucket]
            if rank <= 0:
                return 2 * _GROWTH**bucket / (_GROWTH + 1)
        return math.nan
