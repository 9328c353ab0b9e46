"""Log-scaled latency buckets: fixed for all, so that histograms merge by adding, with at most 0.5 % error.

Bucket b holds durations in (g^(b-1), g^b] microseconds with g = 1.01 and is read as 2 g^b / (1 + g), which is off by
at most (g - 1) / (g + 1) = 0.4975 % (Masson, Rim, Lee: DDSketch, 2019). Bucket 0 holds all up to a microsecond.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from engine.telemetry.records import Float64, Int64

_GROWTH = 1.01
BUCKETS = 2_304
"""Enough for 2.5 hours; longer ones count as that."""

_LOG_GROWTH = math.log(_GROWTH)
VALUES_MS: Float64 = (2.0 * _GROWTH ** np.arange(BUCKETS) / (1.0 + _GROWTH) / 1000.0).astype(np.float64)

SPARSE = np.dtype([("bucket", "<u2"), ("count", "<u4")])
"""A histogram at rest: its buckets that hold something."""
Sparse = NDArray[np.void]


def buckets_of(durations_us: NDArray[np.unsignedinteger] | Float64) -> NDArray[np.int64]:
    """The bucket of each duration."""
    logs = np.log(np.maximum(durations_us, 1.0)) / _LOG_GROWTH
    return np.minimum(np.ceil(logs - 1e-9), BUCKETS - 1).astype(np.int64)


def merged(histograms: Sequence[Sparse]) -> Int64:
    """The sum of sparse histograms as one dense one."""
    if not histograms:
        return np.zeros(BUCKETS, np.int64)
    # As plain bytes: to join arrays with named fields numpy asks Python about each of them.
    rows = np.frombuffer(b"".join(cast(Any, histograms)), SPARSE)
    return np.bincount(rows["bucket"], weights=rows["count"], minlength=BUCKETS).astype(np.int64)


def percentiles_ms(counts: Int64, wanted: Sequence[float]) -> tuple[float, ...]:
    """The percentiles `wanted` (0 to 100) of a dense histogram; NaN of an empty one.

    The p-th percentile is the value of rank ceil(p/100 * n), the nearest-rank definition.
    """
    totals = np.cumsum(counts)
    count = int(totals[-1])
    if count == 0:
        return tuple(math.nan for _ in wanted)
    ranks = [max(1, math.ceil(p / 100.0 * count - 1e-9)) for p in wanted]
    return tuple(float(VALUES_MS[i]) for i in np.searchsorted(totals, ranks))
