"""Totals since the start: what was closed and what is open, in Prometheus' buckets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.telemetry.doors.totals import BOUNDS_S, Totals
from engine.telemetry.memory.rollups import Rollups

Requests = list[tuple[int, int, int, bool]]


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(1, 20_000_000), st.booleans()),
        max_size=40,
    ),
    st.integers(0, 6),
)
def test_that_every_request_is_counted_once_whether_its_second_is_closed_or_not(
    requests: Requests, closed_before: int
) -> None:
    rollups, totals = Rollups(0), Totals()
    if requests:
        seconds, keys, durations, errors = (np.array(column) for column in zip(*requests, strict=True))
        rollups.add(seconds, keys, durations.astype(np.uint32), errors)
    totals.add(rollups.close(closed_before))
    found = totals.with_open(rollups.open_rows(0, 1 << 40))
    for key in {key for _, key, _, _ in requests}:
        own = [(us, error) for _, one, us, error in requests if one == key]
        assert int(found[key].counts.sum()) == len(own)
        assert found[key].errors == sum(error for _, error in own)
        assert abs(found[key].seconds - sum(us for us, _ in own) / 1e6) <= found[key].seconds * 0.01
        for place, bound in enumerate(BOUNDS_S):
            # A latency bucket is one per cent wide: what lies that close to a bound may count on either side.
            surely = sum(us / 1e6 < bound * 0.99 for us, _ in own)
            maybe = sum(us / 1e6 < bound * 1.01 for us, _ in own)
            assert surely <= int(found[key].counts[: place + 1].sum()) <= maybe
    assert totals.with_open(()).keys() <= found.keys()
