"""The samples that were received, a series each: sorted seconds and values, later answers replacing earlier ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from app.widgets.charts.reduction import Floats
from protos.drill.v1.records import Series

Samples = tuple[Floats, Floats]
_NOTHING: Samples = (np.empty(0), np.empty(0))


class History:
    """What is known of each series. Seconds without a value (NaN) are left out: the chart draws long ones as gaps."""

    def __init__(self) -> None:
        self._samples: dict[str, Samples] = {}
        self._changed: set[str] = set()
        self.newest_s = 0.0

    def clear(self) -> None:
        """Forget everything."""
        self._samples.clear()
        self._changed.clear()
        self.newest_s = 0.0

    def take(self, answer: Iterable[Series]) -> None:
        """Merge samples: the newest answer for a second is the true one."""
        for series in answer:
            known = np.isfinite(series.values)
            x, y = series.at_s[known], series.values[known]
            if len(x):
                self._samples[series.name] = merged(self._samples.get(series.name, _NOTHING), (x, y))
                self._changed.add(series.name)
                self.newest_s = max(self.newest_s, float(x[-1]))

    @property
    def samples(self) -> Mapping[str, Samples]:
        """What is known of each series."""
        return self._samples

    def changes(self) -> Mapping[str, Samples]:
        """The series that changed since the last call, whole."""
        changed = {name: self._samples[name] for name in self._changed}
        self._changed.clear()
        return changed

    def __len__(self) -> int:
        """How many series have samples."""
        return len(self._samples)


def merged(old: Samples, new: Samples) -> Samples:
    """Both, sorted; where both have a second, the new value."""
    old_x, old_y = old
    new_x, new_y = new
    if not len(old_x) or (len(new_x) and new_x[0] > old_x[-1]):
        return np.concatenate((old_x, new_x)), np.concatenate((old_y, new_y))
    x = np.concatenate((new_x, old_x))
    y = np.concatenate((new_y, old_y))
    seconds, first = np.unique(x, return_index=True)
    return seconds, y[first]
