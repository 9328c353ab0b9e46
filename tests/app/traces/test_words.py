"""Names of spans, what the details say, the scatter's scale, and the list's choice of traces."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.time_axis import Span as TimeSpan
from app.traces.call_bars import binned
from app.traces.history import Band, TraceHistory, chosen_traces
from app.traces.log_scale import duration_ticks, scale_for
from app.traces.opened import OpenedTrace, fold_figures, open_trace
from app.traces.span_facts import asked_spans, attributes_text, facts_of, failure_of
from app.traces.words import whole_query
from protos.drill.v1 import telemetry_pb2 as pb
from protos.drill.v1.decoding import decode
from protos.drill.v1.records import Span, SpanColumns, Trace, TraceSummary
from tests.app.telemetry_stub import columns_of, span_id

MS, NS = 1_000_000, 1_000_000_000


def span(span_id: str, parent_id: str = "", **more: object) -> Span:
    fields = {
        "service": "billing",
        "name": "work",
        "kind": "internal",
        "start_ns": 0,
        "duration_ns": 10 * MS,
        "error": False,
        "status": "",
        "attributes": {},
        "events": (),
    } | more
    return Span(span_id, parent_id, **fields)  # type: ignore[arg-type]


def summary(number: int, duration_ms: int = 10, errors: int = 0) -> TraceSummary:
    return TraceSummary(f"{number:032x}", number * NS, duration_ms * MS, "POST /x", "gateway", 3, errors)


def test_that_an_exception_is_told_with_its_traceback() -> None:
    event = {
        "name": "exception",
        "attributes": {"exception.type": "E", "exception.stacktrace": "Trace\n  E: no"},
    }
    failed = span("a", error=True, status="no connection", events=(event,))
    assert failure_of([failed]) == "no connection\nTrace\n  E: no"


def opened_of(*spans: pb.Span) -> OpenedTrace:
    return open_trace(Trace("t", decode(SpanColumns, columns_of(spans)), (), True))


def sent(
    name: str, parent: str = "", start: int = 0, ms: int = 10, does: str = "work", error: bool = False
) -> pb.Span:
    return pb.Span(
        span_id=span_id(name),
        parent_id=span_id(parent) if parent else "",
        service="billing",
        name=does,
        start_ns=start * MS,
        duration_ns=ms * MS,
        error=error,
    )


def test_that_folded_calls_have_their_figures_and_ask_for_those_that_failed() -> None:
    calls = [sent(f"s{n}", "root", n, n + 1, error=n == 4) for n in range(6)]
    opened = opened_of(sent("root", ms=100, does="POST /x"), *calls)
    row = opened.first_rows[1]
    figures = fold_figures(opened, row)
    assert (figures.count, figures.total_ns, figures.longest_ns) == (6, 21 * MS, 6 * MS)
    facts = facts_of(opened, row, ())
    assert [fact.label for fact in facts] == ["Calls", "Total", "Each", "Parent", "Errors"]
    assert asked_spans(opened, row) == (span_id("s0"), span_id("s4"))


def test_that_a_span_tells_its_figures_before_its_attributes_come() -> None:
    opened = opened_of(sent("root", ms=100), sent("gone", "nowhere", 2, 3))
    assert "HTTP status" not in [fact.label for fact in facts_of(opened, opened.first_rows[0], ())]
    details = span("a", attributes={"http.response.status_code": 503})
    assert "503" in [fact.value for fact in facts_of(opened, opened.first_rows[0], [details])]
    assert facts_of(opened, opened.first_rows[1], ())[-1].value == "not received"


def test_that_the_statement_is_not_repeated_among_the_attributes() -> None:
    text = attributes_text(span("a", attributes={"db.query.text": "SELECT 1", "db.namespace": "billing"}))
    assert json.loads(text) == {"db.namespace": "billing"}


@given(st.lists(st.integers(0, 10**9)))
def test_that_bins_count_every_call(durations: list[int]) -> None:
    assert sum(binned(np.array(durations, np.int64))) == len(durations)


@given(st.floats(0.001, 1e6), st.floats(0.001, 1e6))
def test_that_every_duration_lies_on_its_scale_and_comes_back_from_its_pixel(
    one: float, other: float
) -> None:
    low, high = sorted((one, other))
    scale = scale_for(low, high, 10.0, 200.0)
    assert 10.0 <= scale.y_of(high) <= scale.y_of(low) <= 200.0
    if high > 0.02:
        assert abs(scale.duration_of(scale.y_of(high)) - high) < high * 1e-6
    assert len(duration_ticks(scale)) <= 4


def test_that_a_summary_that_comes_again_replaces_the_one_before() -> None:
    history = TraceHistory()
    assert history.take([summary(1), summary(2)])
    assert not history.take([summary(1)])
    assert history.take([summary(1, duration_ms=500)])
    assert [trace.duration_ns // MS for trace in history.traces] == [10, 500]


@given(st.lists(st.integers(0, 300), max_size=200))
def test_that_only_the_newest_traces_are_held(numbers: list[int]) -> None:
    history = TraceHistory(most=20)
    for number in numbers:
        history.take([summary(number)])
    newest = sorted(set(numbers), reverse=True)[:20]
    assert [trace.start_ns // NS for trace in history.traces] == newest or len(set(numbers)) > 20
    assert len(history.traces) <= 20


def test_that_a_brush_chooses_by_time_and_duration() -> None:
    traces = (summary(5, 100), summary(4, 10), summary(1, 100))
    chosen = chosen_traces(traces, TimeSpan(3, 6), Band(50, 200))
    assert chosen == (traces[0],)
    assert chosen_traces(traces, None, None, slowest_first=True)[-1] is traces[1]


def test_that_errors_only_keeps_what_was_typed_together() -> None:
    assert whole_query("a OR b", True) == ("(a OR b) status:error", 1)
    assert whole_query(" ", True) == ("status:error", 0)
    assert whole_query("a ", False) == ("a", 0)
