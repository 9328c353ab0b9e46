"""Trace summaries: the same whatever order the spans arrive in, and bounded."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.telemetry.memory.traces import TraceTable, summarize
from engine.telemetry.wire.columns import SpanColumns, decode_spans
from engine.telemetry.wire.lean_pb2 import Spans
from engine.telemetry.wire.signatures import Signatures


@st.composite
def columns_in_parts(draw: Any) -> tuple[SpanColumns, list[int]]:
    """Spans of few traces, and how to split them into batches."""
    count = draw(st.integers(1, 40))
    spans = SpanColumns.empty(count)
    spans.trace_low[:] = draw(st.lists(st.integers(1, 6), min_size=count, max_size=count))
    spans.span[:] = np.arange(1, count + 1)
    spans.parent[:] = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    # Starts differ, so that which span is the entry is not a matter of taste.
    spans.start_ns[:] = np.array(draw(st.permutations(range(count)))) * 1000
    spans.duration_us[:] = draw(st.lists(st.integers(0, 50), min_size=count, max_size=count))
    spans.signature[:] = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    spans.status[:] = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    return spans, draw(st.lists(st.integers(1, 9), min_size=1, max_size=40))


def _signatures() -> Signatures:
    signatures = Signatures()
    for service, kind in (("gateway", 2), ("gateway", 3), ("billing", 2)):
        signatures.intern(service, "POST", kind)
    return signatures


@given(columns_in_parts())
def test_that_summaries_do_not_depend_on_how_spans_were_batched(case: tuple[SpanColumns, list[int]]) -> None:
    spans, sizes = case
    signatures = _signatures()
    whole, pieces = TraceTable(100, signatures), TraceTable(100, signatures)
    whole.merge(summarize(spans, signatures))
    at = 0
    while at < len(spans):
        size = sizes[at % len(sizes)]
        pieces.merge(summarize(spans.taken(slice(at, at + size)), signatures))
        at += size
    found = [table.summaries(table.rows(-1, 1 << 62)) for table in (whole, pieces)]
    assert sorted(found[0], key=repr) == sorted(found[1], key=repr)
    assert sum(summary.spans for summary in found[0]) == len(spans)


@given(
    st.integers(1, 8),
    st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=6, unique=True), max_size=12),
)
def test_that_a_full_table_keeps_no_more_than_it_holds(capacity: int, batches: list[list[int]]) -> None:
    signatures = _signatures()
    table = TraceTable(capacity, signatures)
    for traces in batches:
        spans = SpanColumns.empty(len(traces))
        spans.trace_low[:] = traces
        spans.span[:] = 1
        table.merge(summarize(spans, signatures))
        rows = table.rows(-1, 1 << 62)
        assert len(rows) == len(table) <= capacity
        assert len(set(rows.ids())) == len(rows)


def test_that_the_root_names_the_trace_though_another_clock_is_off(otlp: Any) -> None:
    signatures, trace = Signatures(), b"t" * 16
    second = 10**9
    specs = [
        otlp.Span(trace, b"b" * 8, b"a" * 8, "POST /price", 2, 5 * second, 6 * second, service="billing"),
        otlp.Span(trace, b"a" * 8, b"", "POST /charges", 2, 100 * second, 102 * second, True),
    ]
    table = TraceTable(10, signatures)
    table.merge(summarize(decode_spans(Spans.FromString(otlp.spans(specs)), signatures).columns, signatures))
    summary = table.summary(trace)
    assert summary is not None
    assert (summary.entry, summary.entry_service, summary.start_ns) == (
        "POST /charges",
        "gateway",
        100 * second,
    )
    assert (summary.duration_ms, summary.errors, summary.services) == (2000.0, 1, ("billing", "gateway"))


def test_that_a_forgotten_trace_is_gone_and_may_come_again() -> None:
    signatures = _signatures()
    table, spans = TraceTable(4, signatures), SpanColumns.empty(1)
    spans.trace_low[:] = spans.span[:] = 1
    parts = summarize(spans, signatures)
    trace = parts["trace"][0].tobytes()
    table.merge(parts)
    table.forget([trace, b"unknown" * 2])
    assert len(table) == 0
    assert len(table.rows(-1, 1 << 62)) == 0
    table.merge(parts)
    assert len(table.rows(-1, 1 << 62)) == 1
