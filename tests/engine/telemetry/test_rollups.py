"""Rollups: sums over any range, whenever the spans came, and calls counted once."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.telemetry.memory.edges import EdgeJoin, EdgeNames, find_parents, seconds_of
from engine.telemetry.memory.histogram import percentiles_ms
from engine.telemetry.memory.ring import SpanRing
from engine.telemetry.memory.rollups import Rollups, totals
from engine.telemetry.wire.columns import SpanColumns, classify_new, decode_spans
from engine.telemetry.wire.lean_pb2 import Spans
from engine.telemetry.wire.signatures import Signatures

NOW_S = 1_700_000_000
EVENT = st.tuples(st.integers(0, 20), st.integers(0, 3), st.integers(1, 10**7), st.booleans())


def _add(rollups: Rollups, events: list[tuple[int, int, int, bool]]) -> None:
    seconds, keys, durations, errors = zip(*events, strict=True)
    rollups.add(
        np.array(seconds, np.int64) + NOW_S,
        np.array(keys, np.int64),
        np.array(durations, np.uint32),
        np.array(errors, np.bool_),
    )


@given(
    st.lists(st.lists(EVENT, min_size=1, max_size=20), min_size=1, max_size=6),
    st.lists(st.integers(0, 25), max_size=6),
)
def test_that_a_range_sums_all_events_in_it_also_late_ones(
    batches: list[list[tuple[int, int, int, bool]]], closes: list[int]
) -> None:
    rollups = Rollups(NOW_S)
    on_disk = []
    for number, events in enumerate(batches):
        _add(rollups, events)
        if number < len(closes):
            on_disk += rollups.close(NOW_S + closes[number])
    events = [event for batch in batches for event in batch if 5 <= event[0] < 15]
    for rows in (
        list(rollups.rows(NOW_S + 5, NOW_S + 15)),
        [r for r in on_disk if NOW_S + 5 <= r.second < NOW_S + 15]
        + list(rollups.open_rows(NOW_S + 5, NOW_S + 15)),
    ):
        found = totals(rows)
        assert {key: total.requests for key, total in found.items()} == {
            key: sum(e[1] == key for e in events) for key in {e[1] for e in events}
        }
        for key, total in found.items():
            mine = sorted(e[2] for e in events if e[1] == key)
            assert total.errors == sum(e[3] for e in events if e[1] == key)
            assert int(total.counts.sum()) == len(mine)
            (most,) = percentiles_ms(total.counts, [100])
            assert abs(most - mine[-1] / 1000) <= 0.005 * mine[-1] / 1000


def test_that_memory_forgets_after_a_quarter_of_an_hour_and_says_from_when_it_knows() -> None:
    rollups = Rollups(NOW_S)
    _add(rollups, [(0, 1, 10, False)])
    assert len(rollups.close(NOW_S + 10)) == 1
    assert len(list(rollups.rows(NOW_S, NOW_S + 1))) == 1
    rollups.close(NOW_S + 2000)
    assert list(rollups.rows(NOW_S, NOW_S + 1)) == []
    assert rollups.covered_from_s > NOW_S


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 9)), max_size=20), st.integers(0, 20))
def test_that_parents_are_found_as_by_looking_at_each(links: list[tuple[int, int]], known: int) -> None:
    spans = SpanColumns.empty(len(links))
    spans.span[:] = np.arange(1, len(links) + 1)
    spans.trace_low[:] = [trace for trace, _ in links]
    spans.parent[:] = [parent for _, parent in links]
    among = spans.taken(slice(0, known))
    for row, found in enumerate(find_parents(spans, among).tolist()):
        same = (among.span == spans.parent[row]) & (among.trace_low == spans.trace_low[row])
        places = np.flatnonzero(same).tolist() if spans.parent[row] else []
        assert found == (places[0] if places else -1)


def _joined(otlp: Any, batches: list[list[Any]]) -> dict[tuple[str, str], int]:
    ring, signatures, names, rollups = SpanRing(1000), Signatures(), EdgeNames(), Rollups(NOW_S)
    join = EdgeJoin(ring, signatures, names, rollups)
    for number, specs in enumerate(batches):
        payload = otlp.spans(specs)
        columns = decode_spans(Spans.FromString(payload), signatures).columns
        classify_new(payload, signatures)
        ring.append(columns, (NOW_S + number) * 10**9)
        join.advance((NOW_S + number - 1) * 10**9, NOW_S + number)
    for _ in range(2):
        join.advance((NOW_S + 100) * 10**9, NOW_S + 100)
    found = totals(rollups.rows(0, 1 << 40))
    return {names[key]: total.requests for key, total in found.items()}


def test_that_calls_between_services_are_counted_once_though_the_parent_comes_later(otlp: Any) -> None:
    trace = b"t" * 16

    def span(own: bytes, parent: bytes, name: str, kind: int, service: str, **more: Any) -> Any:
        times = {"start_ns": NOW_S * 10**9, "end_ns": NOW_S * 10**9 + 1000}
        return otlp.Span(trace, own * 8, parent * 8, name, kind, service=service, **times, **more)

    query = {"attributes": {"db.system": "postgresql"}}
    batches = [
        [
            span(b"d", b"c", "SELECT", 3, "billing", **query),
            span(b"e", b"c", "SELECT", 3, "billing", **query),
            span(b"c", b"b", "POST /price", 2, "billing"),
        ],
        [span(b"b", b"a", "POST", 3, "gateway"), span(b"a", b"", "POST /charges", 2, "gateway")],
        [],
    ]
    assert _joined(otlp, batches) == {
        ("billing", "postgres"): 2,
        ("gateway", "billing"): 1,
        ("clients", "gateway"): 1,
    }


def test_that_a_span_of_a_clock_that_is_off_counts_now() -> None:
    spans = SpanColumns.empty(3)
    spans.start_ns[:] = [NOW_S * 10**9, (NOW_S + 86_400) * 10**9, 0]
    assert seconds_of(spans, NOW_S + 3).tolist() == [NOW_S, NOW_S + 3, NOW_S + 3]


def test_that_a_look_goes_on_while_another_second_arrives() -> None:
    rollups = Rollups(NOW_S)
    _add(rollups, [(1, 1, 1000, False), (2, 1, 1000, False)])
    rows = rollups.rows(NOW_S, NOW_S + 30)
    first = next(rows)
    _add(rollups, [(9, 7, 1000, False), (1, 3, 1000, False)])
    assert [row.second - NOW_S for row in (first, *rows)] == [1, 2]
